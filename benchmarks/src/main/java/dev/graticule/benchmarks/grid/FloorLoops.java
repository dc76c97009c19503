package dev.graticule.benchmarks.grid;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The loops of the floor, over a run of REALs from a cell on, with the Vector API; NaN does not count. */
final class FloorLoops {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = FLOATS.length();

    private FloorLoops() {
    }

    /** A sum and how many numbers it has. */
    static final class Sum {
        double sum;
        long count;

        void add(Sum other) {
            sum += other.sum;
            count += other.count;
        }

        double mean() {
            return sum / count;
        }
    }

    /** Number, least, greatest, and the sums of x - 273 and of its squares. */
    static final class Moments {
        static final float SHIFT = 273;
        long count;
        float least = Float.POSITIVE_INFINITY;
        float greatest = Float.NEGATIVE_INFINITY;
        double sum;
        double squares;

        void add(Moments other) {
            count += other.count;
            least = Math.min(least, other.least);
            greatest = Math.max(greatest, other.greatest);
            sum += other.sum;
            squares += other.squares;
        }

        double mean() {
            return SHIFT + sum / count;
        }

        /** Of the sample. */
        double deviation() {
            return Math.sqrt((squares - sum * sum / count) / (count - 1));
        }
    }

    /** The greatest values, in ascending order once {@link #sorted} is asked. */
    static final class Top {
        private final float[] values;

        Top(int count) {
            values = new float[count];
            Arrays.fill(values, Float.NEGATIVE_INFINITY);
        }

        float least() {
            return values[0];
        }

        void add(float value) {
            if (value > values[0]) {
                values[0] = value;
                Arrays.sort(values);
            }
        }

        void add(Top other) {
            for (float value : other.values) {
                add(value);
            }
        }

        /** From the greatest on, without places that are empty. */
        double[] descending() {
            double[] sorted = new double[values.length];
            int count = 0;
            for (int i = values.length - 1; i >= 0 && values[i] > Float.NEGATIVE_INFINITY; i--) {
                sorted[count++] = values[i];
            }
            return Arrays.copyOf(sorted, count);
        }
    }

    private static FloatVector load(MemorySegment data, long cell) {
        return FloatVector.fromMemorySegment(FLOATS, data, cell * 4, ByteOrder.LITTLE_ENDIAN);
    }

    private static DoubleVector half(FloatVector values, int part) {
        return (DoubleVector) values.convertShape(VectorOperators.F2D, DOUBLES, part);
    }

    static void add(MemorySegment data, long start, int count, Sum into) {
        DoubleVector even = DoubleVector.zero(DOUBLES);
        DoubleVector odd = DoubleVector.zero(DOUBLES);
        int missing = 0;
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            FloatVector values = load(data, start + i);
            VectorMask<Float> nan = values.test(VectorOperators.IS_NAN);
            if (nan.anyTrue()) {
                missing += nan.trueCount();
                values = values.blend(0, nan);
            }
            even = even.add(half(values, 0));
            odd = odd.add(half(values, 1));
        }
        double sum = even.add(odd).reduceLanes(VectorOperators.ADD);
        for (; i < count; i++) {
            float value = data.getAtIndex(ValueLayout.JAVA_FLOAT, start + i);
            if (Float.isNaN(value)) {
                missing++;
            } else {
                sum += value;
            }
        }
        into.sum += sum;
        into.count += count - missing;
    }

    /** Adds the values where the condition is above a number: {@code condition} and {@code data} have runs of the same length. */
    static void addWhere(MemorySegment condition, long conditionStart, float above, MemorySegment data, long start,
            int count, Sum into) {
        DoubleVector even = DoubleVector.zero(DOUBLES);
        DoubleVector odd = DoubleVector.zero(DOUBLES);
        long counted = 0;
        double sum = 0;
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            FloatVector values = load(data, start + i);
            VectorMask<Float> counts = load(condition, conditionStart + i).compare(VectorOperators.GT, above)
                    .andNot(values.test(VectorOperators.IS_NAN));
            counted += counts.trueCount();
            FloatVector kept = FloatVector.zero(FLOATS).blend(values, counts);
            even = even.add(half(kept, 0));
            odd = odd.add(half(kept, 1));
        }
        for (; i < count; i++) {
            float value = data.getAtIndex(ValueLayout.JAVA_FLOAT, start + i);
            if (condition.getAtIndex(ValueLayout.JAVA_FLOAT, conditionStart + i) > above && !Float.isNaN(value)) {
                sum += value;
                counted++;
            }
        }
        into.sum += sum + even.add(odd).reduceLanes(VectorOperators.ADD);
        into.count += counted;
    }

    /** Counts the values, and in {@link Sum#sum} those above a number. */
    static void countAbove(MemorySegment data, long start, int count, float above, Sum into) {
        long greater = 0;
        int missing = 0;
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            FloatVector values = load(data, start + i);
            greater += values.compare(VectorOperators.GT, above).trueCount();
            missing += values.test(VectorOperators.IS_NAN).trueCount();
        }
        for (; i < count; i++) {
            float value = data.getAtIndex(ValueLayout.JAVA_FLOAT, start + i);
            greater += value > above ? 1 : 0;
            missing += Float.isNaN(value) ? 1 : 0;
        }
        into.sum += greater;
        into.count += count - missing;
    }

    /** Adds a run to as many sums, vector to vector; whether a value was missing. */
    static boolean accumulate(MemorySegment data, long start, int count, MemorySegment sums, long first) {
        VectorMask<Float> missing = FLOATS.maskAll(false);
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            FloatVector values = load(data, start + i);
            missing = missing.or(values.test(VectorOperators.IS_NAN));
            accumulate(half(values, 0), sums, first + i);
            accumulate(half(values, 1), sums, first + i + DOUBLES.length());
        }
        boolean any = missing.anyTrue();
        for (; i < count; i++) {
            float value = data.getAtIndex(ValueLayout.JAVA_FLOAT, start + i);
            any |= Float.isNaN(value);
            sums.setAtIndex(ValueLayout.JAVA_DOUBLE, first + i,
                    sums.getAtIndex(ValueLayout.JAVA_DOUBLE, first + i) + value);
        }
        return any;
    }

    private static void accumulate(DoubleVector values, MemorySegment sums, long at) {
        DoubleVector.fromMemorySegment(DOUBLES, sums, at * 8, ByteOrder.LITTLE_ENDIAN).add(values)
                .intoMemorySegment(sums, at * 8, ByteOrder.LITTLE_ENDIAN);
    }

    /** The sum of DOUBLEs. */
    static double sum(MemorySegment data, long start, int count) {
        DoubleVector total = DoubleVector.zero(DOUBLES);
        int i = 0;
        for (; i + DOUBLES.length() <= count; i += DOUBLES.length()) {
            total = total.add(
                    DoubleVector.fromMemorySegment(DOUBLES, data, (start + i) * 8, ByteOrder.LITTLE_ENDIAN));
        }
        double sum = total.reduceLanes(VectorOperators.ADD);
        for (; i < count; i++) {
            sum += data.getAtIndex(ValueLayout.JAVA_DOUBLE, start + i);
        }
        return sum;
    }

    static void addMoments(MemorySegment data, long start, int count, Moments into) {
        FloatVector least = FloatVector.broadcast(FLOATS, Float.POSITIVE_INFINITY);
        FloatVector greatest = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        DoubleVector sumEven = DoubleVector.zero(DOUBLES);
        DoubleVector sumOdd = DoubleVector.zero(DOUBLES);
        DoubleVector squaresEven = DoubleVector.zero(DOUBLES);
        DoubleVector squaresOdd = DoubleVector.zero(DOUBLES);
        int missing = 0;
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            FloatVector values = load(data, start + i);
            // A comparison with NaN is false: the least and the greatest so far stay.
            least = least.blend(values, values.compare(VectorOperators.LT, least));
            greatest = greatest.blend(values, values.compare(VectorOperators.GT, greatest));
            VectorMask<Float> nan = values.test(VectorOperators.IS_NAN);
            if (nan.anyTrue()) {
                missing += nan.trueCount();
                values = values.blend(Moments.SHIFT, nan);
            }
            FloatVector shifted = values.sub(Moments.SHIFT);
            DoubleVector even = half(shifted, 0);
            DoubleVector odd = half(shifted, 1);
            sumEven = sumEven.add(even);
            sumOdd = sumOdd.add(odd);
            squaresEven = even.fma(even, squaresEven);
            squaresOdd = odd.fma(odd, squaresOdd);
        }
        for (; i < count; i++) {
            float value = data.getAtIndex(ValueLayout.JAVA_FLOAT, start + i);
            if (Float.isNaN(value)) {
                missing++;
            } else {
                double shifted = value - Moments.SHIFT;
                into.least = Math.min(into.least, value);
                into.greatest = Math.max(into.greatest, value);
                into.sum += shifted;
                into.squares += shifted * shifted;
            }
        }
        into.count += count - missing;
        into.least = Math.min(into.least, least.reduceLanes(VectorOperators.MIN));
        into.greatest = Math.max(into.greatest, greatest.reduceLanes(VectorOperators.MAX));
        into.sum += sumEven.add(sumOdd).reduceLanes(VectorOperators.ADD);
        into.squares += squaresEven.add(squaresOdd).reduceLanes(VectorOperators.ADD);
    }

    /** The greatest value, or -Infinity. */
    static float greatest(MemorySegment data, long start, int count) {
        FloatVector most = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            FloatVector values = load(data, start + i);
            // A comparison with NaN is false: the greatest so far stays.
            most = most.blend(values, values.compare(VectorOperators.GT, most));
        }
        float greatest = most.reduceLanes(VectorOperators.MAX);
        for (; i < count; i++) {
            float value = data.getAtIndex(ValueLayout.JAVA_FLOAT, start + i);
            greatest = value > greatest ? value : greatest;
        }
        return greatest;
    }

    /** Offers values above one number, where the condition is below another. */
    static void offer(MemorySegment data, float above, MemorySegment condition, float below, long start, int count,
            Top top) {
        float bound = Math.max(above, top.least());
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            VectorMask<Float> found = load(data, start + i).compare(VectorOperators.GT, bound);
            if (found.anyTrue()) {
                found = found.and(load(condition, start + i).compare(VectorOperators.LT, below));
                if (found.anyTrue()) {
                    for (long lanes = found.toLong(); lanes != 0; lanes &= lanes - 1) {
                        top.add(data.getAtIndex(ValueLayout.JAVA_FLOAT,
                                start + i + Long.numberOfTrailingZeros(lanes)));
                    }
                    bound = Math.max(above, top.least());
                }
            }
        }
        for (; i < count; i++) {
            float value = data.getAtIndex(ValueLayout.JAVA_FLOAT, start + i);
            if (value > bound && condition.getAtIndex(ValueLayout.JAVA_FLOAT, start + i) < below) {
                top.add(value);
                bound = Math.max(above, top.least());
            }
        }
    }
}
