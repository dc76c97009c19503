package dev.graticule.zarr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.Engine;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.Query;
import dev.graticule.batch.Values;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promises about stores that are not the rows of a query: metadata, parameters, threads, what is read, memory. */
class SemanticsTest {
    private static final int DAYS = 40;
    private static final int CELLS = 500;
    private static double[] numbers;

    @TempDir
    static Path folder;

    private final Engine engine = Engine.create();

    @BeforeAll
    static void writeStores() {
        SemanticsStores.write(folder);
        numbers = new Random(5).doubles(DAYS * CELLS, -1e9, 1e9).toArray();
        StoreWriter writer = new StoreWriter(folder.resolve("many.zarr")).group3("", "{}").array3("v", "float64",
                DAYS + ", " + CELLS, "1, " + CELLS, "'day', 'cell'", "0.0", "{}");
        for (int day = 0; day < DAYS; day++) {
            double[] cells = new double[CELLS];
            System.arraycopy(numbers, day * CELLS, cells, 0, CELLS);
            writer.bytes("v/c/" + day + "/0", StoreWriter.doubles(cells));
        }
    }

    @AfterEach
    void everyByteIsFree() {
        assertEquals(0, engine.allocatedBytes());
        engine.close();
    }

    private static String path(String store) {
        return "'" + folder.resolve(store) + "'";
    }

    private static List<Object> column(Query query) throws IOException {
        try (query; ArrowReader reader = query.run()) {
            return rest(reader);
        }
    }

    private static List<Object> rest(ArrowReader reader) throws IOException {
        List<Object> values = new ArrayList<>();
        while (reader.loadNextBatch()) {
            Values column = Values.of(reader.getVectorSchemaRoot().getVector(0));
            for (int row = 0; row < reader.getVectorSchemaRoot().getRowCount(); row++) {
                values.add(column.object(row));
            }
        }
        return values;
    }

    /** SEMANTICS 7: attributes are visible in Arrow field metadata: units, long_name, calendar, chunk shape, codecs. */
    @Test
    void attributesAreMetadataOfArrowFields() throws IOException {
        try (Query query = engine.query("SELECT time, v AS renamed FROM " + path("attributes.zarr"));
                ArrowReader reader = query.run()) {
            List<FieldVector> vectors = reader.getVectorSchemaRoot().getFieldVectors();
            Map<String, String> time = vectors.get(0).getField().getMetadata();
            assertEquals("hours since 2000-01-01", time.get("units"));
            assertEquals("julian", time.get("calendar"));
            assertEquals("valid time", time.get("long_name"));
            assertEquals("2", time.get("zarr.chunks"));
            assertEquals("bytes, zstd", time.get("zarr.codecs"));
            Map<String, String> renamed = vectors.get(1).getField().getMetadata();
            assertEquals("K", renamed.get("units"));
            assertEquals("1", renamed.get("zarr.chunks"));
        }
    }

    /** SEMANTICS 12: the same answer at any thread count to 1e-12 of the sum of |x|. */
    @Test
    void sumsDoNotDependOnThreads() throws IOException {
        double exact = 0;
        double lost = 0;
        double absolute = 0;
        for (double number : numbers) {
            double next = exact + number;
            lost += Math.abs(exact) >= Math.abs(number) ? exact - next + number : number - next + exact;
            exact = next;
            absolute += Math.abs(number);
        }
        for (int threads : new int[]{1, 2, 3, 8}) {
            for (boolean grid : new boolean[]{true, false}) {
                double sum = (Double) column(engine.query("SELECT sum(v) FROM " + path("many.zarr")).threads(threads)
                        .gridOperators(grid)).getFirst();
                assertEquals(exact + lost, sum, 1e-12 * absolute);
            }
        }
    }

    /** SEMANTICS 15: a parameter bound from a plain host number counts as a literal. */
    @Test
    void aBoundNumberIsALiteral() throws IOException {
        assertEquals(List.of(2L),
                column(engine.query("SELECT count(area) FROM " + path("weather.zarr") + " WHERE lat = ?").bind(1,
                        40.1)));
        assertEquals(List.of("REAL"), column(
                engine.query("SELECT typeof(t2m - $zero) FROM " + path("weather.zarr") + " LIMIT 1").bind("zero",
                        273.15)));
    }

    /** SEMANTICS 18: EXPLAIN ANALYZE says what was really read, per operator. */
    @Test
    void explainAnalyzeSaysWhatWasRead() throws IOException {
        List<Object> lines = column(engine
                .query("EXPLAIN ANALYZE SELECT sum(v) FROM " + path("ragged.zarr") + " WHERE x = 2 AND y < 3"));
        assertTrue(lines.stream().anyMatch(line -> line.toString().contains("(3 rows in, ")), lines::toString);
        assertTrue(lines.getLast().toString().matches(".*Total: 1 rows, .*; \\d+ bytes and 2 chunks read"),
                lines::toString);
        assertTrue(
                lines.stream().anyMatch(line -> line.toString().matches(" *v: .* ms; \\d+ bytes and 2 chunks read\\)")),
                lines::toString);
        lines = column(engine.query("EXPLAIN ANALYZE SELECT v FROM " + path("ragged.zarr") + " LIMIT 0"));
        assertTrue(lines.getLast().toString().contains("0 bytes and 0 chunks read"), lines::toString);
    }

    /** SEMANTICS 19: storage order, whatever is projected, at any thread count; a limit stops the scan. */
    @Test
    void rowsComeInStorageOrderAtAnyThreadCount() throws IOException {
        List<Object> expected = new ArrayList<>();
        for (double number : numbers) {
            expected.add(number);
        }
        for (int threads : new int[]{1, 2, 7}) {
            assertEquals(expected, column(engine.query("SELECT v FROM " + path("many.zarr")).threads(threads)));
            assertEquals(expected.subList(0, 1234),
                    column(engine.query("SELECT v, cell FROM " + path("many.zarr") + " LIMIT 1234").threads(threads)));
        }
        List<Object> lines = column(
                engine.query("EXPLAIN ANALYZE SELECT v FROM " + path("many.zarr") + " LIMIT 10").threads(1));
        assertTrue(lines.getLast().toString().matches(".* [1-4] chunks read"), lines::toString);
    }

    /** SEMANTICS 25: two readers of one store at once do not disturb each other. */
    @Test
    void readersOfOneStoreDoNotDisturbEachOther() throws Exception {
        String sql = "SELECT v FROM " + path("many.zarr") + " WHERE day >= ";
        try (ArrowReader first = engine.query(sql + 1).run(); ArrowReader second = engine.query(sql + 2).run()) {
            assertTrue(first.loadNextBatch());
            assertEquals(numbers[2 * CELLS], rest(second).getFirst());
            rest(first);
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<List<Object>>> answers = new ArrayList<>();
            for (int day = 0; day < 12; day++) {
                Query query = engine.query("SELECT max(v) FROM " + path("many.zarr") + " WHERE day = " + day);
                answers.add(threads.submit(() -> column(query)));
            }
            for (int day = 0; day < 12; day++) {
                double most = Double.NEGATIVE_INFINITY;
                for (int cell = 0; cell < CELLS; cell++) {
                    most = Math.max(most, numbers[day * CELLS + cell]);
                }
                assertEquals(List.of(most), answers.get(day).get());
            }
        }
    }

    /** SEMANTICS 25: a cancelled query frees its memory; SEMANTICS 26: and the error says that it was cancelled. */
    @Test
    void aCancelledQueryFreesItsMemory() throws IOException {
        try (Query query = engine.query("SELECT v, v + 1, v * day FROM " + path("many.zarr")).threads(2)) {
            try (ArrowReader reader = query.run()) {
                assertTrue(reader.loadNextBatch());
                query.cancel();
                assertEquals(ErrorKind.CANCELLED,
                        assertThrows(GraticuleException.class, () -> rest(reader)).kind());
            }
        }
        assertEquals(0, engine.allocatedBytes());
    }

    /** SEMANTICS 26: a limit of memory is a resource, and the error says what to do. */
    @Test
    void exhaustedMemoryIsAResource() {
        try (Query query = engine.query("SELECT v FROM " + path("many.zarr") + " ORDER BY v").memoryLimit(4096)) {
            GraticuleException error = assertThrows(GraticuleException.class, () -> {
                try (ArrowReader reader = query.run()) {
                    rest(reader);
                }
            });
            assertEquals(ErrorKind.RESOURCE, error.kind());
            assertTrue(error.getMessage().contains("memory_limit"), error::getMessage);
        }
    }

    /** SEMANTICS 28: notices stand beside a result. */
    @Test
    void noticesStandBesideAResult() throws IOException {
        try (Query query = engine.query("SELECT sum(area), max(t2m) FROM " + path("weather.zarr"))) {
            try (ArrowReader reader = query.run()) {
                assertEquals(List.of(84.0), rest(reader));
            }
            assertEquals(List.of("area repeats over time (x 4)."), query.notices());
        }
    }
}
