package dev.graticule.zarr.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.scalableminds.bloscjava.Blosc;
import dev.graticule.zarr.CountingBuffers;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What c-blosc compresses, this decoder decodes: with vector loops and with their scalar twins. */
class BloscProperties {
    @Property(tries = 300)
    void everythingThatBloscWritesDecodesToWhatItWas(@ForAll @IntRange(min = 0, max = 60_000) int size,
            @ForAll @IntRange(min = 1, max = 20) int typeSize,
            @ForAll Blosc.Compressor compressor, @ForAll Blosc.Shuffle shuffle,
            @ForAll @IntRange(min = 0, max = 9) int level,
            @ForAll @IntRange(min = 0, max = 3) int blocks, @ForAll long seed) throws CorruptDataException {
        byte[] data = data(size, typeSize, seed);
        byte[] stored = Blosc.compress(data, typeSize, compressor, level, shuffle,
                blocks == 0 ? 0 : 1 << (7 + 2 * blocks), 1);
        try (CountingBuffers buffers = new CountingBuffers(); Workspace workspace = new Workspace()) {
            workspace.lend(buffers);
            for (Loops loops : Loops.values()) {
                workspace.use(loops);
                assertArrayEquals(data, NumcodecsFixturesTest.decode(workspace, ByteCodec.BLOSC, stored, size));
            }
            workspace.release();
        }
    }

    @Property(tries = 500)
    void damagedContainersGiveAnErrorOrBytesOfTheRightSizeAndNeverCrash(
            @ForAll @IntRange(min = 1, max = 5_000) int size,
            @ForAll @IntRange(min = 1, max = 9) int typeSize, @ForAll Blosc.Compressor compressor,
            @ForAll Blosc.Shuffle shuffle,
            @ForAll @IntRange(min = 1, max = 8) int damages, @ForAll long seed) {
        byte[] stored = Blosc.compress(data(size, typeSize, seed), typeSize, compressor, 5, shuffle, 0, 1);
        Random random = new Random(seed);
        for (int i = 0; i < damages; i++) {
            int limit = random.nextBoolean() ? Math.min(40, stored.length) : stored.length;
            stored[random.nextInt(limit)] = (byte) random.nextInt();
        }
        try (CountingBuffers buffers = new CountingBuffers(); Workspace workspace = new Workspace()) {
            workspace.lend(buffers);
            try {
                assertTrue(NumcodecsFixturesTest.decode(workspace, ByteCodec.BLOSC, stored, size).length <= size);
            } catch (CorruptDataException expected) {
                assertTrue(expected.getMessage().contains(":"), expected::getMessage);
            }
            workspace.release();
        }
    }

    private static byte[] data(int size, int typeSize, long seed) {
        Random random = new Random(seed);
        byte[] data = new byte[size];
        int kind = random.nextInt(3);
        for (int i = 0; i < size; i++) {
            data[i] = switch (kind) {
                case 0 -> (byte) random.nextInt();
                case 1 -> (byte) (i % typeSize == 0 ? i / typeSize : random.nextInt(8) == 0 ? 1 : 0);
                default -> (byte) (i / 100);
            };
        }
        return data;
    }
}
