package dev.graticule.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.Engine;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.Query;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where IPC comes from: folders of files, patterns, streams of bytes and sockets. */
@Timeout(60)
final class ArrowInputsTest {
    @TempDir
    private Path folder;
    private final Engine engine = Engine.create();

    @AfterEach
    void nothing_is_left_behind() {
        assertEquals(0, engine.allocatedBytes());
        engine.close();
    }

    /** A stream of one BIGINT column n, a batch a value. */
    private static byte[] stream(long... values) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (BufferAllocator allocator = new RootAllocator(); BigIntVector vector = new BigIntVector("n", allocator);
                VectorSchemaRoot root = VectorSchemaRoot.of(vector);
                ArrowStreamWriter writer = new ArrowStreamWriter(root, null, bytes)) {
            writer.start();
            for (long value : values) {
                vector.setSafe(0, value);
                root.setRowCount(1);
                writer.writeBatch();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] file(FieldVector vector, String... values) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (vector; VectorSchemaRoot root = VectorSchemaRoot.of(vector);
                ArrowFileWriter writer = new ArrowFileWriter(root, null, Channels.newChannel(bytes))) {
            for (int i = 0; i < values.length; i++) {
                switch (vector) {
                    case BigIntVector wide -> wide.setSafe(i, Long.parseLong(values[i]));
                    case IntVector narrow -> narrow.setSafe(i, Integer.parseInt(values[i]));
                    default -> throw new IllegalArgumentException();
                }
            }
            root.setRowCount(values.length);
            writer.start();
            writer.writeBatch();
        }
        return bytes.toByteArray();
    }

    private void writeDays() throws IOException {
        try (BufferAllocator allocator = new RootAllocator()) {
            Files.write(folder.resolve("day2.arrows"), stream(3, 4));
            Files.write(folder.resolve("day1.arrow"), file(new BigIntVector("n", allocator), "1", "2"));
            Files.write(folder.resolve("day3.FEATHER"), stream(5));
            Files.write(folder.resolve(".day0.arrow"), new byte[]{1, 2, 3});
            Files.writeString(folder.resolve("notes.txt"), "not Arrow");
            Files.createDirectories(folder.resolve("more/deep.arrow"));
            Files.write(folder.resolve("more/day9.arrows"), stream(9));
        }
    }

    private List<Object> rows(String sql) {
        return Rows.firstColumn(engine.query(sql));
    }

    private GraticuleException fails(String sql) {
        GraticuleException error = assertThrows(GraticuleException.class, () -> rows(sql));
        assertEquals(ErrorKind.SOURCE, error.kind(), error.getMessage());
        return error;
    }

    @Test
    void a_folder_of_files_and_streams_is_one_table_by_name() throws IOException {
        writeDays();
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), rows("SELECT n FROM '" + folder + "'"));
        assertEquals(List.of(15L), rows("SELECT sum(n) FROM read_arrow('" + folder + "')"));
        assertEquals(List.of(1L), rows("SELECT n FROM '" + folder + "' LIMIT 1"));
        engine.register("days", ArrowIpc.open(folder));
        assertEquals(List.of(5L), rows("SELECT count(*) FROM days"));
    }

    @Test
    void a_pattern_is_one_table() throws IOException {
        writeDays();
        assertEquals(List.of(1L, 2L, 3L, 4L), rows("SELECT n FROM '" + folder + "/day?.arrow*'"));
        assertEquals(List.of(4L), rows("SELECT count(*) FROM read_arrow('" + folder + "/*.{arrow,arrows}') WHERE n < 9"
                .replace("*.{", "d*.{")));
        assertEquals(List.of(7L), rows("SELECT sum(n) FROM '" + folder + "/**.arrows' WHERE n < 9"));
        assertEquals(List.of(9L), rows("SELECT n FROM '" + folder + "/*/day*'"));
        assertTrue(fails("SELECT n FROM read_arrow('" + folder + "/night*.arrow')").getMessage()
                .contains("No file matches"));
    }

    @Test
    void files_that_differ_in_their_schema_are_an_error_that_names_both() throws IOException {
        writeDays();
        try (BufferAllocator allocator = new RootAllocator()) {
            Files.write(folder.resolve("day4.arrow"), file(new IntVector("n", allocator), "1"));
        }
        String message = fails("SELECT n FROM '" + folder + "'").getMessage();
        assertTrue(message.contains("day1.arrow' has <n: Int(64, true)>"), message);
        assertTrue(message.contains("day4.arrow' has <n: Int(32, true)>"), message);
    }

    /** Readers of the other files are interrupted wherever they are just then: so this is tried often. */
    @RepeatedTest(50)
    void a_folder_with_a_damaged_file_is_an_error_that_names_it() throws IOException {
        writeDays();
        Files.write(folder.resolve("day2.arrows"), Arrays.copyOf(stream(3, 4), 350));
        assertTrue(fails("SELECT count(*) FROM '" + folder + "'").getMessage().contains("day2.arrows"));
    }

    @Test
    void a_stream_of_bytes_is_read_anew_by_every_query_20() throws IOException {
        byte[] bytes = stream(1, 2, 3);
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger();
        InputStreamFactory source = () -> {
            opened.incrementAndGet();
            return new ByteArrayInputStream(bytes) {
                @Override
                public void close() {
                    closed.incrementAndGet();
                }
            };
        };
        Schema schema = ArrowIpc.schema(ArrowIpc.factory(source));
        engine.register("numbers", ArrowStreamTable.of(schema, ArrowIpc.factory(source)));
        assertEquals(1, opened.get());
        assertEquals(List.of(6L), rows("SELECT sum(n) FROM numbers"));
        assertEquals(List.of(2L, 3L), rows("SELECT n FROM numbers WHERE n > 1"));
        assertEquals(3, opened.get());
        assertEquals(3, closed.get());
    }

    @Test
    void a_stream_of_bytes_that_is_cut_off_is_an_error_wherever_it_was_cut_21() throws IOException {
        byte[] bytes = stream(1, 2);
        Schema schema = ArrowIpc.schema(ArrowIpc.factory(() -> new ByteArrayInputStream(bytes)));
        for (int length = 0; length < bytes.length; length++) {
            int cut = length;
            engine.register("numbers", ArrowStreamTable.of(schema,
                    ArrowIpc.factory(() -> new ByteArrayInputStream(bytes, 0, cut))));
            fails("SELECT count(*) FROM numbers");
        }
    }

    /** A dictionary and two batches, as a file or as a stream. */
    private static byte[] words(boolean stream) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (BufferAllocator allocator = new RootAllocator(); VarCharVector words = new VarCharVector("", allocator)) {
            words.setSafe(0, "north".getBytes(StandardCharsets.UTF_8));
            words.setSafe(1, "south".getBytes(StandardCharsets.UTF_8));
            words.setValueCount(2);
            DictionaryEncoding encoding = new DictionaryEncoding(7, false, new ArrowType.Int(32, true));
            Field field = new Field("w", new FieldType(true, encoding.getIndexType(), encoding), List.of());
            try (IntVector codes = (IntVector) field.createVector(allocator);
                    VectorSchemaRoot root = VectorSchemaRoot.of(codes)) {
                DictionaryProvider.MapDictionaryProvider dictionaries = new DictionaryProvider.MapDictionaryProvider(
                        new Dictionary(words, encoding));
                try (ArrowWriter writer = stream
                        ? new ArrowStreamWriter(root, dictionaries, Channels.newChannel(bytes))
                        : new ArrowFileWriter(root, dictionaries, Channels.newChannel(bytes))) {
                    writer.start();
                    for (int code = 0; code < 2; code++) {
                        codes.setSafe(0, code);
                        root.setRowCount(1);
                        writer.writeBatch();
                    }
                }
            }
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatever_byte_is_damaged_nothing_is_left_behind_25(boolean stream) throws IOException {
        Path path = folder.resolve("words.arrow");
        byte[] bytes = words(stream);
        Files.write(path, bytes);
        engine.register("words", ArrowIpc.open(path));
        engine.query("SET memory_limit = '64MB'").run();
        assertEquals("[north, south]", rows("SELECT w FROM words").toString());
        int failed = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= (byte) 0xFF;
            Files.write(path, damaged);
            try {
                rows("SELECT w FROM words");
            } catch (GraticuleException error) {
                failed++;
                // What Arrow's library trips over is no text for users.
                assertFalse(error.getMessage().contains("flatbuf"), error.getMessage());
            }
            assertEquals(0, engine.allocatedBytes(), "after byte " + i);
        }
        assertTrue(failed > bytes.length / 4, failed + " of " + bytes.length);
    }

    /** Gives these bytes to everybody who connects; waits before the last ones where there is a latch. */
    private static CompletableFuture<Void> serve(ServerSocketChannel server, byte[] bytes, int connections,
            CountDownLatch waits) {
        return CompletableFuture.runAsync(() -> {
            for (int i = 0; i < connections; i++) {
                try (SocketChannel client = server.accept()) {
                    int first = waits == null ? bytes.length : bytes.length - 8;
                    client.write(ByteBuffer.wrap(bytes, 0, first));
                    if (waits != null) {
                        waits.countDown();
                        // Until the other side hangs up.
                        client.read(ByteBuffer.allocate(1));
                    }
                } catch (IOException failure) {
                    throw new IllegalStateException(failure);
                }
            }
        }, command -> Thread.ofPlatform().daemon().start(command));
    }

    private void check(ServerSocketChannel server, SocketAddress address) throws Exception {
        byte[] bytes = stream(1, 2, 3);
        CompletableFuture<Void> served = serve(server, bytes, 3, null);
        ArrowStreamFactory factory = ArrowIpc.factory(address);
        engine.register("numbers", ArrowStreamTable.of(ArrowIpc.schema(factory), factory));
        assertEquals(List.of(6L), rows("SELECT sum(n) FROM numbers"));
        assertEquals(List.of(3L), rows("SELECT n FROM numbers ORDER BY n DESC LIMIT 1"));
        served.get(10, TimeUnit.SECONDS);
    }

    @Test
    void a_socket_of_the_machine_is_a_stream() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
            server.bind(address);
            check(server, address);
        }
        assertTrue(fails("SELECT n FROM numbers").getMessage().contains("no connection to"));
    }

    @Test
    void a_port_of_the_machine_is_a_stream() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            check(server, server.getLocalAddress());
        }
    }

    @Test
    void a_query_that_waits_for_a_socket_can_be_cancelled_25() throws Exception {
        byte[] bytes = stream(1, 2, 3);
        CountDownLatch waits = new CountDownLatch(1);
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            CompletableFuture<Void> served = serve(server, bytes, 1, waits);
            Schema schema = ArrowIpc.schema(ArrowIpc.factory(() -> new ByteArrayInputStream(bytes)));
            engine.register("numbers", ArrowStreamTable.of(schema, ArrowIpc.factory(server.getLocalAddress())));
            Query query = engine.query("SELECT count(*) FROM numbers");
            CompletableFuture<GraticuleException> answer = CompletableFuture
                    .supplyAsync(() -> assertThrows(GraticuleException.class, () -> Rows.firstColumn(query)));
            assertTrue(waits.await(10, TimeUnit.SECONDS), () -> answer + " " + served);
            assertFalse(answer.isDone());
            query.cancel();
            assertEquals(ErrorKind.CANCELLED, answer.get(10, TimeUnit.SECONDS).kind());
            served.exceptionally(connectionReset -> null).get(10, TimeUnit.SECONDS);
        }
    }
}
