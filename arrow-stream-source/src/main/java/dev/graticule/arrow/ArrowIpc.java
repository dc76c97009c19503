package dev.graticule.arrow;

import dev.graticule.GraticuleException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.SeekableReadChannel;
import org.apache.arrow.vector.ipc.message.ArrowDictionaryBatch;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
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
     * A table over a stream, a file, or all streams and files in a folder, named like it without its ending. Reads the schemas now;
     * every query reads the files anew. Those of a folder are partitions, by name.
     *
     * @throws GraticuleException of kind SOURCE where there is no such file, it is not Arrow IPC, or the files of a folder differ in
     *             their schemas
     */
    public static ArrowStreamTable open(Path path) {
        String name = String.valueOf(path.getFileName());
        int dot = name.lastIndexOf('.');
        return (Files.isDirectory(path) ? open(inside(path))
                : ArrowStreamTable.of(schema(path), factory(path))).named(dot > 0 ? name.substring(0, dot) : name);
    }

    /** A table over streams and files, at least one, of one schema: its partitions in their order. */
    public static ArrowStreamTable open(List<Path> files) {
        Schema first = schema(files.getFirst());
        for (Path file : files.subList(1, files.size())) {
            Schema other = schema(file);
            if (!StreamRowReader.sameFields(first.getFields(), other.getFields())) {
                throw GraticuleException.source("The files of a table have one schema: '" + files.getFirst() + "' has "
                        + ArrowStreamTable.describe(first) + ", '" + file + "' has "
                        + ArrowStreamTable.describe(other) + ".", null);
            }
        }
        return ArrowStreamTable.partitioned(first, files.stream().map(ArrowIpc::factory).toList());
    }

    private static List<Path> inside(Path folder) {
        try {
            List<Path> files = ArrowFiles.in(folder);
            if (files.isEmpty()) {
                throw GraticuleException.source("The folder '" + folder
                        + "' holds no Arrow files: none of its names ends in .arrow, .arrows, .feather or .ipc.", null);
            }
            return files;
        } catch (IOException failure) {
            throw GraticuleException.source("'" + folder + "' cannot be read: " + failure.getMessage(), failure);
        }
    }

    /** Starts a reader of a stream or file; opens nothing before it is asked to. */
    public static ArrowStreamFactory factory(Path file) {
        return allocator -> openReader(file, allocator);
    }

    /** Starts a reader of an IPC stream of bytes: a pipe, a response, an array; calls {@code bytes} when it is asked to. */
    public static ArrowStreamFactory factory(InputStreamFactory bytes) {
        return allocator -> EndedStreamReader.open("The stream of bytes", Channels.newChannel(bytes.openStream()),
                allocator);
    }

    /**
     * Starts a reader of the IPC stream that a socket gives to whoever connects: a {@link java.net.UnixDomainSocketAddress}, or a
     * port of this machine. A query that is cancelled closes the connection.
     */
    public static ArrowStreamFactory factory(SocketAddress socket) {
        return allocator -> {
            try {
                return EndedStreamReader.open("The stream from " + socket, SocketChannel.open(socket), allocator);
            } catch (IOException failure) {
                throw new IOException("no connection to " + socket + ": " + failure.getMessage(), failure);
            }
        };
    }

    /** The schema of a stream or file, with the value types of dictionary-encoded fields; reads little more than that. */
    public static Schema schema(Path file) {
        return schema("'" + file + "'", factory(file));
    }

    /** The schema of the stream that a factory starts, with the value types of dictionary-encoded fields: starts it and ends it. */
    public static Schema schema(ArrowStreamFactory factory) {
        return schema("the stream", factory);
    }

    private static Schema schema(String name, ArrowStreamFactory factory) {
        try (BufferAllocator allocator = new RootAllocator(); ArrowReader reader = factory.openReader(allocator)) {
            PlainLayout plain = new PlainLayout(reader, allocator);
            Schema memory = reader.getVectorSchemaRoot().getSchema();
            memory.getFields().forEach(ArrowIpc::checkNames);
            return new Schema(memory.getFields().stream().map(plain::message).toList(), memory.getCustomMetadata());
        } catch (GraticuleException known) {
            throw known;
        } catch (UnsupportedOperationException | IllegalArgumentException unsupported) {
            // What Arrow's library says of types that it does not know.
            throw GraticuleException.unsupported(null, "the schema of " + name + " (" + unsupported.getMessage() + ")");
        } catch (Exception failure) {
            String said = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
            throw GraticuleException.source(
                    said.startsWith(name) ? said : name + " is not a readable Arrow stream or file: " + said, failure);
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
            return isFile(channel) ? new RandomAccessFileReader("'" + file + "'", channel, allocator)
                    : EndedStreamReader.open("'" + file + "'", channel, allocator);
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    /**
     * A file with a footer. Vectors are emptied before they are loaded: Arrow's library would release a buffer twice where the
     * memory for the one in its place is refused.
     */
    private static final class RandomAccessFileReader extends ArrowFileReader implements NamedReader, GivesBuffersAway {
        private final String name;
        private final FileChannel channel;
        private final LentBlock lent;
        private final BatchCheck check;

        RandomAccessFileReader(String name, FileChannel channel, BufferAllocator allocator) {
            this(name, channel, new BlockChannel(channel), allocator);
        }

        private RandomAccessFileReader(String name, FileChannel channel, BlockChannel blocks,
                BufferAllocator allocator) {
            super(blocks, allocator);
            this.name = name;
            this.channel = channel;
            this.lent = blocks.lent;
            this.check = new BatchCheck(name);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean loadNextBatch() throws IOException {
            getVectorSchemaRoot().clear();
            return EndedStreamReader.loaded(name, super::loadNextBatch);
        }

        @Override
        public void initialize() throws IOException {
            boolean complete = false;
            try {
                complete = EndedStreamReader.named(name, () -> {
                    FileFooter.check(name, channel);
                    super.initialize();
                    return true;
                });
            } finally {
                // Arrow's library closes the dictionaries only of a reader that could begin.
                if (!complete && dictionaries != null) {
                    dictionaries.values().forEach(dictionary -> dictionary.getVector().close());
                }
            }
        }

        @Override
        protected void loadRecordBatch(ArrowRecordBatch batch) {
            lent.owned();
            check.load(root(), batch, allocator);
        }

        private VectorSchemaRoot root() {
            try {
                return getVectorSchemaRoot();
            } catch (IOException begun) {
                throw new IllegalStateException(begun);
            }
        }

        @Override
        protected void loadDictionary(ArrowDictionaryBatch batch) {
            lent.owned();
            try (batch) {
                check.load(dictionaries, batch, allocator);
            }
        }
    }

    /** Reads the blocks of a file. */
    private static final class BlockChannel extends SeekableReadChannel {
        private final LentBlock lent = new LentBlock();

        BlockChannel(FileChannel channel) {
            super(channel);
        }

        @Override
        public long readFully(ArrowBuf block, long length) throws IOException {
            lent.lend(block);
            return super.readFully(block, length);
        }

        @Override
        public void close() throws IOException {
            lent.release();
            super.close();
        }
    }
}
