package dev.graticule.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.Engine;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.Query;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.compression.CompressionUtil;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.util.ValueVectorUtility;
import org.apache.arrow.vector.validate.ValidateUtil;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * SEMANTICS 26: a byte of a stream or file is changed, or its end is cut off: there is an answer that is sound, or an error of the
 * source. No defect, no memory left behind. {@code -Dgraticule.damage.stride=1} changes every byte.
 */
final class DamagedIpcTest {
    private static final int STRIDE = Integer.getInteger("graticule.damage.stride", 29);
    private static final Set<ErrorKind> RIGHT = EnumSet.of(ErrorKind.SOURCE, ErrorKind.DATA, ErrorKind.UNSUPPORTED);
    private static final List<IntUnaryOperator> DAMAGES = List.of(old -> old ^ 0xFF, old -> old ^ 1, old -> old ^ 0x80,
            old -> old + 7);

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> a_changed_byte_or_a_missing_end_gives_an_answer_or_an_error_of_the_source_26() {
        return IpcColumns.KINDS.stream()
                .flatMap(kind -> Stream.of(true, false).map(file -> DynamicTest.dynamicTest(
                        kind + (file ? ", file" : ", stream"),
                        () -> damage(IpcColumns.written(kind, file, CompressionUtil.CodecType.NO_COMPRESSION)))));
    }

    @TestFactory
    Stream<DynamicTest> so_does_one_of_compressed_buffers() {
        return Stream.of(CompressionUtil.CodecType.LZ4_FRAME, CompressionUtil.CodecType.ZSTD)
                .flatMap(codec -> Stream.of("text", "dictionary")
                        .map(kind -> DynamicTest.dynamicTest(kind + ", " + codec,
                                () -> damage(IpcColumns.written(kind, true, codec)))));
    }

    private void damage(byte[] whole) throws IOException {
        Path path = folder.resolve("damaged.arrow");
        Files.write(path, whole);
        ArrowStreamTable declared = ArrowIpc.open(path);
        try (Engine engine = Engine.create()) {
            assertEquals(2 * IpcColumns.ROWS, rows(engine, declared), "undamaged");
            for (int at = 0; at < whole.length; at += STRIDE) {
                for (IntUnaryOperator damage : at % 4 == 0 || STRIDE == 1 ? DAMAGES
                        : DAMAGES.subList(at % 4, at % 4 + 1)) {
                    byte[] damaged = whole.clone();
                    damaged[at] = (byte) damage.applyAsInt(damaged[at]);
                    Files.write(path, damaged);
                    String what = "byte " + at + " of " + whole.length + " is " + damaged[at];
                    check(engine, what, () -> rows(engine, ArrowIpc.open(path)));
                    ArrowStreamFactory bytes = ArrowIpc.factory(() -> new ByteArrayInputStream(damaged));
                    check(engine, what, () -> rows(engine, ArrowStreamTable.of(ArrowIpc.schema(bytes), bytes)));
                }
                Files.write(path, Arrays.copyOf(whole, at));
                GraticuleException error = assertThrows(GraticuleException.class, () -> rows(engine, declared),
                        "cut at " + at);
                assertEquals(ErrorKind.SOURCE, error.kind(), error.getMessage());
                assertTrue(error.getMessage().contains(path.toString()), error.getMessage());
                assertEquals(0, engine.allocatedBytes(), "cut at " + at);
            }
        }
    }

    private static void check(Engine engine, String damage, Runnable query) {
        try {
            query.run();
        } catch (GraticuleException error) {
            // How long a stream of bytes is nobody knows: a batch that does not fit may be damaged.
            boolean large = error.kind() == ErrorKind.RESOURCE && error.getMessage().contains("one is damaged");
            if (!RIGHT.contains(error.kind()) && !large) {
                throw new AssertionError(damage + ": " + error.kind() + " " + error.getMessage(), error);
            }
        } catch (RuntimeException | Error defect) {
            throw new AssertionError(damage, defect);
        }
        assertEquals(0, engine.allocatedBytes(), damage);
    }

    private static long rows(Engine engine, ArrowStreamTable table) {
        engine.register("t", table);
        if (table.columns().isEmpty() || table.columns().getFirst().name().isEmpty()) {
            return rows(engine, "SELECT count(*) FROM t");
        }
        String column = '"' + table.columns().getFirst().name().replace("\"", "\"\"") + '"';
        rows(engine, "SELECT " + column + " IS NULL, count(*) FROM t GROUP BY 1");
        return rows(engine, "SELECT * FROM t");
    }

    /** Its places are right; the characters may be any bytes. */
    private static void validate(FieldVector vector) {
        try {
            ValueVectorUtility.validateFull(vector);
        } catch (UnsupportedOperationException fixedSizeList) {
            ValueVectorUtility.validate(vector);
        } catch (ValidateUtil.ValidateException wrong) {
            if (!wrong.getMessage().startsWith("Non-UTF-8")) {
                throw wrong;
            }
        }
    }

    private static long rows(Engine engine, String sql) {
        long rows = 0;
        try (Query query = engine.query(sql); ArrowReader reader = query.run()) {
            while (reader.loadNextBatch()) {
                validate(reader.getVectorSchemaRoot().getVector(0));
                rows += reader.getVectorSchemaRoot().getRowCount();
            }
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
        return rows;
    }
}
