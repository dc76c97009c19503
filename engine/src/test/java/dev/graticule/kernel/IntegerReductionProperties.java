package dev.graticule.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graticule.type.SqlType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Sums of whole numbers are exact, whatever their width and sign. */
final class IntegerReductionProperties {
    private static final SqlType[] TYPES = {SqlType.TINYINT, SqlType.SMALLINT, SqlType.INTEGER, SqlType.BIGINT,
            SqlType.UTINYINT, SqlType.USMALLINT,
            SqlType.UINTEGER, SqlType.UBIGINT};

    @Property(tries = 300)
    void sums_and_extremes_are_exact(@ForAll long seed, @ForAll @IntRange(max = 300) int count,
            @ForAll @IntRange(max = 7) int which,
            @ForAll @IntRange(max = 130) int bit, @ForAll boolean masked) {
        SqlType type = TYPES[which];
        Random random = new Random(seed);
        long[] words = new long[(bit + count + 63 >>> 6) + 1];
        for (int i = 0; i < words.length; i++) {
            words[i] = masked ? random.nextLong() : -1;
        }
        BigInteger sum = BigInteger.ZERO;
        BigInteger least = null;
        BigInteger greatest = null;
        int counted = 0;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(count * 8L + 8);
            for (int i = 0; i < count; i++) {
                long value = random.nextBoolean() ? random.nextLong() : random.nextInt(3) - 1;
                BigInteger exact;
                switch (type.bytes()) {
                    case 1 -> {
                        data.setAtIndex(ValueLayout.JAVA_BYTE, i, (byte) value);
                        exact = BigInteger.valueOf(type.isUnsigned() ? value & 0xff : (byte) value);
                    }
                    case 2 -> {
                        data.setAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i, (short) value);
                        exact = BigInteger.valueOf(type.isUnsigned() ? value & 0xffff : (short) value);
                    }
                    case 4 -> {
                        data.setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i, (int) value);
                        exact = BigInteger.valueOf(type.isUnsigned() ? value & 0xffff_ffffL : (int) value);
                    }
                    default -> {
                        data.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i, value);
                        exact = type.isUnsigned() ? new BigInteger(Long.toUnsignedString(value))
                                : BigInteger.valueOf(value);
                    }
                }
                if ((words[bit + i >>> 6] >>> bit + i & 1) != 0) {
                    sum = sum.add(exact);
                    least = least == null ? exact : least.min(exact);
                    greatest = greatest == null ? exact : greatest.max(exact);
                    counted++;
                }
            }
            IntegerReduction reduction = IntegerReduction.of(type);
            ExactSum exact = new ExactSum();
            IntegerExtremes extremes = new IntegerExtremes();
            if (masked) {
                reduction.sum(data, 0, count, words, bit, exact);
                reduction.extremes(data, 0, count, words, bit, extremes);
            } else {
                reduction.sum(data, 0, count, exact);
                reduction.extremes(data, 0, count, extremes);
            }
            assertEquals(sum, exact.toBigInteger());
            assertEquals(sum.bitLength() < 64, exact.isLong());
            assertEquals(counted, exact.count);
            assertEquals(counted, extremes.count);
            if (counted > 0) {
                assertEquals(least.longValue(), extremes.least);
                assertEquals(greatest.longValue(), extremes.greatest);
            }
        }
    }
}
