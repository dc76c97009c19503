package dev.graticule.arrow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
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
final class EndedStreamReader extends ArrowStreamReader implements GivesBuffersAway {
    private final String name;
    private final Tail tail;
    private final LentBlock lent;
    private long messagesEnd;

    private EndedStreamReader(String name, Tail tail, Bodies bodies, BufferAllocator allocator) {
        super(new MessageChannelReader(bodies, allocator), allocator, CommonsCompressionFactory.INSTANCE);
        this.name = name;
        this.tail = tail;
        this.lent = bodies.lent;
    }

    /**
     * A reader of a channel that it closes; the caller closes the reader.
     *
     * @param name what the stream is called in messages: {@code 'x.arrows'}
     */
    static EndedStreamReader open(String name, ReadableByteChannel channel, BufferAllocator allocator) {
        Tail tail = new Tail(channel);
        return new EndedStreamReader(name, tail, new Bodies(tail), allocator);
    }

    @Override
    protected Schema readSchema() throws IOException {
        Schema schema = super.readSchema();
        messagesEnd = tail.position;
        return schema;
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        getVectorSchemaRoot().clear();
        boolean more = named(name, super::loadNextBatch);
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
        super.loadRecordBatch(batch);
    }

    @Override
    protected void loadDictionary(ArrowDictionaryBatch batch) {
        lent.owned();
        // Arrow's library closes it too, but not where no field has this dictionary.
        try (batch) {
            super.loadDictionary(batch);
        }
    }

    /** Loads a batch. */
    interface Load {
        boolean next() throws IOException;
    }

    /** Loads a batch; an error says of what. */
    static boolean named(String name, Load load) throws IOException {
        try {
            return load.next();
        } catch (IndexOutOfBoundsException | NullPointerException failure) {
            throw damaged(name, failure);
        } catch (IOException | IllegalArgumentException | IllegalStateException failure) {
            throw new IOException(name + ": "
                    + (failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage()),
                    failure);
        }
    }

    /** What Arrow's library trips over where it does not check; why it fell is told only where that says something. */
    static IOException damaged(String name, RuntimeException failure) {
        boolean telling = failure instanceof IndexOutOfBoundsException && failure.getMessage() != null;
        return new IOException(name + " is damaged" + (telling ? ": " + failure.getMessage() : ""), failure);
    }

    /** Reads the bodies of messages. */
    private static final class Bodies extends ReadChannel {
        private final LentBlock lent = new LentBlock();

        Bodies(Tail tail) {
            super(tail);
        }

        @Override
        public long readFully(ArrowBuf body, long length) throws IOException {
            lent.lend(body);
            return super.readFully(body, length);
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
