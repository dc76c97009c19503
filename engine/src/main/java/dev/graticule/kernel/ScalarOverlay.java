package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;

/** Overlays one by one; the type is class data. */
final class ScalarOverlay implements OverlayLoop {
    private static final SqlType.Scalar TYPE;

    static {
        try {
            TYPE = MethodHandles.classData(MethodHandles.lookup(), "_", SqlType.Scalar.class);
        } catch (IllegalAccessException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    @Override
    public void run(MemorySegment data, long at, int step, long[] words, long cell, MemorySegment out, int count) {
        for (int base = 0; base < count; base += 64) {
            for (long left = Masks.word(words, cell + base, count - base); left != 0; left &= left - 1) {
                int i = base + Long.numberOfTrailingZeros(left);
                Element.setInteger(TYPE, out, cell + i, Element.integer(TYPE, data, at + (long) i * step));
            }
        }
    }
}
