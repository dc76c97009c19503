package dev.graticule.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graticule.type.SqlType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Vector loops, their scalar twins and a plain loop over an array give the same. */
final class FloatingReductionProperties {
    private static final double[] ODD = {Double.NaN, Double.NaN, -0.0, 0.0, 1, -1, 1e300, -1e300, Float.MAX_VALUE,
            Double.MIN_VALUE};

    @Property(tries = 300)
    void vector_loops_and_scalar_twins_agree(@ForAll long seed, @ForAll @IntRange(max = 5000) int count,
            @ForAll @IntRange(max = 70) int start,
            @ForAll @IntRange(max = 130) int bit, @ForAll boolean single) {
        SqlType type = single ? SqlType.REAL : SqlType.DOUBLE;
        Random random = new Random(seed);
        int odd = random.nextInt(3);
        double[] values = new double[count];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate((start + count) * 8L + 8, 8);
            for (int i = 0; i < count; i++) {
                double value = odd == 0 || random.nextInt(4) < 3 ? random.nextGaussian() * 100
                        : ODD[random.nextInt(odd == 1 ? 1 : ODD.length)];
                if (single) {
                    value = Math.abs(value) > Float.MAX_VALUE ? 5 : (float) value;
                    data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, (start + i) * 4L, (float) value);
                } else {
                    data.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, (start + i) * 8L, value);
                }
                values[i] = value;
            }
            long[] words = new long[(bit + count + 63 >>> 6) + 1];
            int dense = random.nextInt(3);
            for (int i = 0; i < words.length; i++) {
                words[i] = switch (dense) {
                    case 0 -> random.nextLong() & random.nextLong() & random.nextLong();
                    case 1 -> -random.nextInt(2);
                    default -> random.nextLong();
                };
            }
            for (FloatingReduction reduction : new FloatingReduction[]{
                    Kernels.specialise(ScalarFloatingReduction.class, type),
                    Kernels.specialise(VectorFloatingReduction.class, type)}) {
                check(reduction, values, data, start, null, bit, arena);
                check(reduction, values, data, start, words, bit, arena);
            }
        }
    }

    private static void check(FloatingReduction reduction, double[] values, MemorySegment data, int start, long[] words,
            int bit, Arena arena) {
        int count = values.length;
        double sum = 0;
        double scale = 0;
        long numbers = 0;
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        double[] sums = new double[count];
        long[] counts = new long[count];
        int missing = 0;
        for (int i = 0; i < count; i++) {
            sums[i] = i;
            if (words == null || (words[bit + i >>> 6] >>> bit + i & 1) != 0) {
                double value = values[i];
                if (Double.isNaN(value)) {
                    missing++;
                } else {
                    sum += value;
                    scale += Math.abs(value);
                    numbers++;
                    least = Math.min(least, value);
                    greatest = Math.max(greatest, value);
                    sums[i] += value;
                    counts[i]++;
                }
            }
        }
        FloatingSum into = new FloatingSum();
        Extremes extremes = new Extremes();
        Moments moments = new Moments();
        MemorySegment target = arena.allocate(count * 8L + 16);
        MemorySegment counted = arena.allocate(count * 8L + 16);
        for (int i = 0; i < count; i++) {
            target.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, (i + 2) * 8L, i);
        }
        int met;
        if (words == null) {
            reduction.sum(data, start, count, into);
            reduction.extremes(data, start, count, extremes);
            reduction.moments(data, start, count, moments);
            met = reduction.accumulate(target, 2, data, start, count);
            reduction.countNumbers(counted, 2, data, start, count);
        } else {
            reduction.sum(data, start, count, words, bit, into);
            reduction.extremes(data, start, count, words, bit, extremes);
            reduction.moments(data, start, count, words, bit, moments);
            met = reduction.accumulate(target, 2, data, start, count, words, bit);
            reduction.countNumbers(counted, 2, data, start, count, words, bit);
        }
        assertEquals(numbers, into.count);
        assertEquals(sum, into.sum, scale * 1e-12);
        assertEquals(numbers, extremes.count);
        assertEquals(least, extremes.least, 0.0);
        assertEquals(greatest, extremes.greatest, 0.0);
        assertEquals(numbers, moments.count);
        assertEquals(missing, met);
        double[] summed = new double[count];
        long[] counts2 = new long[count];
        for (int i = 0; i < count; i++) {
            summed[i] = target.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, (i + 2) * 8L);
            counts2[i] = counted.get(ValueLayout.JAVA_LONG_UNALIGNED, (i + 2) * 8L);
        }
        assertArrayEquals(sums, summed);
        assertArrayEquals(counts, counts2);
        if (numbers > 0 && scale < 1e9) {
            double mean = sum / numbers;
            double squares = 0;
            for (int i = 0; i < count; i++) {
                if (counts[i] > 0) {
                    squares += (values[i] - mean) * (values[i] - mean);
                }
            }
            assertEquals(mean, moments.mean, 1e-9);
            assertEquals(squares, moments.squares, squares * 1e-9 + 1e-9);
        }
    }

    @Property(tries = 200)
    void least_and_greatest_are_accumulated_run_to_run(@ForAll long seed, @ForAll @IntRange(max = 100) int count,
            @ForAll boolean single) {
        SqlType type = single ? SqlType.REAL : SqlType.DOUBLE;
        for (FloatingReduction reduction : new FloatingReduction[]{
                Kernels.specialise(ScalarFloatingReduction.class, type),
                Kernels.specialise(VectorFloatingReduction.class, type)}) {
            Random random = new Random(seed);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment data = arena.allocate(count * 8L + 8);
                MemorySegment low = arena.allocate(count * 8L + 8);
                MemorySegment high = arena.allocate(count * 8L + 8);
                double[] values = new double[count];
                int missing = 0;
                for (int i = 0; i < count; i++) {
                    values[i] = random.nextInt(5) == 0 ? Double.NaN : random.nextInt(100) - 50;
                    missing += Double.isNaN(values[i]) ? 1 : 0;
                    if (single) {
                        data.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, (float) values[i]);
                    } else {
                        data.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i, values[i]);
                    }
                }
                assertEquals(missing, reduction.accumulateLeast(low, 1, data, 0, count));
                assertEquals(missing, reduction.accumulateGreatest(high, 1, data, 0, count));
                for (int i = 0; i < count; i++) {
                    double value = Double.isNaN(values[i]) ? 0 : values[i];
                    assertEquals(Math.min(0, value), low.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i + 1));
                    assertEquals(Math.max(0, value), high.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i + 1));
                }
            }
        }
    }
}
