package dev.graticule.arrow;

import dev.graticule.GraticuleException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.ArrowDictionaryBatch;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageChannelReader;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * An IPC stream that must end with the end-of-stream marker: without it, it was cut off. Vectors are emptied before they are loaded:
 * Arrow's library would release a buffer twice where the memory for the one in its place is refused.
 */
final class EndedStreamReader extends ArrowStreamReader implements NamedReader, GivesBuffersAway {
    private final String name;
    private final Tail tail;
    private final LentBlock lent;
    private final BatchCheck check;
    private long messagesEnd;

    private EndedStreamReader(String name, Tail tail, Bodies bodies, BufferAllocator allocator) {
        super(new MessageChannelReader(bodies, allocator), allocator);
        this.name = name;
        this.tail = tail;
        this.lent = bodies.lent;
        this.check = new BatchCheck(name);
    }

    @Override
    public String name() {
        return name;
    }

    /**
     * A reader of a channel that it closes; the caller closes the reader.
     *
     * @param name what the stream is called in messages: {@code 'x.arrows'}
     */
    static EndedStreamReader open(String name, ReadableByteChannel channel, BufferAllocator allocator) {
        Tail tail = new Tail(channel);
        return new EndedStreamReader(name, tail, new Bodies(name, tail), allocator);
    }

    @Override
    protected Schema readSchema() throws IOException {
        Schema schema = named(name, super::readSchema);
        messagesEnd = tail.position;
        return schema;
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        getVectorSchemaRoot().clear();
        boolean more = loaded(name, super::loadNextBatch);
        if (!more && (tail.position - messagesEnd < 4 || tail.last != 0)) {
            throw new IOException(
                    name + " ends without the end-of-stream marker: it was cut off, or its writer was not closed.");
        }
        messagesEnd = more ? tail.position : messagesEnd;
        return more;
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

    /** Reads a schema or loads a batch. */
    interface Load<T> {
        T next() throws IOException;
    }

    /** Reads a schema or loads a batch; an error says of what. */
    static <T> T named(String name, Load<T> load) throws IOException {
        try {
            return load.next();
        } catch (IndexOutOfBoundsException | NullPointerException | ClassCastException | StackOverflowError failure) {
            throw damaged(name, failure);
        } catch (IOException failure) {
            throw named(name, failure);
        }
    }

    /** Loads a batch; an error says of what, and is never one of the caller. */
    static boolean loaded(String name, Load<Boolean> load) throws IOException {
        try {
            return named(name, load);
        } catch (GraticuleException | OutOfMemoryException known) {
            throw known;
        } catch (RuntimeException failure) {
            throw named(name, failure);
        }
    }

    private static IOException named(String name, Exception failure) {
        String said = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return new IOException(said.startsWith(name) ? said : name + ": " + said, failure);
    }

    /** What Arrow's library trips over where it does not check; why it fell is told only where that says something. */
    static IOException damaged(String name, Throwable failure) {
        boolean telling = failure instanceof IndexOutOfBoundsException && failure.getMessage() != null;
        return new IOException(name + " is damaged" + (telling ? ": " + failure.getMessage() : ""), failure);
    }

    /** Reads messages, and looks at how long they say they are: Arrow's library takes that much memory before it reads. */
    private static final class Bodies extends ReadChannel {
        private static final int PREFIX = 4;
        private static final int CONTINUATION = -1;
        private static final long LARGEST_HEADER = 1 << 26;
        private static final long LARGEST_BODY = 1L << 40;

        private final LentBlock lent = new LentBlock();
        private final String name;
        private final Tail tail;
        private boolean isBody;

        Bodies(String name, Tail tail) {
            super(tail);
            this.name = name;
            this.tail = tail;
        }

        @Override
        public int readFully(ByteBuffer bytes) throws IOException {
            int read = super.readFully(bytes);
            if (isBody) {
                return read;
            }
            if (read == PREFIX && bytes.capacity() == PREFIX) {
                int length = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(0);
                if (length != CONTINUATION) {
                    check("header", length, LARGEST_HEADER);
                }
            } else if (read == bytes.capacity() && read >= PREFIX) {
                check("body", Message.getRootAsMessage(bytes.duplicate().rewind()).bodyLength(), LARGEST_BODY);
            }
            return read;
        }

        private void check(String part, long length, long most) throws IOException {
            long left = tail.left();
            if (length < 0 || length > most || length > left) {
                throw new IOException(name + " is damaged: the message at byte " + tail.position + " says that its "
                        + part
                        + " has " + length + " bytes" + (left == Long.MAX_VALUE ? "" : ", and " + left + " are left"));
            }
        }

        @Override
        public long readFully(ArrowBuf body, long length) throws IOException {
            lent.lend(body);
            isBody = true;
            try {
                return super.readFully(body, length);
            } finally {
                isBody = false;
            }
        }

        @Override
        public void close() throws IOException {
            lent.release();
            super.close();
        }
    }

    /** A channel that knows how many bytes it gave and what the last four were. */
    private static final class Tail implements ReadableByteChannel {
        private final ReadableByteChannel channel;
        private long position;
        private int last;

        Tail(ReadableByteChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            int start = target.position();
            int read = channel.read(target);
            for (int i = Integer.max(start, target.position() - 4); i < target.position(); i++) {
                last = last << 8 | target.get(i) & 0xFF;
            }
            position += Integer.max(0, read);
            return read;
        }

        /** How many bytes are left, as far as that is known. */
        long left() throws IOException {
            return channel instanceof FileChannel file ? file.size() - file.position() : Long.MAX_VALUE;
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
