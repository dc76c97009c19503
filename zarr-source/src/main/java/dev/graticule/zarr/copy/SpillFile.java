package dev.graticule.zarr.copy;

import dev.graticule.batch.Memory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongFunction;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Parts of tiles that wait on disk because memory is full. The file is made when the first part comes and deleted when this is closed.
 * Thread-safe.
 */
final class SpillFile implements AutoCloseable {
    private static final long PIECE_BYTES = 1 << 30;

    private final Path path;
    private final long pieceBytes;
    private FileChannel channel;
    private long end;

    /** @param path of a file that does not exist */
    SpillFile(Path path) {
        this(path, PIECE_BYTES);
    }

    /** @param pieceBytes how much is read or written at once; a cell may have 16 bytes, so that a tile may have more than 2 GiB */
    SpillFile(Path path, long pieceBytes) {
        this.path = path;
        this.pieceBytes = pieceBytes;
    }

    /**
     * A part of a tile: its cells from {@code first} on.
     *
     * @param position of the marks of the cells in the file (from that of {@code 64 * (first / 64)} on); the cells of each variable
     *            follow, and behind those of texts their bytes
     * @param listed whether only the filled cells are there, one after the other
     * @param texts how many bytes of texts each variable has
     */
    record Part(long position, int first, int count, int filled, boolean listed, int[] nulls, long[] texts) {
        private int firstWord() {
            return first >>> 6;
        }

        private int words() {
            return (first + count + 63 >>> 6) - firstWord();
        }
    }

    /** Writes what a tile holds; the tile stays as it is. */
    Part write(Tile tile) {
        int first = tile.first();
        int count = tile.last() + 1 - first;
        int variables = tile.variables().size();
        boolean listed = tile.filled() * 4L < count;
        int[] nulls = new int[variables];
        long[] texts = new long[variables];
        long bytes = 0;
        for (int v = 0; v < variables; v++) {
            nulls[v] = tile.nulls(v);
            texts[v] = tile.texts(v) == null ? 0 : tile.texts(v).size();
            bytes += (listed ? tile.filled() : count) * (long) width(tile, v) + texts[v];
        }
        Part part = new Part(0, first, count, tile.filled(), listed, nulls, texts);
        part = new Part(reserve(bytes + part.words() * 8L), first, count, tile.filled(), listed, nulls, texts);
        long at = part.position();
        ByteBuffer small = ByteBuffer.allocate(1 << 16).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (int word = 0; word < part.words(); word++) {
            at = room(small, at);
            small.putLong(tile.marks(part.firstWord() + word));
        }
        at = flush(small, at);
        for (int v = 0; v < variables; v++) {
            int width = width(tile, v);
            if (listed) {
                for (int cell = next(tile, first); cell >= 0; cell = next(tile, cell + 1)) {
                    at = room(small, at);
                    small.put(tile.values(v).asSlice((long) cell * width, width).asByteBuffer());
                }
                at = flush(small, at);
            } else {
                at = write(tile.values(v).asSlice((long) first * width, (long) count * width), at);
            }
            if (texts[v] > 0) {
                at = write(tile.texts(v).bytes(), at);
            }
        }
        return part;
    }

    private static int width(Tile tile, int variable) {
        return tile.variables().get(variable).encoding().cellBytes();
    }

    private static int next(Tile tile, int from) {
        for (int cell = from; cell <= tile.last(); cell = (cell | 63) + 1) {
            long bits = tile.marks(cell >>> 6) & -1L << cell;
            if (bits != 0) {
                return (cell & ~63) + Long.numberOfTrailingZeros(bits);
            }
        }
        return -1;
    }

    private long room(ByteBuffer small, long at) {
        return small.remaining() < 16 ? flush(small, at) : at;
    }

    private long flush(ByteBuffer small, long at) {
        small.flip();
        long end = write(small, at);
        small.clear();
        return end;
    }

    private synchronized long reserve(long bytes) {
        try {
            if (channel == null) {
                channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        long position = end;
        end += bytes;
        return position;
    }

    /** Writes memory of any size, in pieces that byte buffers can be. */
    private long write(MemorySegment content, long position) {
        long end = position;
        for (long from = 0; from < content.byteSize(); from += pieceBytes) {
            end = write(content.asSlice(from, Long.min(pieceBytes, content.byteSize() - from)).asByteBuffer(), end);
        }
        return end;
    }

    private long write(ByteBuffer content, long position) {
        long at = position;
        try {
            while (content.hasRemaining()) {
                at += channel.write(content, at);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return at;
    }

    private void read(MemorySegment target, long position) {
        for (long from = 0; from < target.byteSize(); from += pieceBytes) {
            read(target.asSlice(from, Long.min(pieceBytes, target.byteSize() - from)).asByteBuffer(), position + from);
        }
    }

    private void read(ByteBuffer content, long position) {
        long at = position;
        try {
            while (content.hasRemaining()) {
                int count = channel.read(content, at);
                if (count < 0) {
                    throw new IOException("a part of a chunk is missing in " + path);
                }
                at += count;
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Puts a part back into its tile, which may hold other cells.
     *
     * @return the first cell that the tile holds already, or -1
     */
    int read(Part part, Tile tile, LongFunction<ArrowBuf> allocate) {
        try (ArrowBuf marks = allocate.apply(part.words() * 8L)) {
            MemorySegment words = Memory.segment(marks.memoryAddress(), part.words() * 8L);
            read(words, part.position());
            for (int word = 0; word < part.words(); word++) {
                long both = words.get(CellEncoding.LONG, word * 8L) & tile.marks(part.firstWord() + word);
                if (both != 0) {
                    return (part.firstWord() + word) * 64 + Long.numberOfTrailingZeros(both);
                }
            }
            long at = part.position() + words.byteSize();
            for (int v = 0; v < tile.variables().size(); v++) {
                at = readVariable(part, tile, v, words, at, allocate);
            }
            for (int run = nextRun(words, 0, true); run >= 0;) {
                int runEnd = nextRun(words, run, false);
                tile.mark(part.firstWord() * 64 + run, 1, runEnd - run);
                run = nextRun(words, runEnd, true);
            }
        }
        return -1;
    }

    private long readVariable(Part part, Tile tile, int v, MemorySegment words, long position,
            LongFunction<ArrowBuf> allocate) {
        int width = width(tile, v);
        long bytes = (part.listed() ? part.filled() : part.count()) * (long) width;
        tile.addNulls(v, part.nulls()[v]);
        Texts texts = tile.texts(v);
        long before = texts == null ? 0 : texts.size();
        if (part.texts()[v] > 0) {
            MemorySegment room = texts.room(part.texts()[v]);
            read(room.asSlice(before, part.texts()[v]), position + bytes);
            texts.grow(part.texts()[v]);
        }
        try (ArrowBuf buffer = allocate.apply(bytes)) {
            MemorySegment cells = Memory.segment(buffer.memoryAddress(), bytes);
            read(cells, position);
            if (before > 0) {
                for (long i = 0; i < bytes; i += 8) {
                    cells.set(CellEncoding.LONG, i, cells.get(CellEncoding.LONG, i) + before);
                }
            }
            MemorySegment target = tile.values(v);
            long taken = 0;
            for (int run = nextRun(words, 0, true); run >= 0;) {
                int runEnd = nextRun(words, run, false);
                long cell = part.firstWord() * 64L + run;
                long from = part.listed() ? taken : cell - part.first();
                MemorySegment.copy(cells, from * width, target, cell * width, (long) (runEnd - run) * width);
                taken += runEnd - run;
                run = nextRun(words, runEnd, true);
            }
        }
        return position + bytes + part.texts()[v];
    }

    /** The first bit from {@code from} on that is set, or not; of those that are not, at most the number of bits; else -1. */
    private static int nextRun(MemorySegment words, int from, boolean set) {
        int count = (int) (words.byteSize() * 8);
        for (int bit = from; bit < count; bit = (bit | 63) + 1) {
            long word = words.get(CellEncoding.LONG, (bit >>> 6) * 8L);
            long bits = (set ? word : ~word) & -1L << bit;
            if (bits != 0) {
                return (bit & ~63) + Long.numberOfTrailingZeros(bits);
            }
        }
        return set ? -1 : count;
    }

    /** Whether anything was written. */
    synchronized boolean isUsed() {
        return channel != null;
    }

    @Override
    public synchronized void close() throws IOException {
        if (channel != null) {
            channel.close();
            Files.deleteIfExists(path);
            channel = null;
        }
    }
}
