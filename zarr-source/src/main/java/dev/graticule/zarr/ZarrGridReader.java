package dev.graticule.zarr;

import dev.graticule.batch.Layout;
import dev.graticule.batch.Memory;
import dev.graticule.spi.Block;
import dev.graticule.batch.Buffers;
import dev.graticule.spi.GridReader;
import dev.graticule.spi.GridVariable;
import dev.graticule.zarr.codec.CorruptDataException;
import dev.graticule.zarr.codec.Workspace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;

/** Reads boxes of a store's arrays: a chunk, or the rows of it that are wanted, decoded where the engine can use it. */
final class ZarrGridReader implements GridReader {
    private final Map<String, StoredVariable> stored;
    private final Workspace workspace = new Workspace();
    private final ChunkDecoder decoder;

    ZarrGridReader(Store store, Map<String, StoredVariable> stored) {
        this.stored = stored;
        this.decoder = new ChunkDecoder(store, workspace);
    }

    @Override
    public Block openBlock(GridVariable variable, int[] origin, int[] shape, Buffers buffers) {
        StoredVariable source = stored.get(variable.name());
        if (source == null) {
            throw new IllegalArgumentException("no stored variable " + variable.name());
        }
        if (source.decoding() instanceof Decoding.Refused refused) {
            throw refused.error();
        }
        Encoding.Decodable encoding = source.array().decodable();
        long[] chunk = new long[origin.length];
        int[] within = new int[origin.length];
        for (int axis = 0; axis < origin.length; axis++) {
            chunk[axis] = origin[axis] / encoding.chunkShape()[axis];
            within[axis] = origin[axis] % encoding.chunkShape()[axis];
            if (within[axis] + shape[axis] > encoding.chunkShape()[axis]) {
                throw new IllegalArgumentException("a box beyond its chunk of " + variable.name());
            }
        }
        workspace.lend(buffers);
        try {
            return switch (encoding) {
                case Encoding.Regular regular -> openNumbers(source, regular, chunk, within, shape, buffers);
                case Encoding.Texts texts -> openTexts(source, texts, chunk, within, shape, buffers);
            };
        } finally {
            workspace.release();
        }
    }

    private Block openNumbers(StoredVariable source, Encoding.Regular encoding, long[] chunk, int[] within, int[] shape,
            Buffers buffers) {
        Elements elements = elements(source.array(), encoding, chunk, within, shape, buffers);
        if (elements == null) {
            elements = fill(encoding, shape.length, buffers);
        }
        try {
            Block block = new BlockMaker(source, encoding, shape, buffers).open(elements);
            elements = null;
            return block;
        } finally {
            if (elements != null) {
                buffers.giveBack(elements.buffer());
            }
        }
    }

    private Block openTexts(StoredVariable source, Encoding.Texts encoding, long[] chunk, int[] within, int[] shape,
            Buffers buffers) {
        TextBlockMaker maker = new TextBlockMaker(shape, (Decoding.Texts) source.decoding(), buffers);
        ArrayMetadata array = source.array();
        Encoding.Regular chunks = encoding.chunks();
        Elements elements = null;
        try {
            if (encoding.form() == TextForm.LENGTHS) {
                MemorySegment decoded = decoder.decodeAnyLength(array, chunks, chunk);
                return decoded == null ? maker.openConstant(encoding.fill())
                        : maker.open(decoded, chunks.chunkElements(), inChunk(chunks, within));
            }
            int[] units = Arrays.copyOf(shape, shape.length + 1);
            units[shape.length] = encoding.width();
            elements = elements(array, chunks, chunk, Arrays.copyOf(within, units.length), units, buffers);
            return elements == null ? maker.openConstant(encoding.fill()) : maker.open(encoding, elements);
        } catch (CorruptDataException failure) {
            throw decoder.damaged(array, ChunkDecoder.key(array, chunks, chunk), failure);
        } finally {
            if (elements != null) {
                buffers.giveBack(elements.buffer());
            }
        }
    }

    /**
     * Decoded elements of one box in a buffer of their own.
     *
     * @param count  how many elements the buffer holds
     * @param layout where those of the box are among them
     */
    record Elements(ArrowBuf buffer, int count, Layout layout) {
        MemorySegment segment(int bytes) {
            return Memory.segment(buffer).asSlice(0, (long) count * bytes);
        }
    }

    /** {@code null} where the chunk is not there. */
    private Elements elements(ArrayMetadata array, Encoding.Regular encoding, long[] chunk, int[] within, int[] shape,
            Buffers buffers) {
        int bytes = encoding.type().bytes();
        long wanted = 1;
        for (int length : shape) {
            wanted *= length;
        }
        boolean part = encoding.codecs().isEmpty() && wanted * 2 <= encoding.chunkElements();
        int count = (int) (part ? wanted : encoding.chunkElements());
        ArrowBuf buffer = buffers.take(Math.max(1, (long) count * bytes));
        Elements elements = null;
        try {
            MemorySegment target = Memory.segment(buffer).asSlice(0, (long) count * bytes);
            boolean present = part ? decoder.decodePart(array, encoding, chunk, within, shape, target)
                    : decoder.decode(array, encoding, chunk, target);
            if (present) {
                elements = new Elements(buffer, count,
                        part ? Layout.strided(0, storageStrides(encoding, shape)) : inChunk(encoding, within));
            }
        } finally {
            if (elements == null) {
                buffers.giveBack(buffer);
            }
        }
        return elements;
    }

    /** The one value of a chunk that is not there. */
    private static Elements fill(Encoding.Regular encoding, int axes, Buffers buffers) {
        ArrowBuf buffer = buffers.take(8);
        Memory.segment(buffer).set(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0,
                encoding.fillBits());
        return new Elements(buffer, 1, Layout.constant(axes, 0));
    }

    private static Layout inChunk(Encoding.Regular encoding, int[] within) {
        int[] strides = encoding.chunkStrides();
        int offset = 0;
        for (int axis = 0; axis < within.length; axis++) {
            offset += within[axis] * strides[axis];
        }
        return Layout.strided(offset, strides);
    }

    private static int[] storageStrides(Encoding.Regular encoding, int[] shape) {
        int[] strides = new int[shape.length];
        int stride = 1;
        for (int place = shape.length - 1; place >= 0; place--) {
            int axis = encoding.storageOrder()[place];
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return strides;
    }

    @Override
    public long bytesRead() {
        return decoder.bytesRead();
    }

    @Override
    public long chunksRead() {
        return decoder.chunksRead();
    }

    @Override
    public void close() {
        decoder.close();
        workspace.close();
    }
}
