package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Overlays of vectors; the type is class data. */
final class VectorOverlay implements OverlayLoop {
    private static final SqlType.Scalar TYPE;

    static {
        try {
            TYPE = MethodHandles.classData(MethodHandles.lookup(), "_", SqlType.Scalar.class);
        } catch (IllegalAccessException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private static final VectorSpecies<Object> SPECIES = Species.of(TYPE);
    private static final int LANES = SPECIES.length();
    private static final int BYTES = TYPE.bytes();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private final OverlayLoop rest = Kernels.specialise(ScalarOverlay.class, TYPE);

    @Override
    public void run(MemorySegment data, long at, int step, long[] words, long cell, MemorySegment out, int count) {
        int whole = count & -64;
        if (whole > 0) {
            MemorySegment target = out.asSlice(cell * BYTES, (long) whole * BYTES);
            if (step == 0) {
                constant(data, at, words, cell, target, whole);
            } else {
                values(data.asSlice(at * BYTES, (long) whole * BYTES), words, cell, target, whole);
            }
        }
        if (whole < count) {
            rest.run(data, at + (long) whole * step, step, words, cell + whole, out, count - whole);
        }
    }

    private static void values(MemorySegment data, long[] words, long cell, MemorySegment out, int count) {
        for (int base = 0; base < count; base += 64) {
            long word = Masks.word(words, cell + base, 64);
            if (word == 0) {
                continue;
            }
            for (int i = 0; i < 64; i += LANES) {
                long place = (long) (base + i) * BYTES;
                Vector<Object> value = SPECIES.fromMemorySegment(data, place, ORDER);
                SPECIES.fromMemorySegment(out, place, ORDER).blend(value, VectorMask.fromLong(SPECIES, word >>> i))
                        .intoMemorySegment(out, place, ORDER);
            }
        }
    }

    private static void constant(MemorySegment data, long at, long[] words, long cell, MemorySegment out, int count) {
        Vector<Object> value = Species.broadcast(TYPE, SPECIES, data, at);
        for (int base = 0; base < count; base += 64) {
            long word = Masks.word(words, cell + base, 64);
            if (word == 0) {
                continue;
            }
            for (int i = 0; i < 64; i += LANES) {
                long place = (long) (base + i) * BYTES;
                SPECIES.fromMemorySegment(out, place, ORDER).blend(value, VectorMask.fromLong(SPECIES, word >>> i))
                        .intoMemorySegment(out, place, ORDER);
            }
        }
    }
}
