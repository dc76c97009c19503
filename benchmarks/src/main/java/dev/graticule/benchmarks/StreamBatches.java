package dev.graticule.benchmarks;

import dev.graticule.arrow.ArrowStreamFactory;
import dev.graticule.arrow.ArrowStreamTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Arrow batches in memory, the same for the same number of rows, that can be read as a stream any number of times.
 *
 * <p>Columns: {@code tens}, {@code hundreds} (INTEGER), {@code thousands}, {@code millions} have 10, 100, 10,000 and 1,000,000 different
 * values without an order; {@code name} is a VARCHAR and {@code city} a dictionary-encoded one of 10,000; {@code id} is different in every
 * row; {@code x} and {@code y} are DOUBLEs from 0 to 1.
 */
final class StreamBatches implements AutoCloseable {
    private static final int BATCH_ROWS = 1 << 16;
    private static final int NAMES = 10_000;
    private static final ArrowType LONG = new ArrowType.Int(64, true);
    private static final ArrowType INT = new ArrowType.Int(32, true);
    private static final ArrowType DOUBLE = new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
    private static final DictionaryEncoding CITIES = new DictionaryEncoding(1, false, new ArrowType.Int(32, true));

    /** As in an IPC message: a dictionary-encoded field has the type of its values. */
    private static final Schema SCHEMA = new Schema(List.of(Field.nullable("tens", LONG),
            Field.nullable("hundreds", INT), Field.nullable("thousands", LONG), Field.nullable("millions", LONG),
            Field.nullable("name", ArrowType.Utf8.INSTANCE),
            new Field("city", new FieldType(true, ArrowType.Utf8.INSTANCE, CITIES), List.of()),
            Field.nullable("id", LONG), Field.nullable("x", DOUBLE), Field.nullable("y", DOUBLE)));

    private final BufferAllocator allocator;
    private final List<ArrowRecordBatch> batches = new ArrayList<>();
    private final ArrowRecordBatch cities;

    StreamBatches(BufferAllocator allocator, int rows) {
        this.allocator = allocator;
        byte[][] names = new byte[NAMES][];
        for (int i = 0; i < NAMES; i++) {
            names[i] = ("name of " + i).getBytes(StandardCharsets.UTF_8);
        }
        try (VarCharVector vector = new VarCharVector("city", allocator)) {
            for (int i = 0; i < NAMES; i++) {
                vector.setSafe(i, names[i]);
            }
            vector.setValueCount(NAMES);
            cities = new VectorUnloader(VectorSchemaRoot.of(vector)).getRecordBatch();
        }
        SplittableRandom random = new SplittableRandom(42);
        for (int first = 0; first < rows; first += BATCH_ROWS) {
            batches.add(batch(first, Integer.min(BATCH_ROWS, rows - first), names, random));
        }
    }

    private ArrowRecordBatch batch(int first, int rows, byte[][] names, SplittableRandom random) {
        try (BigIntVector tens = new BigIntVector("tens", allocator);
                IntVector hundreds = new IntVector("hundreds", allocator);
                BigIntVector thousands = new BigIntVector("thousands", allocator);
                BigIntVector millions = new BigIntVector("millions", allocator);
                VarCharVector name = new VarCharVector("name", allocator);
                IntVector city = new IntVector("city", allocator);
                BigIntVector id = new BigIntVector("id", allocator);
                Float8Vector x = new Float8Vector("x", allocator);
                Float8Vector y = new Float8Vector("y", allocator)) {
            List<FieldVector> vectors = List.of(tens, hundreds, thousands, millions, name, city, id, x, y);
            vectors.forEach(vector -> vector.setInitialCapacity(rows));
            vectors.forEach(FieldVector::allocateNew);
            for (int row = 0; row < rows; row++) {
                tens.set(row, random.nextInt(10));
                hundreds.set(row, random.nextInt(100));
                thousands.set(row, random.nextInt(10_000));
                millions.set(row, random.nextInt(1_000_000) * 7L);
                name.setSafe(row, names[random.nextInt(NAMES)]);
                city.set(row, random.nextInt(NAMES));
                id.set(row, (first + row) * 0x9E3779B97F4A7C15L >>> 12);
                x.set(row, random.nextDouble());
                y.set(row, random.nextDouble());
            }
            VectorSchemaRoot root = new VectorSchemaRoot(vectors);
            root.setRowCount(rows);
            return new VectorUnloader(root).getRecordBatch();
        }
    }

    /** All batches as one stream. */
    ArrowReader openReader() {
        return openReader(batches);
    }

    private ArrowReader openReader(List<ArrowRecordBatch> part) {
        return new ReplayedBatches(SCHEMA, part, Map.of(CITIES.getId(), cities), allocator);
    }

    /** The batches as a table of that many partitions. */
    ArrowStreamTable table(int partitions) {
        List<ArrowStreamFactory> factories = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            List<ArrowRecordBatch> part = batches.subList(batches.size() * i / partitions,
                    batches.size() * (i + 1) / partitions);
            factories.add(unused -> openReader(part));
        }
        return ArrowStreamTable.partitioned(SCHEMA, factories);
    }

    @Override
    public void close() {
        batches.forEach(ArrowRecordBatch::close);
        cities.close();
    }
}
