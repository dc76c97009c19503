package dev.graticule.zarr;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.zarr.codec.ByteCodec;
import dev.graticule.zarr.codec.ByteOrders;
import dev.graticule.zarr.codec.CorruptDataException;
import dev.graticule.zarr.codec.Workspace;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;

/**
 * Reads chunks of arrays into memory: from the file, through the codecs, to little-endian elements in the order in which
 * the chunk stores them. Nothing partial is ever given out. Used by one thread.
 *
 * <p>Codecs: numcodecs and the Zarr version 3 specification; an uncompressed chunk goes from the file to the target
 * without a copy, and a part of it is read alone.
 */
final class ChunkDecoder implements AutoCloseable {
    /** A gap between wanted rows that is cheaper to read over than to skip. */
    private static final long SPAN = 1 << 16;

    private final Store store;
    private final OpenValues values;
    private final Workspace workspace;
    private long bytesRead;
    private long chunksRead;
    private String shardKey = "";
    private long[] shardIndex;

    ChunkDecoder(Store store, Workspace workspace) {
        this.store = store;
        this.values = new OpenValues(store);
        this.workspace = workspace;
    }

    long bytesRead() {
        return bytesRead;
    }

    long chunksRead() {
        return chunksRead;
    }

    /** The key of a chunk in the store, or of the shard that it lies in. */
    static String key(ArrayMetadata array, Encoding.Regular encoding, long[] chunk) {
        String relative = encoding.keys()
                .key(encoding.sharding().isNone() ? chunk : encoding.sharding().shard(chunk));
        return array.path().isEmpty() ? relative : array.path() + "/" + relative;
    }

    /** The stored bytes of a chunk, which stay open; {@code null} where there is none. */
    private Store.Reading open(String key, Sharding sharding, long[] chunk) throws IOException, CorruptDataException {
        Store.Reading value = values.open(key).orElse(null);
        if (value == null || sharding.isNone()) {
            return value;
        }
        if (!key.equals(shardKey)) {
            shardIndex = sharding.readIndex(value);
            shardKey = key;
            bytesRead += sharding.indexBytes();
        }
        return sharding.part(value, shardIndex, chunk);
    }

    /**
     * Decodes a whole chunk into {@code target}, which has exactly its size.
     *
     * @return whether there is such a chunk; if not, the target is as it was
     * @throws GraticuleException of kind SOURCE naming the array and the chunk, where it is damaged
     */
    boolean decode(ArrayMetadata array, Encoding.Regular encoding, long[] chunk, MemorySegment target) {
        String key = key(array, encoding, chunk);
        chunksRead++;
        try {
            Store.Reading reading = open(key, encoding.sharding(), chunk);
            if (reading == null) {
                return false;
            }
            long stored = reading.size();
            if (encoding.codecs().isEmpty()) {
                requireSize(stored, target.byteSize());
                reading.read(0, target);
            } else {
                if (stored > Integer.MAX_VALUE) {
                    throw new CorruptDataException("the chunk has " + stored + " bytes, more than codecs take");
                }
                MemorySegment source = workspace.fileSpace(stored);
                reading.read(0, source);
                undo(encoding.codecs(), source, target);
            }
            bytesRead += stored;
            if (encoding.byteOrder() == ByteOrder.BIG_ENDIAN) {
                ByteOrders.reverse(target, encoding.type().bytes());
            }
            return true;
        } catch (CorruptDataException | IOException failure) {
            throw damaged(array, key, failure);
        }
    }

    /**
     * Decodes a whole chunk of any length.
     *
     * @return its bytes, valid as long as what the workspace lends; {@code null} where there is no such chunk
     * @throws GraticuleException of kind SOURCE naming the array and the chunk, where it is damaged
     */
    MemorySegment decodeAnyLength(ArrayMetadata array, Encoding.Regular encoding, long[] chunk) {
        String key = key(array, encoding, chunk);
        chunksRead++;
        try {
            Store.Reading reading = open(key, encoding.sharding(), chunk);
            if (reading == null) {
                return null;
            }
            if (reading.size() > Integer.MAX_VALUE) {
                throw new CorruptDataException("the chunk has " + reading.size() + " bytes, more than codecs take");
            }
            MemorySegment current = workspace.fileSpace(reading.size());
            reading.read(0, current);
            bytesRead += reading.size();
            int stage = 0;
            for (ByteCodec codec : encoding.codecs().reversed()) {
                current = workspace.decodeAnyLength(codec, current, stage);
                stage = codec == ByteCodec.CRC32C ? stage : 1 - stage;
            }
            return current;
        } catch (CorruptDataException | IOException failure) {
            throw damaged(array, key, failure);
        }
    }

    /**
     * Reads a box of an uncompressed chunk, and little more than that from the file.
     *
     * @param origin the box's first index along each of the array's axes, counted in the chunk
     * @param target exactly the size of the box; its elements come one after the other in the chunk's storage order
     * @return whether there is such a chunk; if not, the target is as it was
     */
    boolean decodePart(ArrayMetadata array, Encoding.Regular encoding, long[] chunk, int[] origin, int[] shape,
            MemorySegment target) {
        String key = key(array, encoding, chunk);
        chunksRead++;
        try {
            Store.Reading reading = open(key, encoding.sharding(), chunk);
            if (reading == null) {
                return false;
            }
            requireSize(reading.size(), encoding.chunkBytes());
            new Part(reading, encoding, origin, shape, target).read(0, 0, 0);
            if (encoding.byteOrder() == ByteOrder.BIG_ENDIAN) {
                ByteOrders.reverse(target, encoding.type().bytes());
            }
            return true;
        } catch (CorruptDataException | IOException failure) {
            throw damaged(array, key, failure);
        }
    }

    private static void requireSize(long stored, long expected) throws CorruptDataException {
        if (stored != expected) {
            throw new CorruptDataException("the chunk has " + stored + " bytes, expected " + expected);
        }
    }

    private void undo(List<ByteCodec> codecs, MemorySegment source, MemorySegment target) throws CorruptDataException {
        MemorySegment current = source;
        // What lies between two compressors is at most as large as incompressible data becomes.
        long between = target.byteSize() + target.byteSize() / 64 + 4096;
        int stage = 0;
        for (int i = codecs.size() - 1; i >= 0; i--) {
            boolean strips = codecs.get(i) == ByteCodec.CRC32C;
            MemorySegment space = i == 0 ? target : strips ? current : workspace.stageSpace(stage, between);
            stage = strips ? stage : 1 - stage;
            current = workspace.decode(codecs.get(i), current, space);
        }
        if (current.byteSize() != target.byteSize()) {
            throw new CorruptDataException(
                    "the chunk decodes to " + current.byteSize() + " bytes, expected " + target.byteSize());
        }
        if (current.address() != target.address()) {
            target.copyFrom(current);
        }
    }

    /** The error of a chunk that is damaged. */
    GraticuleException damaged(ArrayMetadata array, String key, Exception failure) {
        values.close(key);
        if (failure instanceof ClosedByInterruptException) {
            return GraticuleException.of(ErrorKind.CANCELLED, null,
                    "Cancelled while reading " + store.describe(key) + ".", failure);
        }
        String reason = switch (failure) {
            case EOFException end -> end.getMessage();
            case IOException io -> Hierarchy.reason(io);
            default -> failure.getMessage();
        };
        return GraticuleException.source(
                "Chunk '" + key + "' of array '" + (array.path().isEmpty() ? "/" : array.path()) + "' cannot be read: "
                        + reason + " (" + store.describe(key) + ").",
                failure);
    }

    @Override
    public void close() {
        values.close();
    }

    /** A box that is being read out of an open chunk: rows close to each other in one go, others one by one. */
    private final class Part {
        private final Store.Reading reading;
        private final MemorySegment target;
        private final int[] origin;
        private final int[] shape;
        private final long[] chunkStep;
        private final long[] boxStep;
        private final int bytes;

        Part(Store.Reading reading, Encoding.Regular encoding, int[] origin, int[] shape, MemorySegment target) {
            this.reading = reading;
            this.target = target;
            int axes = shape.length;
            this.origin = new int[axes];
            this.shape = new int[axes];
            chunkStep = new long[axes];
            boxStep = new long[axes];
            bytes = encoding.type().bytes();
            long inChunk = bytes;
            long inBox = bytes;
            for (int place = axes - 1; place >= 0; place--) {
                int axis = encoding.storageOrder()[place];
                this.origin[place] = origin[axis];
                this.shape[place] = shape[axis];
                chunkStep[place] = inChunk;
                boxStep[place] = inBox;
                inChunk *= encoding.chunkShape()[axis];
                inBox *= shape[axis];
            }
        }

        /** Reads what lies below index {@code from...} of the places before {@code place}. */
        void read(int place, long from, long to) throws IOException {
            long first = from;
            long last = from;
            long size = bytes;
            for (int p = place; p < shape.length; p++) {
                first += origin[p] * chunkStep[p];
                last += (origin[p] + shape[p] - 1L) * chunkStep[p];
                size *= shape[p];
            }
            long span = last - first + bytes;
            if (size == 0) {
                return;
            }
            if (span == size) {
                reading.read(first, target.asSlice(to, size));
                bytesRead += size;
            } else if (span <= SPAN || span <= 2 * size) {
                MemorySegment rows = workspace.fileSpace(span);
                reading.read(first, rows);
                bytesRead += span;
                copy(place, rows, 0, to);
            } else {
                for (int i = 0; i < shape[place]; i++) {
                    read(place + 1, from + (origin[place] + i) * chunkStep[place], to + i * boxStep[place]);
                }
            }
        }

        private void copy(int place, MemorySegment rows, long from, long to) {
            if (place == shape.length - 1 || place == shape.length) {
                MemorySegment.copy(rows, from, target, to, place == shape.length ? bytes : (long) shape[place] * bytes);
                return;
            }
            for (int i = 0; i < shape[place]; i++) {
                copy(place + 1, rows, from + i * chunkStep[place], to + i * boxStep[place]);
            }
        }
    }
}
