package dev.graticule.arrow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * An IPC stream that must end with the end-of-stream marker: without it, it was cut off. Vectors are emptied before they are loaded:
 * Arrow's library would release a buffer twice where the memory for the one in its place is refused.
 */
final class EndedStreamReader extends ArrowStreamReader implements GivesBuffersAway {
    private final String name;
    private final Tail tail;
    private long messagesEnd;

    private EndedStreamReader(String name, Tail tail, BufferAllocator allocator) {
        super(tail, allocator, CommonsCompressionFactory.INSTANCE);
        this.name = name;
        this.tail = tail;
    }

    /**
     * A reader of a channel that it closes; the caller closes the reader.
     *
     * @param name what the stream is called in messages: {@code 'x.arrows'}
     */
    static EndedStreamReader open(String name, ReadableByteChannel channel, BufferAllocator allocator) {
        return new EndedStreamReader(name, new Tail(channel), allocator);
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

    /** Loads a batch. */
    interface Load {
        boolean next() throws IOException;
    }

    /** Loads a batch; an error says of what. */
    static boolean named(String name, Load load) throws IOException {
        try {
            return load.next();
        } catch (IOException | IndexOutOfBoundsException | IllegalArgumentException | IllegalStateException failure) {
            throw new IOException(name + ": "
                    + (failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage()),
                    failure);
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
