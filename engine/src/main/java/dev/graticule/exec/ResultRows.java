package dev.graticule.exec;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.Scratch;
import dev.graticule.batch.Selection;
import dev.graticule.batch.ToArrow;
import dev.graticule.batch.Values;
import dev.graticule.plan.LogicalPlan.OutputColumn;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** Rows of a result on their way to the consumer: one dense Arrow vector a column, accounted for by the results' allocator. */
final class ResultRows implements AutoCloseable {
    /** Batches of fewer rows are copied behind each other. */
    static final int LEAST_ROWS = 1 << 14;

    private final List<FieldVector> vectors = new ArrayList<>();
    private int rows;

    private ResultRows() {
        // Empty, for of().
    }

    ResultRows(List<OutputColumn> columns, BufferAllocator results) {
        for (OutputColumn column : columns) {
            vectors.add(column.field().createVector(results));
        }
    }

    /** Whether {@link #of} hands over buffers of a batch: it is large and whole, and one of its columns can be kept as it is. */
    static boolean canHandOver(Batch batch, Scratch pool) {
        if (batch.rows() < LEAST_ROWS || batch.columns().stream().noneMatch(column -> lasts(column, batch.shape())
                || ToArrow.canHandOver(column, batch.shape(), batch.rows(), pool))) {
            return false;
        }
        return batch.selectedRows() == batch.rows();
    }

    private static boolean lasts(Column column, int[] shape) {
        return column instanceof Column.Strided strided && strided.values().isLasting()
                && strided.layout().isDense(shape) && strided.nulls() != NullForm.NAN;
    }

    /**
     * The rows of a batch that {@link #canHandOver}: columns that last and those that fill a buffer of the worker's pool are handed
     * over, the others copied. Nothing may be appended.
     */
    static ResultRows of(List<OutputColumn> columns, Batch batch, BufferAllocator results, Scratch pool,
            ToArrow toArrow) {
        ResultRows rows = new ResultRows();
        try {
            for (int i = 0; i < columns.size(); i++) {
                rows.vectors.add(openVector(columns.get(i), batch.columns().get(i), batch, results, pool, toArrow));
            }
        } catch (RuntimeException | Error failure) {
            rows.close();
            throw failure;
        }
        rows.rows = batch.rows();
        return rows;
    }

    private static FieldVector openVector(OutputColumn output, Column column, Batch batch, BufferAllocator results,
            Scratch pool, ToArrow toArrow) {
        if (lasts(column, batch.shape())) {
            FieldVector part = ((Column.Strided) column).values().openPart(column.layout().offset(), batch.rows(),
                    output.field(), results);
            if (part != null) {
                return part;
            }
        }
        if (ToArrow.canHandOver(column, batch.shape(), batch.rows(), pool)) {
            return toArrow.openHandedOver((Column.Strided) column, batch.rows(), pool, output.name(),
                    output.metadata(), results);
        }
        return toArrow.openVector(column, batch.shape(), batch.rows(), Selection.ALL, output.name(),
                output.metadata(), results);
    }

    /** Copies the selected rows of a batch behind the others. */
    void append(Batch batch, ToArrow toArrow) {
        append(batch.columns(), batch.shape(), batch.selection(), 0, batch.rows(), toArrow);
    }

    /** Copies rows {@code [from, to)} of other rows behind these. */
    void append(ResultRows other, int from, int to, ToArrow toArrow) {
        int[] shape = {other.rows};
        List<Column> columns = new ArrayList<>();
        for (FieldVector vector : other.vectors) {
            columns.add(Column.dense(Values.of(vector), shape, 0));
        }
        append(columns, shape, Selection.ALL, from, to, toArrow);
    }

    private void append(List<Column> columns, int[] shape, Selection selection, int from, int to, ToArrow toArrow) {
        for (int column = 0; column < vectors.size(); column++) {
            toArrow.append(columns.get(column), shape, selection, from, to, vectors.get(column), rows);
        }
        rows += ToArrow.countSelected(selection, from, to);
    }

    int rows() {
        return rows;
    }

    List<FieldVector> vectors() {
        return vectors;
    }

    /** How much memory the rows take. */
    long bytes() {
        long bytes = 0;
        for (FieldVector vector : vectors) {
            bytes += vector.getBufferSize();
        }
        return bytes;
    }

    @Override
    public void close() {
        vectors.forEach(FieldVector::close);
    }
}
