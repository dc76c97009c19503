package dev.graticule.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.Engine;
import dev.graticule.GraticuleException;
import dev.graticule.batch.Values;
import dev.graticule.fixture.RowTableContract;
import dev.graticule.spi.RowScan.FilterAnswer;
import dev.graticule.spi.RowTable;
import dev.graticule.spi.SimplePredicate;
import dev.graticule.type.SqlType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
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
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Projection, predicates and limit go to a factory that asks for them; what it does not do is done here. */
final class ScanRequestTest {
    private static final Schema SCHEMA = new Schema(List.of(Field.nullable("n", new ArrowType.Int(64, true)),
            Field.nullable("word", ArrowType.Utf8.INSTANCE),
            Field.nullable("x", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE))));
    private static final List<Object[]> ROWS = IntStream.range(0, 23).mapToObj(row -> new Object[]{
            row % 7 == 3 ? null : (Object) (long) (row % 9), row % 5 == 4 ? null : "w" + row % 4,
            switch (row % 6) {
                case 0 -> Double.NaN;
                case 1 -> -0.0;
                case 2 -> null;
                default -> row / 2.0;
            }}).toList();

    /** How well a factory does what it is asked for. */
    private record Factory(FilterAnswer answer, boolean projects, List<ScanRequest> asked) implements ArrowScanFactory {
        Factory(FilterAnswer answer, boolean projects) {
            this(answer, projects, new ArrayList<>());
        }

        @Override
        public FilterAnswer answer(SimplePredicate predicate) {
            // What it does with one column says nothing about another.
            return predicate.column() == 1 && answer == FilterAnswer.EXACT ? FilterAnswer.PRUNES : answer;
        }

        @Override
        public ArrowReader openReader(ScanRequest request, BufferAllocator allocator) {
            asked.add(request);
            return new Reader(request, projects, answer, allocator);
        }
    }

    private static final class Reader extends ArrowReader {
        private static final int BATCH = 4;
        private final ScanRequest request;
        private final List<Integer> columns;
        private final FilterAnswer answer;
        private int next;

        Reader(ScanRequest request, boolean projects, FilterAnswer answer, BufferAllocator allocator) {
            super(allocator);
            this.request = request;
            this.columns = projects ? request.columns() : List.of(0, 1, 2);
            this.answer = answer;
        }

        @Override
        protected Schema readSchema() {
            return new Schema(columns.stream().map(SCHEMA.getFields()::get).toList());
        }

        private boolean holds(Object[] row) {
            return request.predicates().stream().allMatch(predicate -> predicate.holds(row[predicate.column()],
                    SqlType.of(request.field(predicate))));
        }

        @Override
        public boolean loadNextBatch() throws IOException {
            prepareLoadNextBatch();
            VectorSchemaRoot root = getVectorSchemaRoot();
            if (next >= ROWS.size()) {
                return false;
            }
            List<Object[]> batch = ROWS.subList(next, Math.min(next + BATCH, ROWS.size()));
            next += BATCH;
            List<Object[]> fulfilling = batch.stream().filter(this::holds).toList();
            List<Object[]> rows = switch (answer) {
                case EXACT -> fulfilling;
                case PRUNES -> fulfilling.isEmpty() ? fulfilling : batch;
                case IGNORED -> batch;
            };
            for (int i = 0; i < columns.size(); i++) {
                FieldVector vector = root.getVector(i);
                vector.allocateNew();
                for (int row = 0; row < rows.size(); row++) {
                    set(vector, row, rows.get(row)[columns.get(i)]);
                }
            }
            root.setRowCount(rows.size());
            return true;
        }

        private static void set(FieldVector vector, int row, Object value) {
            switch (vector) {
                case FieldVector nothing when value == null -> nothing.setNull(row);
                case BigIntVector whole -> whole.setSafe(row, (Long) value);
                case Float8Vector wide -> wide.setSafe(row, (Double) value);
                case VarCharVector word -> word.setSafe(row, value.toString().getBytes());
                default -> throw new IllegalArgumentException(String.valueOf(vector));
            }
        }

        @Override
        public long bytesRead() {
            return 0;
        }

        @Override
        protected void closeReadSource() {
        }
    }

    @Nested
    class Exact implements RowTableContract {
        @Override
        public RowTable table() {
            return ArrowStreamTable.of(SCHEMA, new Factory(FilterAnswer.EXACT, true));
        }
    }

    @Nested
    class Prunes implements RowTableContract {
        @Override
        public RowTable table() {
            return ArrowStreamTable.of(SCHEMA, new Factory(FilterAnswer.PRUNES, false));
        }
    }

    @Nested
    class Ignored implements RowTableContract {
        @Override
        public RowTable table() {
            return ArrowStreamTable.of(SCHEMA, new Factory(FilterAnswer.IGNORED, true));
        }
    }

    /** Partitions that do not agree on what they do. */
    @Nested
    class Mixed implements RowTableContract {
        @Override
        public RowTable table() {
            return ArrowStreamTable.scanned(SCHEMA, List.of(new Factory(FilterAnswer.EXACT, true),
                    new Factory(FilterAnswer.IGNORED, false), new Factory(FilterAnswer.PRUNES, true)));
        }
    }

    @Test
    void a_query_asks_for_what_it_needs() throws IOException {
        Factory factory = new Factory(FilterAnswer.EXACT, true);
        try (Engine engine = Engine.create()) {
            engine.register("t", ArrowStreamTable.of(SCHEMA, factory));
            assertEquals(List.of("[w3, 1.5]"),
                    rows(engine, "SELECT word, x FROM t WHERE n IS NULL AND x >= 1 AND x < 'NaN' LIMIT 1"));
            ScanRequest request = factory.asked.getLast();
            assertEquals(List.of("word", "x"), request.schema().getFields().stream().map(Field::getName).toList());
            assertEquals(List.of(new SimplePredicate.NullCheck(0, true),
                    new SimplePredicate.Range(2, 1.0, false, null, false),
                    new SimplePredicate.Range(2, null, false, Double.NaN, true)), request.predicates());
            assertEquals(1, request.limit());

            assertEquals(List.of("[5]"), rows(engine, "SELECT count(*) FROM t WHERE word = 'w1'"));
            assertEquals(1, factory.asked.getLast().predicates().size());
            assertEquals(List.of(1), factory.asked.getLast().columns(), "what only prunes is checked again");
            assertEquals(Long.MAX_VALUE, factory.asked.getLast().limit());

            assertEquals(List.of("[23]"), rows(engine, "SELECT count(*) FROM t"));
            assertEquals(List.of(), factory.asked.getLast().columns());
        }
    }

    @Test
    void a_projecting_factory_that_gives_something_else_is_an_error_that_names_both_22() {
        try (Engine engine = Engine.create(); BufferAllocator allocator = new RootAllocator()) {
            Factory factory = new Factory(FilterAnswer.IGNORED, true);
            engine.register("t", ArrowStreamTable.of(SCHEMA, (request, memory) -> factory
                    .openReader(new ScanRequest(request.declared(), List.of(1, 0), List.of(), 9), memory)));
            GraticuleException error = assertThrows(GraticuleException.class, () -> rows(engine, "SELECT x FROM t"));
            assertTrue(error.getMessage().contains("it has <word: Utf8, n: Int(64, true)>"), error.getMessage());
            assertTrue(error.getMessage().contains("asked for were <x: FloatingPoint(DOUBLE)>"), error.getMessage());
        }
    }

    private static List<String> rows(Engine engine, String sql) throws IOException {
        List<String> rows = new ArrayList<>();
        try (ArrowReader reader = engine.query(sql).run()) {
            while (reader.loadNextBatch()) {
                for (int row = 0; row < reader.getVectorSchemaRoot().getRowCount(); row++) {
                    int at = row;
                    rows.add(Arrays.toString(reader.getVectorSchemaRoot().getFieldVectors().stream()
                            .map(vector -> Values.of(vector).object(at)).toArray()));
                }
            }
        }
        return rows;
    }
}
