package dev.graticule.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.Engine;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeStampNanoTZVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** SEMANTICS 24: what no expression touches comes out as it came in, to the last nanosecond and with the name of its zone. */
final class PassThroughTest {
    private static final ArrowType CLOCK = new ArrowType.Time(TimeUnit.NANOSECOND, 64);
    private static final ArrowType MOMENT = new ArrowType.Timestamp(TimeUnit.NANOSECOND, "Europe/Berlin");
    private static final Long[] CLOCKS = {36_000_000_000_002L, 36_000_000_000_001L, null, 1L, 86_399_999_999_999L};
    private static final long[] MOMENTS = {1, -1, 999, 1_600_000_000_000_000_001L, 0};

    private final Engine engine = Engine.create();

    @BeforeEach
    void register() {
        engine.register("clocks", ArrowStreamTable.of(
                new Schema(List.of(Field.nullable("t", CLOCK), Field.nullable("m", MOMENT))), Clocks::new));
    }

    @AfterEach
    void all_memory_is_free() {
        assertEquals(0, engine.allocatedBytes());
        engine.close();
    }

    private static final class Clocks extends ArrowReader {
        private boolean read;

        Clocks(BufferAllocator allocator) {
            super(allocator);
        }

        @Override
        public boolean loadNextBatch() throws IOException {
            prepareLoadNextBatch();
            if (read) {
                return false;
            }
            read = true;
            for (int row = 0; row < CLOCKS.length; row++) {
                if (CLOCKS[row] != null) {
                    ((TimeNanoVector) getVectorSchemaRoot().getVector(0)).setSafe(row, CLOCKS[row]);
                }
                ((TimeStampNanoTZVector) getVectorSchemaRoot().getVector(1)).setSafe(row, MOMENTS[row]);
            }
            getVectorSchemaRoot().setRowCount(CLOCKS.length);
            return true;
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
            return new Schema(List.of(Field.nullable("t", CLOCK), Field.nullable("m", MOMENT)));
        }
    }

    /** The first column of a result; its type is checked. */
    private List<Object> values(ArrowType type, String sql) {
        List<Object> values = new ArrayList<>();
        try (ArrowReader reader = engine.query(sql).run()) {
            assertEquals(type, reader.getVectorSchemaRoot().getSchema().getFields().getFirst().getType());
            while (reader.loadNextBatch()) {
                FieldVector first = reader.getVectorSchemaRoot().getVector(0);
                assertEquals(type, first.getField().getType());
                IntStream.range(0, first.getValueCount()).forEach(row -> values.add(switch (first) {
                    case TimeStampNanoTZVector moment -> (Object) moment.get(row);
                    default -> first.getObject(row) == null || first instanceof TimeNanoVector ? first.getObject(row)
                            : first.getObject(row).toString();
                }));
            }
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
        return values;
    }

    @Test
    void times_keep_their_nanoseconds_24() {
        assertEquals(Arrays.asList(CLOCKS), values(CLOCK, "SELECT t FROM clocks"));
        assertEquals(Arrays.asList(CLOCKS[3], CLOCKS[1], CLOCKS[0], CLOCKS[4], CLOCKS[2]),
                values(CLOCK, "SELECT t FROM clocks ORDER BY t"));
        assertEquals(Arrays.asList(CLOCKS[0], CLOCKS[1]),
                values(CLOCK, "SELECT t FROM (SELECT t, m FROM clocks LIMIT 2) WHERE m IS NOT NULL"));
    }

    @Test
    void expressions_see_them_as_times_24() {
        assertEquals(List.of(CLOCKS[0], CLOCKS[1], CLOCKS[4]),
                values(CLOCK, "SELECT t FROM clocks WHERE t >= TIME '10:00:00'"));
        assertEquals(Arrays.asList("10:00:00.000000002", "10:00:00.000000001", null, "00:00:00.000000001",
                "23:59:59.999999999"), values(ArrowType.Utf8.INSTANCE, "SELECT t::VARCHAR FROM clocks"));
        assertEquals(List.of("23"),
                values(new ArrowType.Int(64, true), "SELECT max(extract(hour FROM t)) FROM clocks"));
        GraticuleException error = assertThrows(GraticuleException.class,
                () -> values(CLOCK, "SELECT t, count(*) FROM clocks GROUP BY t"));
        assertEquals(ErrorKind.UNSUPPORTED, error.kind());
        assertTrue(error.getMessage().contains("cast it to TIME or VARCHAR"), error.getMessage());
        assertEquals(4, values(new ArrowType.Time(TimeUnit.MICROSECOND, 64),
                "SELECT t::TIME, count(*) FROM clocks GROUP BY t::TIME").size());
    }

    @Test
    void timestamps_keep_the_name_of_their_zone_24() {
        List<Object> all = Arrays.stream(MOMENTS).<Object>mapToObj(Long::valueOf).toList();
        assertEquals(all, values(MOMENT, "SELECT m FROM clocks"));
        assertEquals(all.stream().sorted().toList(), values(MOMENT, "SELECT m FROM clocks ORDER BY m"));
        assertEquals(all, values(MOMENT, "SELECT m FROM clocks WHERE m > '1960-01-01'"));
    }
}
