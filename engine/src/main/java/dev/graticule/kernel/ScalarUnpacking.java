package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;

/** Unpacking one by one; the stored type and whether it is scaled are class data. */
final class ScalarUnpacking implements UnpackLoop {
    private static final Operation WANTED;

    static {
        try {
            WANTED = MethodHandles.classData(MethodHandles.lookup(), "_", Operation.class);
        } catch (IllegalAccessException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private static final SqlType.Scalar STORED = WANTED.stored();
    private static final boolean SCALED = WANTED.scaled();
    private static final boolean FLOATING = STORED.isFloating();
    private static final long BYTES = STORED.bytes();

    @Override
    public void floating(Packing packing, MemorySegment data, long at, MemorySegment out, long outAt, int count) {
        MemorySegment from = data.asSlice(at * BYTES, count * BYTES);
        if (STORED == SqlType.Scalar.REAL && !SCALED) {
            MemorySegment to = out.asSlice(outAt << 2, (long) count << 2);
            for (int i = 0; i < count; i++) {
                float value = from.get(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) i << 2);
                to.set(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) i << 2, isSentinel(packing, value) ? Float.NaN : value);
            }
            return;
        }
        MemorySegment to = out.asSlice(outAt << 3, (long) count << 3);
        double scale = packing.scale;
        double offset = packing.offset;
        for (int i = 0; i < count; i++) {
            double value = Element.floating(STORED, from, i);
            boolean missing = FLOATING ? isSentinel(packing, value)
                    : isSentinel(packing, Element.integer(STORED, from, i));
            to.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, (long) i << 3,
                    missing ? Double.NaN : SCALED ? value * scale + offset : value);
        }
    }

    @Override
    public void valid(Packing packing, MemorySegment data, long at, long[] out, long bit, int count) {
        MemorySegment from = data.asSlice(at * BYTES, count * BYTES);
        for (int base = 0; base < count; base += 64) {
            int some = Math.min(64, count - base);
            long word = 0;
            for (int i = 0; i < some; i++) {
                boolean missing = FLOATING
                        ? isSentinel(packing, Element.floating(STORED, from, base + i))
                        : isSentinel(packing, Element.integer(STORED, from, base + i));
                word |= (missing ? 0L : 1L) << i;
            }
            Masks.setWord(out, bit + base, some, word);
        }
    }

    private static boolean isSentinel(Packing packing, long value) {
        for (long sentinel : packing.whole) {
            if (value == sentinel) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSentinel(Packing packing, double value) {
        for (double sentinel : packing.floating) {
            if (value == sentinel || sentinel != sentinel && value != value) {
                return true;
            }
        }
        return false;
    }
}
