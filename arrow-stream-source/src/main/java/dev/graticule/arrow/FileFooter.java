package dev.graticule.arrow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Footer;

/** Looks at where the footer of an Arrow file says its blocks are: Arrow's library takes memory for them before it looks. */
final class FileFooter {
    private static final int MAGIC = 6;
    private static final int HEAD = 8;
    private static final int TAIL = 4 + MAGIC;

    private FileFooter() {
    }

    /** @throws IOException which says what is wrong, as a sentence about the file */
    static void check(String name, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < HEAD + TAIL) {
            throw new IOException(name + " is damaged: it has " + size + " bytes, and no footer");
        }
        ByteBuffer tail = read(channel, size - TAIL, TAIL);
        int length = tail.getInt(0);
        if (tail.get(4) != 'A' || tail.get(TAIL - 1) != '1' || length <= 0 || length > size - HEAD - TAIL) {
            throw new IOException(
                    name + " is damaged: it does not end with a footer; it was cut off, or its writer was not"
                            + " closed");
        }
        Footer footer = Footer.getRootAsFooter(read(channel, size - TAIL - length, length));
        for (int i = 0; i < footer.dictionariesLength(); i++) {
            check(name, "dictionary block " + (i + 1), footer.dictionaries(i), size);
        }
        for (int i = 0; i < footer.recordBatchesLength(); i++) {
            check(name, "batch " + (i + 1), footer.recordBatches(i), size);
        }
    }

    private static void check(String name, String place, Block block, long size) throws IOException {
        long offset = block.offset();
        long header = block.metaDataLength();
        long body = block.bodyLength();
        if (offset < HEAD || header < HEAD || body < 0 || offset > size || header > size - offset
                || body > size - offset - header) {
            throw new IOException(name + " is damaged: by its footer " + place + " has " + header + " and " + body
                    + " bytes at " + offset + ", and the file has " + size);
        }
    }

    private static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && channel.read(bytes, position + bytes.position()) >= 0) {
            // until it is full
        }
        return bytes.rewind();
    }
}
