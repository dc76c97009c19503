package dev.graticule.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.batch.Column;
import dev.graticule.spi.DatasetProvider;
import dev.graticule.spi.RowReader;
import dev.graticule.type.SqlType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams and files on disk, whole and damaged; dictionaries that change on the way. */
final class ArrowIpcTest {
    @TempDir
    private Path folder;
    private Path stream;

    @BeforeEach
    void writeStream() throws IOException {
        stream = folder.resolve("numbers.arrows");
        try (BufferAllocator allocator = new RootAllocator(); IntVector numbers = numbers(allocator);
                VectorSchemaRoot root = VectorSchemaRoot.of(numbers); OutputStream out = Files.newOutputStream(stream);
                ArrowStreamWriter writer = new ArrowStreamWriter(root, null, out)) {
            writer.writeBatch();
            writer.writeBatch();
        }
    }

    private static IntVector numbers(BufferAllocator allocator) {
        IntVector numbers = new IntVector("n", allocator);
        numbers.setSafe(0, 7);
        numbers.setNull(1);
        numbers.setSafe(2, 9);
        numbers.setValueCount(3);
        return numbers;
    }

    @Test
    void a_stream_and_a_file_are_told_apart_by_content() throws IOException {
        Path file = folder.resolve("numbers.dat");
        try (BufferAllocator allocator = new RootAllocator(); IntVector numbers = numbers(allocator);
                VectorSchemaRoot root = VectorSchemaRoot.of(numbers);
                FileChannel out = FileChannel.open(file, java.nio.file.StandardOpenOption.CREATE,
                        java.nio.file.StandardOpenOption.WRITE);
                ArrowFileWriter writer = new ArrowFileWriter(root, null, out)) {
            writer.start();
            writer.writeBatch();
        }
        assertEquals(List.of(List.of("7"), List.of("NULL"), List.of("9")), Rows.all(ArrowIpc.open(file)));
        assertEquals(6, Rows.all(ArrowIpc.open(stream)).size());
        assertEquals("numbers", ArrowIpc.open(stream).name());
    }

    @Test
    void a_truncated_stream_is_an_error_wherever_it_was_cut() throws IOException {
        byte[] whole = Files.readAllBytes(stream);
        Path cut = folder.resolve("cut.arrows");
        ArrowStreamTable declared = ArrowStreamTable.of(ArrowIpc.schema(stream), ArrowIpc.factory(cut));
        for (int length = 0; length < whole.length; length++) {
            Files.write(cut, Arrays.copyOf(whole, length));
            GraticuleException error = assertThrows(GraticuleException.class, () -> Rows.all(declared),
                    "cut at " + length);
            assertEquals(ErrorKind.SOURCE, error.kind(), error.getMessage());
        }
    }

    @Test
    void a_dictionary_may_change_from_batch_to_batch_and_keys_may_be_null_24() throws IOException {
        Path file = folder.resolve("words.arrows");
        DictionaryEncoding encoding = new DictionaryEncoding(5, false, new ArrowType.Int(8, true));
        try (BufferAllocator allocator = new RootAllocator();
                VarCharVector words = new VarCharVector("words", allocator);
                TinyIntVector keys = new TinyIntVector("w", new FieldType(true, encoding.getIndexType(), encoding),
                        allocator);
                VectorSchemaRoot root = VectorSchemaRoot.of(keys); OutputStream out = Files.newOutputStream(file);
                ArrowStreamWriter writer = new ArrowStreamWriter(root,
                        new DictionaryProvider.MapDictionaryProvider(new Dictionary(words, encoding)),
                        out)) {
            words.setSafe(0, "a".getBytes());
            words.setSafe(1, "b".getBytes());
            words.setValueCount(2);
            keys.setSafe(0, 1);
            keys.setNull(1);
            keys.setSafe(2, 0);
            root.setRowCount(3);
            writer.writeBatch();
            words.setSafe(0, "c".getBytes());
            words.setNull(1);
            words.setSafe(2, "d".getBytes());
            words.setValueCount(3);
            keys.setSafe(0, 0);
            keys.setSafe(1, 1);
            keys.setSafe(2, 2);
            root.setRowCount(3);
            writer.writeBatch();
        }
        ArrowStreamTable table = ArrowIpc.open(file);
        assertEquals(SqlType.VARCHAR, table.columns().getFirst().type());
        assertEquals(List.of("b", "NULL", "a", "c", "NULL", "d"),
                Rows.all(table).stream().map(List::getFirst).toList());
        try (BufferAllocator allocator = new RootAllocator();
                RowReader reader = table.scan(List.of(0), List.of(), 100).openSplit(0, allocator)) {
            reader.next();
            assertInstanceOf(Column.Dictionary.class, reader.columns().getFirst());
        }
    }

    @Test
    void a_file_that_is_not_arrow_is_not_recognized_and_refused_with_its_name() throws IOException {
        Path text = Files.writeString(folder.resolve("x.csv"), "a,b,c\n1,2,3\n");
        assertFalse(ArrowIpc.recognizes(text));
        assertFalse(ArrowIpc.recognizes(folder.resolve("nothing")));
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertFalse(ArrowIpc.recognizes(empty));
        for (Path wrong : List.of(text, empty, folder.resolve("nothing"))) {
            GraticuleException error = assertThrows(GraticuleException.class, () -> ArrowIpc.open(wrong));
            assertEquals(ErrorKind.SOURCE, error.kind());
            assertTrue(error.getMessage().contains(wrong.toString()), error.getMessage());
        }
    }

    @Test
    void the_provider_is_found_and_opens_paths_and_file_addresses() {
        DatasetProvider provider = ServiceLoader.load(DatasetProvider.class).stream().map(ServiceLoader.Provider::get)
                .filter(found -> found.format().equals("arrow")).findFirst().orElseThrow();
        assertTrue(provider.recognizes(stream.toString()));
        assertTrue(provider.recognizes(stream.toUri().toString()));
        assertFalse(provider.recognizes("https://example.org/x.arrows"));
        assertEquals("numbers", provider.open(stream.toString(), Map.of()).tables().getFirst().name());
        GraticuleException error = assertThrows(GraticuleException.class,
                () -> provider.open(stream.toString(), Map.of("lines", 1L)));
        assertEquals(ErrorKind.BINDING, error.kind());
    }
}
