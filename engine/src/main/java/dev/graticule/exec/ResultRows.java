package dev.graticule.exec;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.Selection;
import dev.graticule.batch.ToArrow;
import dev.graticule.batch.Values;
import dev.graticule.plan.LogicalPlan.OutputColumn;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** Rows of a result on their way to the consumer: one dense Arrow vector a column, in the results' allocator. */
final class ResultRows implements AutoCloseable {
    private final List<FieldVector> vectors = new ArrayList<>();
    private int rows;

    ResultRows(List<OutputColumn> columns, BufferAllocator results) {
        for (OutputColumn column : columns) {
            vectors.add(column.type().field(column.name(), column.metadata()).createVector(results));
        }
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
