package dev.graticule.exec.sort;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.Layout;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.Scratch;
import dev.graticule.batch.Values;
import dev.graticule.exec.Worker;
import dev.graticule.exec.rows.RowStore;
import dev.graticule.expression.Expression;
import dev.graticule.plan.LogicalPlan.SortKey;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * How rows that are to be sorted are kept: the input's columns, then those sort keys that are not columns of the input, then the row's
 * number by (ordinal, row).
 */
final class KeptRows {
    private final List<SqlType> types;
    private final int width;
    private final List<Expression> computed = new ArrayList<>();
    private final List<RowSorter.Key> keys = new ArrayList<>();

    /** Rows with columns of these types, sorted by these keys. */
    KeptRows(List<SortKey> sortKeys, List<SqlType> inputTypes) {
        this.width = inputTypes.size();
        List<SqlType> all = new ArrayList<>(inputTypes);
        for (SortKey key : sortKeys) {
            int column;
            if (key.expression() instanceof Expression.ColumnReference reference) {
                column = reference.index();
            } else {
                column = all.size();
                all.add(key.expression().type());
                computed.add(key.expression());
            }
            keys.add(new RowSorter.Key(column, key.descending(), key.nullsFirst()));
        }
        all.add(SqlType.BIGINT);
        this.types = List.copyOf(all);
    }

    List<SqlType> types() {
        return types;
    }

    List<RowSorter.Key> keys() {
        return keys;
    }

    /** How many columns the input has. */
    int width() {
        return width;
    }

    /** The column of the row's number. */
    int position() {
        return types.size() - 1;
    }

    /** Keeps the selected rows of a batch, whose first row has number {@code first}. */
    void append(RowStore store, Worker worker, Batch batch, long first) {
        List<Column> columns = new ArrayList<>(batch.columns());
        for (Expression expression : computed) {
            columns.add(worker.evaluator().evaluate(expression, batch));
        }
        columns.add(positions(worker.scratch(), batch, first));
        store.append(columns, batch.shape(), batch.rows(), batch.selection());
    }

    private static Column positions(Scratch scratch, Batch batch, long first) {
        Values values = scratch.values(SqlType.BIGINT, batch.rows(), false);
        MemorySegment data = values.data();
        for (int row = 0; row < batch.rows(); row++) {
            data.set(ValueLayout.JAVA_LONG_UNALIGNED, row * 8L, first + row);
        }
        return new Column.Strided(values, Layout.dense(batch.shape(), 0), NullForm.NONE);
    }
}
