package dev.graticule.exec;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Selection;
import dev.graticule.expression.Expression;
import dev.graticule.expression.ExpressionText;

/** WHERE: narrows the selection of each batch to the rows where the predicate is true. */
public record FilterOperator(Expression predicate) implements Operator {
    @Override
    public Stage open(Worker worker, Stage downstream) {
        return new Stage() {
            @Override
            public boolean push(Batch batch) {
                Selection left = worker.evaluator().filter(predicate, batch);
                return left.count(batch.rows()) == 0 || downstream.push(batch.withSelection(left));
            }

            @Override
            public void finish() {
                downstream.finish();
            }
        };
    }

    @Override
    public String describe() {
        return "filter " + ExpressionText.of(predicate);
    }
}
