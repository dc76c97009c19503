package dev.graticule.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** A result of BIGINT, VARCHAR and DOUBLE columns, made of Java values; a batch holds so many rows. */
final class HandMadeResult extends ArrowReader {
    private final Schema schema;
    private final List<List<Object>> rows;
    private final int batch;
    private int next;

    private HandMadeResult(BufferAllocator allocator, Schema schema, List<List<Object>> rows, int batch) {
        super(allocator);
        this.schema = schema;
        this.rows = rows;
        this.batch = batch;
    }

    static Field number(String name) {
        return Field.nullable(name, new ArrowType.Int(64, true));
    }

    static Field text(String name) {
        return Field.nullable(name, ArrowType.Utf8.INSTANCE);
    }

    static Field real(String name) {
        return Field.nullable(name, new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE));
    }

    static HandMadeResult of(BufferAllocator allocator, List<Field> fields, List<List<Object>> rows, int batch) {
        return new HandMadeResult(allocator, new Schema(fields), rows, batch);
    }

    /** What a writer of that format makes of the result, which is closed. */
    static String written(ArrowReader result, OutputFormat format, TableLimits limits) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (result) {
            format.writer(out, limits).write(result);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        if (next >= rows.size()) {
            return false;
        }
        VectorSchemaRoot root = getVectorSchemaRoot();
        root.allocateNew();
        int size = Integer.min(batch, rows.size() - next);
        for (int row = 0; row < size; row++) {
            for (int column = 0; column < schema.getFields().size(); column++) {
                set(root.getVector(column), row, rows.get(next + row).get(column));
            }
        }
        root.setRowCount(size);
        next += size;
        return true;
    }

    private static void set(FieldVector vector, int row, Object value) {
        switch (value) {
            case null -> vector.setNull(row);
            case Long number -> ((BigIntVector) vector).setSafe(row, number);
            case Double real -> ((Float8Vector) vector).setSafe(row, real);
            default -> ((VarCharVector) vector).setSafe(row, ((String) value).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public long bytesRead() {
        return 0;
    }

    @Override
    protected void closeReadSource() {
    }

    @Override
    protected Schema readSchema() {
        return schema;
    }
}
