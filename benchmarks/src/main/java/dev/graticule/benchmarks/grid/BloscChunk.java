package dev.graticule.benchmarks.grid;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * Decodes the one kind of blosc container that the generator writes (4 bytes a value, LZ4, bytes shuffled) from native into native memory,
 * block by block in the cache. Used by one thread.
 *
 * <p>Format: README_CHUNK_FORMAT.rst of c-blosc 1.21. blosc-java itself decodes from array to array only.
 */
final class BloscChunk {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Byte> QUARTERS = VectorSpecies.of(byte.class,
            VectorShape.forBitSize(INTS.vectorBitSize() / Integer.BYTES));
    private static final int HEADER = 16;
    private static final int WIDTH = Integer.BYTES;
    private static final int STORED = 2;
    private static final int NOT_SPLIT = 16;
    private static final int SMALLEST_SPLIT = 128;

    private final LZ4SafeDecompressor lz4 = LZ4Factory.nativeInstance().safeDecompressor();
    private MemorySegment planes = MemorySegment.NULL;
    private ByteBuffer planeBytes = ByteBuffer.allocate(0);

    /** Decodes the container that {@code stored} begins with, all of it, into {@code target}. */
    void decode(ByteBuffer stored, MemorySegment target) {
        MemorySegment source = MemorySegment.ofBuffer(stored);
        int flags = source.get(ValueLayout.JAVA_BYTE, 2);
        int bytes = source.get(INT, 4);
        int block = source.get(INT, 8);
        if ((flags & STORED) != 0) {
            MemorySegment.copy(source, HEADER, target, 0, bytes);
            return;
        }
        if (planes.byteSize() < block) {
            planes = Arena.ofAuto().allocate(block, 64);
            planeBytes = planes.asByteBuffer();
        }
        for (int start = 0, number = 0; start < bytes; start += block, number++) {
            int length = Math.min(block, bytes - start);
            boolean split = (flags & NOT_SPLIT) == 0 && length == block && length / WIDTH >= SMALLEST_SPLIT;
            int streams = split ? WIDTH : 1;
            int at = source.get(INT, HEADER + 4L * number);
            for (int stream = 0; stream < streams; stream++) {
                int size = source.get(INT, at);
                int to = stream * (length / streams);
                at += 4;
                if (size == length / streams) {
                    MemorySegment.copy(source, at, planes, to, size);
                } else {
                    lz4.decompress(stored, at, size, planeBytes, to, length / streams);
                }
                at += size;
            }
            unshuffle(length / WIDTH, target, start);
        }
    }

    /** Makes values of the planes of their first, second, third and fourth bytes. */
    private void unshuffle(int count, MemorySegment target, int start) {
        int i = 0;
        for (; i + INTS.length() <= count; i += INTS.length()) {
            plane(i).or(plane(i + count).lanewise(VectorOperators.LSHL, 8))
                    .or(plane(i + 2 * count).lanewise(VectorOperators.LSHL, 16))
                    .or(plane(i + 3 * count).lanewise(VectorOperators.LSHL, 24))
                    .intoMemorySegment(target, start + (long) i * WIDTH, ByteOrder.LITTLE_ENDIAN);
        }
        for (; i < count; i++) {
            for (int b = 0; b < WIDTH; b++) {
                target.set(ValueLayout.JAVA_BYTE, start + (long) i * WIDTH + b,
                        planes.get(ValueLayout.JAVA_BYTE, (long) b * count + i));
            }
        }
    }

    private IntVector plane(int from) {
        return (IntVector) ByteVector.fromMemorySegment(QUARTERS, planes, from, ByteOrder.LITTLE_ENDIAN)
                .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
    }
}
