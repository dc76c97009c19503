package dev.graticule.benchmarks;

import dev.graticule.Engine;
import dev.graticule.Query;
import dev.graticule.arrow.ArrowCData;
import dev.graticule.arrow.ArrowStreamTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Runs each question over a stream as xarray writes it for an array {@code t2m[time, latitude, longitude]}, coordinates repeated row by row,
 * with the metadata that say so and without them, in turn in one process, and prints medians of seconds and their ratios.
 *
 * <p>Arguments: time steps of 721 x 1440 cells (default 16), rounds (default 9), threads (default all cores), rows a batch (default 65536).
 */
public final class CompareGridStreams {
    private static final int LATITUDES = 721;
    private static final int LONGITUDES = 1440;
    private static final int WARM_UP_ROUNDS = 3;
    private static final ArrowType DOUBLE = new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
    private static final List<Field> FIELDS = List.of(
            Field.nullable("time", new ArrowType.Timestamp(TimeUnit.MICROSECOND, null)),
            Field.nullable("latitude", DOUBLE), Field.nullable("longitude", DOUBLE),
            Field.nullable("t2m", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)));

    private record Question(String name, String sql) {
    }

    private static final List<Question> QUESTIONS = List.of(by("latitude"), by("longitude"), by("time"),
            by("hour(time)"), by("latitude, longitude"), by("hour(time), latitude"),
            new Question("weighted mean",
                    "SELECT sum(t2m * cos(radians(latitude))) / sum(cos(radians(latitude))) FROM g"),
            new Question("mean by latitude where t2m > 290",
                    "SELECT latitude, avg(t2m) FROM g WHERE t2m > 290 GROUP BY latitude"));

    private static Question by(String keys) {
        return new Question("mean by " + keys, "SELECT " + keys + ", avg(t2m) FROM g GROUP BY " + keys);
    }

    private CompareGridStreams() {
    }

    public static void main(String[] arguments) throws Exception {
        int times = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 16;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 9;
        int threads = arguments.length > 2 ? Integer.parseInt(arguments[2])
                : Runtime.getRuntime().availableProcessors();
        int batchRows = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 1 << 16;
        String said = "{\"name\": \"t2m\", \"dims\": [\"time\", \"latitude\", \"longitude\"], \"shape\": [" + times
                + ", 721, 1440], \"attrs\": {}, \"coords\": {\"time\": {\"dims\": [\"time\"]}, \"latitude\": {\"dims\":"
                + " [\"latitude\"]}, \"longitude\": {\"dims\": [\"longitude\"]}}}";
        List<ArrowRecordBatch> batches = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator();
                AutoCloseable last = () -> batches.forEach(ArrowRecordBatch::close);
                Engine grid = Engine.create();
                Engine rows = Engine.create()) {
            long cells = (long) times * LATITUDES * LONGITUDES;
            for (long first = 0; first < cells; first += batchRows) {
                batches.add(batch(first, (int) Long.min(batchRows, cells - first), allocator));
            }
            grid.register("g", table(new Schema(FIELDS, Map.of("xarray:arrow_schema_version", "v1", "xarray", said)),
                    batches, allocator));
            rows.register("g", table(new Schema(FIELDS), batches, allocator));
            System.out.printf(Locale.ROOT, "%d rows in batches of %d, %d threads, %d rounds, medians; JDK %s%n%n",
                    cells,
                    batchRows, threads, rounds, Runtime.version());
            System.out.println("| question | with metadata, s | without | ratio | spread |");
            System.out.println("| --- | --: | --: | --: | --: |");
            for (Question question : QUESTIONS) {
                compare(question, grid, rows, rounds, threads);
            }
        }
    }

    private static void compare(Question question, Engine grid, Engine rows, int rounds, int threads) throws Exception {
        double[] with = new double[rounds];
        double[] without = new double[rounds];
        double[] ratios = new double[rounds];
        for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
            double ours = seconds(grid, question, threads);
            double theirs = seconds(rows, question, threads);
            if (round >= 0) {
                with[round] = ours;
                without[round] = theirs;
                ratios[round] = ours / theirs;
            }
        }
        Arrays.sort(with);
        Arrays.sort(without);
        Arrays.sort(ratios);
        System.out.printf(Locale.ROOT, "| %s | %.3f | %.3f | %.2f | %.2f..%.2f |%n", question.name(), with[rounds / 2],
                without[rounds / 2], ratios[rounds / 2], ratios[0], ratios[rounds - 1]);
    }

    private static double seconds(Engine engine, Question question, int threads) throws Exception {
        long start = System.nanoTime();
        try (Query query = engine.query(question.sql()).threads(threads); ArrowReader reader = query.run()) {
            while (reader.loadNextBatch()) {
                reader.getVectorSchemaRoot().getRowCount();
            }
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static ArrowRecordBatch batch(long first, int rows, BufferAllocator allocator) {
        try (TimeStampMicroVector time = new TimeStampMicroVector("time", allocator);
                Float8Vector latitude = new Float8Vector("latitude", allocator);
                Float8Vector longitude = new Float8Vector("longitude", allocator);
                Float4Vector t2m = new Float4Vector("t2m", allocator)) {
            List<FieldVector> vectors = List.of(time, latitude, longitude, t2m);
            vectors.forEach(vector -> vector.setInitialCapacity(rows));
            vectors.forEach(FieldVector::allocateNew);
            for (int row = 0; row < rows; row++) {
                long cell = first + row;
                time.set(row, cell / (LATITUDES * LONGITUDES) * 3_600_000_000L);
                latitude.set(row, 90 - cell / LONGITUDES % LATITUDES * 0.25);
                longitude.set(row, cell % LONGITUDES * 0.25);
                t2m.set(row, 230 + (cell * 0x9E3779B97F4A7C15L >>> 40) * 0x1p-24f * 80);
            }
            VectorSchemaRoot root = new VectorSchemaRoot(vectors);
            root.setRowCount(rows);
            return new VectorUnloader(root).getRecordBatch();
        }
    }

    private static ArrowStreamTable table(Schema schema, List<ArrowRecordBatch> batches, BufferAllocator allocator) {
        return ArrowCData.table(schema,
                address -> Data.exportArrayStream(allocator, new ReplayedBatches(schema, batches, Map.of(), allocator),
                        ArrowArrayStream.wrap(address)));
    }
}
