package dev.graticule.exec;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.expression.Expression;
import dev.graticule.expression.ExpressionText;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The SELECT list: replaces the columns of each batch by expressions over them, each evaluated on its footprint. */
public record ProjectOperator(List<Expression> expressions) implements Operator {
    @Override
    public Stage open(Worker worker, Stage downstream) {
        return new Stage() {
            @Override
            public boolean push(Batch batch) {
                Column[] columns = new Column[expressions.size()];
                for (int i = 0; i < columns.length; i++) {
                    columns[i] = worker.evaluator().evaluate(expressions.get(i), batch);
                }
                return downstream.push(batch.withColumns(Arrays.asList(columns)));
            }

            @Override
            public void finish() {
                downstream.finish();
            }
        };
    }

    @Override
    public String describe() {
        return "project " + expressions.stream().map(ExpressionText::of).collect(Collectors.joining(", "));
    }
}
