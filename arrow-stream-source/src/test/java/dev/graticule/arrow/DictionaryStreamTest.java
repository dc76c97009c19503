package dev.graticule.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowDictionaryBatch;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SEMANTICS 24: streams whose dictionaries grow, are empty, or do not fit, message by message. */
final class DictionaryStreamTest {
    private static final DictionaryEncoding ENCODING = new DictionaryEncoding(3, false, new ArrowType.Int(8, false));

    @TempDir
    private Path folder;
    private final BufferAllocator allocator = new RootAllocator();

    /** Writes messages after the schema of one dictionary-encoded column. */
    private Path stream(Messages messages) throws IOException {
        Path file = folder.resolve("x.arrows");
        try (allocator; OutputStream out = Files.newOutputStream(file);
                WriteChannel channel = new WriteChannel(Channels.newChannel(out))) {
            Field field = new Field("w", new FieldType(true, ArrowType.Utf8.INSTANCE, ENCODING), null);
            MessageSerializer.serialize(channel, new Schema(List.of(field)));
            messages.write(channel);
            ArrowStreamWriter.writeEndOfStream(channel, IpcOption.DEFAULT);
        }
        return file;
    }

    private interface Messages {
        void write(WriteChannel out) throws IOException;
    }

    private static ArrowRecordBatch batch(FieldVector vector) {
        return new VectorUnloader(VectorSchemaRoot.of(vector)).getRecordBatch();
    }

    private void words(WriteChannel out, boolean delta, String... words) throws IOException {
        try (VarCharVector vector = new VarCharVector("words", allocator)) {
            vector.allocateNew();
            for (int i = 0; i < words.length; i++) {
                vector.setSafe(i, words[i].getBytes());
            }
            vector.setValueCount(words.length);
            try (ArrowDictionaryBatch message = new ArrowDictionaryBatch(ENCODING.getId(), batch(vector), delta)) {
                MessageSerializer.serialize(out, message);
            }
        }
    }

    /** A key of -1 is NULL. */
    private void keys(WriteChannel out, int... keys) throws IOException {
        try (UInt1Vector vector = new UInt1Vector("w", allocator)) {
            vector.allocateNew();
            for (int i = 0; i < keys.length; i++) {
                if (keys[i] >= 0) {
                    vector.setSafe(i, keys[i]);
                }
            }
            vector.setValueCount(keys.length);
            try (ArrowRecordBatch message = batch(vector)) {
                MessageSerializer.serialize(out, message);
            }
        }
    }

    private static List<String> read(Path file) {
        return Rows.all(ArrowIpc.open(file)).stream().map(List::getFirst).toList();
    }

    @Test
    void a_delta_dictionary_adds_to_what_was_there() throws IOException {
        Path file = stream(out -> {
            words(out, false, "a", "b");
            keys(out, 1, 0, -1);
            words(out, true, "c", "d");
            keys(out, 3, 0, 2);
        });
        assertEquals(List.of("b", "a", "NULL", "d", "a", "c"), read(file));
    }

    @Test
    void an_empty_dictionary_serves_null_keys_only() throws IOException {
        Path file = stream(out -> {
            words(out, false);
            keys(out, -1, -1);
        });
        assertEquals(List.of("NULL", "NULL"), read(file));
    }

    @Test
    void a_key_beyond_the_dictionary_is_an_error_of_the_source() throws IOException {
        Path file = stream(out -> {
            words(out, false, "a");
            keys(out, 0, 1);
        });
        GraticuleException error = assertThrows(GraticuleException.class, () -> read(file));
        assertEquals(ErrorKind.SOURCE, error.kind());
        assertTrue(error.getMessage().contains("index 1"), error.getMessage());
    }

    @Test
    void keys_above_127_are_unsigned() throws IOException {
        String[] words = new String[200];
        for (int i = 0; i < words.length; i++) {
            words[i] = "w" + i;
        }
        Path file = stream(out -> {
            words(out, false, words);
            keys(out, 199, 0);
        });
        assertEquals(List.of("w199", "w0"), read(file));
    }
}
