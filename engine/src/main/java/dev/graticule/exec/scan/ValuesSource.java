package dev.graticule.exec.scan;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.Selection;
import dev.graticule.batch.ToArrow;
import dev.graticule.batch.Values;
import dev.graticule.exec.Morsel;
import dev.graticule.exec.Source;
import dev.graticule.exec.Stage;
import dev.graticule.exec.Worker;
import dev.graticule.expression.Expression;
import dev.graticule.kernel.CompareLoop;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.plan.LogicalPlan.OutputColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.vector.FieldVector;

/** VALUES: constant rows as one morsel. */
public final class ValuesSource implements Source {
    private final LogicalPlan.Values plan;
    private final AtomicBoolean taken = new AtomicBoolean();

    public ValuesSource(LogicalPlan.Values plan) {
        this.plan = plan;
    }

    @Override
    public Morsel next() {
        return plan.rows().isEmpty() || taken.getAndSet(true) ? null : new Rows();
    }

    private final class Rows implements Morsel {
        @Override
        public long ordinal() {
            return 0;
        }

        @Override
        public void run(Worker worker, Stage stage) {
            int most = worker.query().options().batchRows();
            for (int from = 0; from < plan.rows().size(); from += most) {
                if (!push(from, Integer.min(most, plan.rows().size() - from), worker, stage)) {
                    return;
                }
            }
        }

        private boolean push(int from, int count, Worker worker, Stage stage) {
            Batch one = Batch.of(Box.rows(0, 1), 0, List.of());
            ToArrow toArrow = new ToArrow(CompareLoop::numbers);
            List<FieldVector> vectors = new ArrayList<>();
            worker.query().checkRunning();
            worker.scratch().mark();
            try {
                for (OutputColumn column : plan.output()) {
                    vectors.add(column.type().field(column.name(), Map.of()).createVector(worker.allocator()));
                }
                for (int row = 0; row < count; row++) {
                    List<Expression> expressions = plan.rows().get(from + row);
                    for (int c = 0; c < expressions.size(); c++) {
                        Column value = worker.evaluator().evaluate(expressions.get(c), one);
                        toArrow.append(value, one.shape(), Selection.ALL, 0, 1, vectors.get(c), row);
                    }
                }
                List<Column> columns = new ArrayList<>();
                for (FieldVector vector : vectors) {
                    columns.add(Column.dense(Values.of(vector), new int[]{count}, 0));
                }
                return stage.push(Batch.of(Box.rows(from, count), 0, columns));
            } finally {
                vectors.forEach(FieldVector::close);
                worker.scratch().release();
            }
        }
    }

    @Override
    public String describe() {
        return "values, " + plan.rows().size() + " rows";
    }
}
