package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;

/** Loops over whole numbers; their type is class data. */
final class ScalarIntegerReduction implements IntegerReduction {
    private static final SqlType.Scalar TYPE;

    static {
        try {
            TYPE = MethodHandles.classData(MethodHandles.lookup(), "_", SqlType.Scalar.class);
        } catch (IllegalAccessException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private static final boolean WIDE = TYPE.bytes() == 8;
    private static final boolean UNSIGNED = TYPE == SqlType.Scalar.UBIGINT;

    @Override
    public void sum(MemorySegment data, long start, int count, ExactSum into) {
        long low = 0;
        long high = 0;
        for (int i = 0; i < count; i++) {
            long value = Element.integer(TYPE, data, start + i);
            if (WIDE) {
                low += value & 0xffff_ffffL;
                high += UNSIGNED ? value >>> 32 : value >> 32;
            } else {
                low += value;
            }
        }
        add(low, high, into);
        into.count += count;
    }

    @Override
    public void sum(MemorySegment data, long start, int count, long[] words, long bit, ExactSum into) {
        long low = 0;
        long high = 0;
        for (int base = 0; base < count; base += 64) {
            long word = Masks.word(words, bit + base, count - base);
            into.count += Long.bitCount(word);
            for (; word != 0; word &= word - 1) {
                long value = Element.integer(TYPE, data, start + base + Long.numberOfTrailingZeros(word));
                if (WIDE) {
                    low += value & 0xffff_ffffL;
                    high += UNSIGNED ? value >>> 32 : value >> 32;
                } else {
                    low += value;
                }
            }
        }
        add(low, high, into);
    }

    /** Adds {@code low + high * 2^32}. */
    private static void add(long low, long high, ExactSum into) {
        into.add(low);
        into.addWide(high << 32, high >> 32);
    }

    @Override
    public void extremes(MemorySegment data, long start, int count, IntegerExtremes into) {
        if (count == 0) {
            return;
        }
        long flip = UNSIGNED ? Long.MIN_VALUE : 0;
        long first = Element.integer(TYPE, data, start) ^ flip;
        long least = into.count == 0 ? first : into.least ^ flip;
        long greatest = into.count == 0 ? first : into.greatest ^ flip;
        for (int i = 0; i < count; i++) {
            long value = Element.integer(TYPE, data, start + i) ^ flip;
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        into.least = least ^ flip;
        into.greatest = greatest ^ flip;
        into.count += count;
    }

    @Override
    public void extremes(MemorySegment data, long start, int count, long[] words, long bit, IntegerExtremes into) {
        long flip = UNSIGNED ? Long.MIN_VALUE : 0;
        for (int base = 0; base < count; base += 64) {
            for (long left = Masks.word(words, bit + base, count - base); left != 0; left &= left - 1) {
                long value = Element.integer(TYPE, data, start + base + Long.numberOfTrailingZeros(left));
                if (into.count++ == 0) {
                    into.least = value;
                    into.greatest = value;
                } else {
                    into.least = Math.min(into.least ^ flip, value ^ flip) ^ flip;
                    into.greatest = Math.max(into.greatest ^ flip, value ^ flip) ^ flip;
                }
            }
        }
    }
}
