package dev.graticule.exec.aggregate;

import dev.graticule.aggregate.KeyTable;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.Layout;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.Values;
import dev.graticule.exec.Operator;
import dev.graticule.exec.Stage;
import dev.graticule.exec.Worker;
import dev.graticule.exec.scan.GridScanSource;
import dev.graticule.expression.Expression;
import dev.graticule.plan.LogicalPlan.SortKey;
import dev.graticule.type.SqlType;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Says where groups that came from a hash table stand in the order of the axes: for each axis with keys one more column, how many
 * different keys come before the group's first one along it. So coordinates that are repeated, NaN or in no order of values keep the
 * order that they have on the axis.
 *
 * <p>The batches' first columns are the keys.
 */
public final class AxisOrder implements Operator {
    private final GridKeys keys;

    private AxisOrder(GridKeys keys) {
        this.keys = keys;
    }

    /**
     * The order of groups by keys that vary along one axis each; nothing where there is no such key, no row, or another key.
     *
     * @param keys over the scan's columns
     */
    public static Optional<AxisOrder> of(GridScanSource scan, List<Expression> keys, Worker worker) {
        return scan.rows() == 0 ? Optional.empty()
                : GridKeys.prepare(scan, keys, worker)
                        .filter(prepared -> prepared.dataKeys().isEmpty() && !prepared.components().isEmpty())
                        .map(AxisOrder::new);
    }

    /** The types of the columns that are appended. */
    public List<SqlType> types() {
        return keys.components().stream().<SqlType>map(component -> SqlType.INTEGER).toList();
    }

    /** What to sort by, where the batches have so many columns before the appended ones. */
    public List<SortKey> sortKeys(int columns) {
        List<SortKey> sortKeys = new ArrayList<>();
        for (int c = 0; c < keys.components().size(); c++) {
            sortKeys.add(new SortKey(new Expression.ColumnReference(columns + c, "axis order", SqlType.INTEGER), false,
                    false));
        }
        return sortKeys;
    }

    @Override
    public Stage open(Worker worker, Stage downstream) {
        List<KeyTable> tables = new ArrayList<>();
        for (GridKeys.Component component : keys.components()) {
            tables.add(worker.own(keys.openTable(component, worker)));
        }
        return new Stage() {
            private int[] codes;

            @Override
            public boolean push(Batch batch) {
                worker.scratch().mark();
                try {
                    List<Column> columns = new ArrayList<>(batch.columns());
                    for (int c = 0; c < tables.size(); c++) {
                        List<Column> own = keys.components().get(c).keyNumbers().stream().map(batch.columns()::get)
                                .toList();
                        codes = tables.get(c).codes(own, batch.shape(), batch.rows(), batch.selection(), codes);
                        Values values = worker.scratch().values(SqlType.INTEGER, batch.rows(), false);
                        for (int row = 0; row < batch.rows(); row++) {
                            values.data().setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, row, codes[row]);
                        }
                        columns.add(
                                new Column.Strided(values, Layout.dense(batch.shape(), 0), NullForm.NONE));
                    }
                    return downstream.push(batch.withColumns(columns));
                } finally {
                    worker.scratch().release();
                }
            }

            @Override
            public void finish() {
                downstream.finish();
            }
        };
    }

    @Override
    public String describe() {
        return "place on the axes";
    }
}
