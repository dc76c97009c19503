package dev.graticule.arrow;

import dev.graticule.GraticuleException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Arrow IPC on disk: streams ({@code .arrows}) and files ({@code .arrow}, {@code .feather}), told apart by their content,
 * uncompressed or with LZ4 or Zstandard buffers.
 */
public final class ArrowIpc {
    private static final byte[] FILE_MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);
    private static final int CONTINUATION = -1;
    private static final int LARGEST_SCHEMA = 1 << 20;

    private ArrowIpc() {
    }

    /**
     * A table over a stream or a file, named like the file without its ending. Reads the schema now; every query reads the
     * file anew.
     *
     * @throws GraticuleException of kind SOURCE where there is no such file or it is not Arrow IPC
     */
    public static ArrowStreamTable open(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return ArrowStreamTable.of(schema(file), factory(file)).named(dot > 0 ? name.substring(0, dot) : name);
    }

    /** Starts a reader of a stream or file; opens nothing before it is asked to. */
    public static ArrowStreamFactory factory(Path file) {
        return allocator -> openReader(file, allocator);
    }

    /** The schema of a stream or file, with the value types of dictionary-encoded fields; reads little more than that. */
    public static Schema schema(Path file) {
        try (BufferAllocator allocator = new RootAllocator(); ArrowReader reader = openReader(file, allocator)) {
            PlainLayout plain = new PlainLayout(reader, allocator);
            Schema memory = reader.getVectorSchemaRoot().getSchema();
            memory.getFields().forEach(ArrowIpc::checkNames);
            return new Schema(memory.getFields().stream().map(plain::message).toList(), memory.getCustomMetadata());
        } catch (GraticuleException known) {
            throw known;
        } catch (UnsupportedOperationException | IllegalArgumentException unsupported) {
            // What Arrow's library says of types that it does not know.
            throw GraticuleException.unsupported(null,
                    "the schema of '" + file + "' (" + unsupported.getMessage() + ")");
        } catch (IOException | RuntimeException failure) {
            throw GraticuleException.source("'" + file + "' is not a readable Arrow stream or file: "
                    + (failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage()),
                    failure);
        }
    }

    /** Arrow's library merges fields of a struct that share a name, and then misreads the batches. */
    private static void checkNames(Field field) {
        Set<String> names = new HashSet<>();
        for (Field child : field.getChildren()) {
            if (field.getType() instanceof ArrowType.Struct && !names.add(child.getName())) {
                throw new IllegalArgumentException(
                        "struct " + field.getName() + " has two fields called " + child.getName());
            }
            checkNames(child);
        }
    }

    /** Whether the file begins like an Arrow IPC file or stream; false where it cannot be read. */
    public static boolean recognizes(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file)) {
            return isFile(channel) || isStream(channel);
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static boolean isFile(FileChannel channel) throws IOException {
        return Arrays.equals(read(channel, 0, FILE_MAGIC.length).array(), FILE_MAGIC);
    }

    private static boolean isStream(FileChannel channel) throws IOException {
        ByteBuffer prefix = read(channel, 0, 8);
        boolean continued = prefix.getInt(0) == CONTINUATION;
        int start = continued ? 8 : 4;
        int length = prefix.getInt(continued ? 4 : 0);
        if (length <= 0 || length > LARGEST_SCHEMA || start + length > channel.size()) {
            return false;
        }
        try {
            return Message.getRootAsMessage(read(channel, start, length)).headerType() == MessageHeader.Schema;
        } catch (IndexOutOfBoundsException garbage) {
            return false;
        }
    }

    private static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        int read = 0;
        while (bytes.hasRemaining() && read >= 0) {
            read = channel.read(bytes, position + bytes.position());
        }
        return bytes.rewind();
    }

    private static ArrowReader openReader(Path file, BufferAllocator allocator) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw GraticuleException.source(
                    Files.exists(file) ? "'" + file + "' is a folder, not an Arrow stream or file."
                            : "No such file: " + file + " (current folder " + Path.of("").toAbsolutePath() + ").",
                    null);
        }
        FileChannel channel = FileChannel.open(file);
        try {
            return isFile(channel) ? new RandomAccessFileReader(channel, allocator)
                    : new StreamFileReader(file, channel, allocator);
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    /**
     * A file with a footer. Vectors are emptied before they are loaded: Arrow's library would release a buffer twice where the
     * memory for the one in its place is refused.
     */
    private static final class RandomAccessFileReader extends ArrowFileReader implements GivesBuffersAway {
        RandomAccessFileReader(FileChannel channel, BufferAllocator allocator) {
            super(channel, allocator, CommonsCompressionFactory.INSTANCE);
        }

        @Override
        public boolean loadNextBatch() throws IOException {
            getVectorSchemaRoot().clear();
            return super.loadNextBatch();
        }
    }

    /** A stream in a file, which must end with the end-of-stream marker: without it the file was cut off. */
    private static final class StreamFileReader extends ArrowStreamReader implements GivesBuffersAway {
        private final Path file;
        private final FileChannel channel;
        private long messagesEnd;

        StreamFileReader(Path file, FileChannel channel, BufferAllocator allocator) {
            super(channel, allocator, CommonsCompressionFactory.INSTANCE);
            this.file = file;
            this.channel = channel;
        }

        @Override
        protected Schema readSchema() throws IOException {
            Schema schema = super.readSchema();
            messagesEnd = channel.position();
            return schema;
        }

        @Override
        public boolean loadNextBatch() throws IOException {
            getVectorSchemaRoot().clear();
            boolean more = super.loadNextBatch();
            long position = channel.position();
            if (!more && (position - messagesEnd < 4 || read(channel, position - 4, 4).getInt() != 0)) {
                throw new IOException("'" + file
                        + "' ends without the end-of-stream marker: it was cut off, or its writer was not closed.");
            }
            messagesEnd = more ? position : messagesEnd;
            return more;
        }
    }
}
