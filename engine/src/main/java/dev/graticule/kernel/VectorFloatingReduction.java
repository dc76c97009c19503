package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vector loops that reduce REAL or DOUBLE (their type is class data) in double precision.
 *
 * <p>Sums are made block by block as if there were no NaN; a block whose sum is NaN is still in the cache and is summed again
 * without its NaNs.
 */
final class VectorFloatingReduction implements FloatingReduction {
    private static final boolean SINGLE;

    static {
        try {
            SINGLE = MethodHandles.classData(MethodHandles.lookup(), "_", SqlType.Scalar.class) == SqlType.Scalar.REAL;
        } catch (IllegalAccessException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
    /** As many floats as there are doubles in a vector. */
    private static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class,
            VectorShape.forBitSize(DOUBLES.vectorBitSize() / 2));
    private static final int LANES = DOUBLES.length();
    private static final int BLOCK = 2048;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private static DoubleVector load(MemorySegment data, int i) {
        return SINGLE
                ? (DoubleVector) FloatVector.fromMemorySegment(FLOATS, data, (long) i << 2, ORDER)
                        .convertShape(VectorOperators.F2D, DOUBLES, 0)
                : DoubleVector.fromMemorySegment(DOUBLES, data, (long) i << 3, ORDER);
    }

    private static double get(MemorySegment data, int i) {
        return SINGLE ? data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) i << 2)
                : data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, (long) i << 3);
    }

    private static MemorySegment part(MemorySegment data, long start, int count) {
        return SINGLE ? data.asSlice(start << 2, (long) count << 2) : data.asSlice(start << 3, (long) count << 3);
    }

    private static MemorySegment wide(MemorySegment data, long start, int count) {
        return data.asSlice(start << 3, (long) count << 3);
    }

    @Override
    public void sum(MemorySegment data, long start, int count, FloatingSum into) {
        MemorySegment run = part(data, start, count);
        for (int from = 0; from < count; from += BLOCK) {
            int to = Math.min(count, from + BLOCK);
            double sum = sumBlock(run, from, to);
            if (sum == sum) {
                into.sum += sum;
                into.count += to - from;
            } else {
                sumNumbers(run, from, to, into);
            }
        }
    }

    private static double sumBlock(MemorySegment run, int from, int to) {
        DoubleVector sum0 = DoubleVector.zero(DOUBLES);
        DoubleVector sum1 = sum0;
        DoubleVector sum2 = sum0;
        DoubleVector sum3 = sum0;
        int i = from;
        for (; i <= to - 4 * LANES; i += 4 * LANES) {
            sum0 = sum0.add(load(run, i));
            sum1 = sum1.add(load(run, i + LANES));
            sum2 = sum2.add(load(run, i + 2 * LANES));
            sum3 = sum3.add(load(run, i + 3 * LANES));
        }
        for (; i <= to - LANES; i += LANES) {
            sum0 = sum0.add(load(run, i));
        }
        double sum = sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(VectorOperators.ADD);
        for (; i < to; i++) {
            sum += get(run, i);
        }
        return sum;
    }

    private static void sumNumbers(MemorySegment run, int from, int to, FloatingSum into) {
        DoubleVector zero = DoubleVector.zero(DOUBLES);
        DoubleVector sum0 = zero;
        DoubleVector sum1 = zero;
        int missing = 0;
        int i = from;
        for (; i <= to - 2 * LANES; i += 2 * LANES) {
            DoubleVector a = load(run, i);
            DoubleVector b = load(run, i + LANES);
            VectorMask<Double> noA = a.test(VectorOperators.IS_NAN);
            VectorMask<Double> noB = b.test(VectorOperators.IS_NAN);
            sum0 = sum0.add(a.blend(zero, noA));
            sum1 = sum1.add(b.blend(zero, noB));
            missing += noA.trueCount() + noB.trueCount();
        }
        double sum = sum0.add(sum1).reduceLanes(VectorOperators.ADD);
        for (; i < to; i++) {
            double value = get(run, i);
            if (value == value) {
                sum += value;
            } else {
                missing++;
            }
        }
        into.sum += sum;
        into.count += to - from - missing;
    }

    @Override
    public void sum(MemorySegment data, long start, int count, long[] words, long bit, FloatingSum into) {
        MemorySegment run = part(data, start, count);
        DoubleVector zero = DoubleVector.zero(DOUBLES);
        DoubleVector sum0 = zero;
        DoubleVector sum1 = zero;
        double rest = 0;
        int numbers = 0;
        for (int base = 0; base < count; base += 64) {
            long word = Masks.word(words, bit + base, count - base);
            if (word == 0) {
                continue;
            }
            if (base + 64 > count) {
                for (; word != 0; word &= word - 1) {
                    double value = get(run, base + Long.numberOfTrailingZeros(word));
                    if (value == value) {
                        rest += value;
                        numbers++;
                    }
                }
                break;
            }
            for (int i = 0; i < 64; i += 2 * LANES) {
                DoubleVector a = load(run, base + i);
                DoubleVector b = load(run, base + i + LANES);
                VectorMask<Double> isA = a.compare(VectorOperators.EQ, a).and(VectorMask.fromLong(DOUBLES, word >>> i));
                VectorMask<Double> isB = b.compare(VectorOperators.EQ, b)
                        .and(VectorMask.fromLong(DOUBLES, word >>> i + LANES));
                sum0 = sum0.add(zero.blend(a, isA));
                sum1 = sum1.add(zero.blend(b, isB));
                numbers += isA.trueCount() + isB.trueCount();
            }
        }
        into.sum += sum0.add(sum1).reduceLanes(VectorOperators.ADD) + rest;
        into.count += numbers;
    }

    @Override
    public void extremes(MemorySegment data, long start, int count, Extremes into) {
        MemorySegment run = part(data, start, count);
        // A comparison with NaN is false: NaN never gets in. Two chains hide the latency.
        DoubleVector least0 = DoubleVector.broadcast(DOUBLES, into.least);
        DoubleVector least1 = least0;
        DoubleVector greatest0 = DoubleVector.broadcast(DOUBLES, into.greatest);
        DoubleVector greatest1 = greatest0;
        int missing = 0;
        int i = 0;
        for (; i <= count - 2 * LANES; i += 2 * LANES) {
            DoubleVector a = load(run, i);
            DoubleVector b = load(run, i + LANES);
            least0 = least0.blend(a, a.compare(VectorOperators.LT, least0));
            least1 = least1.blend(b, b.compare(VectorOperators.LT, least1));
            greatest0 = greatest0.blend(a, a.compare(VectorOperators.GT, greatest0));
            greatest1 = greatest1.blend(b, b.compare(VectorOperators.GT, greatest1));
            missing += a.compare(VectorOperators.NE, a).trueCount() + b.compare(VectorOperators.NE, b).trueCount();
        }
        double smallest = least0.min(least1).reduceLanes(VectorOperators.MIN);
        double largest = greatest0.max(greatest1).reduceLanes(VectorOperators.MAX);
        for (; i < count; i++) {
            double value = get(run, i);
            if (value == value) {
                smallest = Math.min(smallest, value);
                largest = Math.max(largest, value);
            } else {
                missing++;
            }
        }
        into.least = smallest;
        into.greatest = largest;
        into.count += count - missing;
    }

    @Override
    public void extremes(MemorySegment data, long start, int count, long[] words, long bit, Extremes into) {
        MemorySegment run = part(data, start, count);
        DoubleVector least = DoubleVector.broadcast(DOUBLES, into.least);
        DoubleVector greatest = DoubleVector.broadcast(DOUBLES, into.greatest);
        double smallest = into.least;
        double largest = into.greatest;
        int numbers = 0;
        for (int base = 0; base < count; base += 64) {
            long word = Masks.word(words, bit + base, count - base);
            if (word == 0) {
                continue;
            }
            if (base + 64 > count) {
                for (; word != 0; word &= word - 1) {
                    double value = get(run, base + Long.numberOfTrailingZeros(word));
                    if (value == value) {
                        smallest = Math.min(smallest, value);
                        largest = Math.max(largest, value);
                        numbers++;
                    }
                }
                break;
            }
            for (int i = 0; i < 64; i += LANES) {
                DoubleVector value = load(run, base + i);
                VectorMask<Double> selected = VectorMask.fromLong(DOUBLES, word >>> i);
                least = least.blend(value, value.compare(VectorOperators.LT, least).and(selected));
                greatest = greatest.blend(value, value.compare(VectorOperators.GT, greatest).and(selected));
                numbers += value.compare(VectorOperators.EQ, value).and(selected).trueCount();
            }
        }
        into.least = Math.min(smallest, least.reduceLanes(VectorOperators.MIN));
        into.greatest = Math.max(largest, greatest.reduceLanes(VectorOperators.MAX));
        into.count += numbers;
    }

    @Override
    public void moments(MemorySegment data, long start, int count, Moments into) {
        FloatingSum sum = new FloatingSum();
        for (int from = 0; from < count; from += BLOCK) {
            int length = Math.min(count - from, BLOCK);
            sum.clear();
            sum(data, start + from, length, sum);
            double mean = sum.sum / sum.count;
            MemorySegment run = part(data, start + from, length);
            DoubleVector zero = DoubleVector.zero(DOUBLES);
            DoubleVector squares = zero;
            int i = 0;
            for (; i <= length - LANES; i += LANES) {
                DoubleVector deviation = load(run, i).sub(mean);
                deviation = deviation.blend(zero, deviation.test(VectorOperators.IS_NAN));
                squares = squares.add(deviation.mul(deviation));
            }
            double total = squares.reduceLanes(VectorOperators.ADD);
            for (; i < length; i++) {
                double deviation = get(run, i) - mean;
                if (deviation == deviation) {
                    total += deviation * deviation;
                }
            }
            into.add(sum.count, mean, Double.isFinite(mean) ? total : Double.NaN);
        }
    }

    @Override
    public void moments(MemorySegment data, long start, int count, long[] words, long bit, Moments into) {
        FloatingSum sum = new FloatingSum();
        for (int from = 0; from < count; from += BLOCK) {
            int length = Math.min(count - from, BLOCK);
            sum.clear();
            sum(data, start + from, length, words, bit + from, sum);
            double mean = sum.sum / sum.count;
            MemorySegment run = part(data, start + from, length);
            DoubleVector zero = DoubleVector.zero(DOUBLES);
            DoubleVector squares = zero;
            double total = 0;
            for (int base = 0; base < length; base += 64) {
                long word = Masks.word(words, bit + from + base, length - base);
                if (word == 0) {
                    continue;
                }
                if (base + 64 > length) {
                    for (; word != 0; word &= word - 1) {
                        double deviation = get(run, base + Long.numberOfTrailingZeros(word)) - mean;
                        if (deviation == deviation) {
                            total += deviation * deviation;
                        }
                    }
                    break;
                }
                for (int i = 0; i < 64; i += LANES) {
                    DoubleVector deviation = load(run, base + i).sub(mean);
                    VectorMask<Double> is = deviation.compare(VectorOperators.EQ, deviation)
                            .and(VectorMask.fromLong(DOUBLES, word >>> i));
                    deviation = zero.blend(deviation, is);
                    squares = squares.add(deviation.mul(deviation));
                }
            }
            total += squares.reduceLanes(VectorOperators.ADD);
            into.add(sum.count, mean, Double.isFinite(mean) ? total : Double.NaN);
        }
    }

    @Override
    public int accumulate(MemorySegment sums, long at, MemorySegment data, long start, int count) {
        MemorySegment target = wide(sums, at, count);
        MemorySegment run = part(data, start, count);
        DoubleVector zero = DoubleVector.zero(DOUBLES);
        int missing = 0;
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            DoubleVector value = load(run, i);
            VectorMask<Double> no = value.test(VectorOperators.IS_NAN);
            DoubleVector.fromMemorySegment(DOUBLES, target, (long) i << 3, ORDER).add(value.blend(zero, no))
                    .intoMemorySegment(target, (long) i << 3, ORDER);
            missing += no.trueCount();
        }
        for (; i < count; i++) {
            double value = get(run, i);
            if (value == value) {
                target.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, (long) i << 3,
                        target.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, (long) i << 3) + value);
            } else {
                missing++;
            }
        }
        return missing;
    }

    @Override
    public int accumulate(MemorySegment sums, long at, MemorySegment data, long start, int count, long[] words,
            long bit) {
        MemorySegment target = wide(sums, at, count);
        MemorySegment run = part(data, start, count);
        DoubleVector zero = DoubleVector.zero(DOUBLES);
        int missing = 0;
        for (int base = 0; base < count; base += 64) {
            long word = Masks.word(words, bit + base, count - base);
            if (word == 0) {
                continue;
            }
            if (base + 64 > count) {
                for (; word != 0; word &= word - 1) {
                    long i = base + Long.numberOfTrailingZeros(word);
                    double value = get(run, (int) i);
                    if (value == value) {
                        target.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, i << 3,
                                target.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, i << 3) + value);
                    } else {
                        missing++;
                    }
                }
                break;
            }
            int numbers = 0;
            for (int i = 0; i < 64; i += LANES) {
                DoubleVector value = load(run, base + i);
                VectorMask<Double> is = value.compare(VectorOperators.EQ, value)
                        .and(VectorMask.fromLong(DOUBLES, word >>> i));
                long place = (long) (base + i) << 3;
                DoubleVector.fromMemorySegment(DOUBLES, target, place, ORDER).add(zero.blend(value, is))
                        .intoMemorySegment(target, place, ORDER);
                numbers += is.trueCount();
            }
            missing += Long.bitCount(word) - numbers;
        }
        return missing;
    }

    @Override
    public void countNumbers(MemorySegment counts, long at, MemorySegment data, long start, int count) {
        MemorySegment target = wide(counts, at, count);
        MemorySegment run = part(data, start, count);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            DoubleVector value = load(run, i);
            addOne(target, i, value.compare(VectorOperators.EQ, value));
        }
        for (; i < count; i++) {
            double value = get(run, i);
            if (value == value) {
                increment(target, i);
            }
        }
    }

    @Override
    public void countNumbers(MemorySegment counts, long at, MemorySegment data, long start, int count, long[] words,
            long bit) {
        MemorySegment target = wide(counts, at, count);
        MemorySegment run = part(data, start, count);
        for (int base = 0; base < count; base += 64) {
            long word = Masks.word(words, bit + base, count - base);
            if (word == 0) {
                continue;
            }
            if (base + 64 > count) {
                for (; word != 0; word &= word - 1) {
                    int i = base + Long.numberOfTrailingZeros(word);
                    double value = get(run, i);
                    if (value == value) {
                        increment(target, i);
                    }
                }
                break;
            }
            for (int i = 0; i < 64; i += LANES) {
                DoubleVector value = load(run, base + i);
                addOne(target, base + i,
                        value.compare(VectorOperators.EQ, value).and(VectorMask.fromLong(DOUBLES, word >>> i)));
            }
        }
    }

    private static void addOne(MemorySegment target, int i, VectorMask<Double> mask) {
        LongVector.fromMemorySegment(LONGS, target, (long) i << 3, ORDER).add(1, mask.cast(LONGS))
                .intoMemorySegment(target, (long) i << 3, ORDER);
    }

    private static void increment(MemorySegment target, long i) {
        target.set(ValueLayout.JAVA_LONG_UNALIGNED, i << 3, target.get(ValueLayout.JAVA_LONG_UNALIGNED, i << 3) + 1);
    }

    @Override
    public int accumulateLeast(MemorySegment least, long at, MemorySegment data, long start, int count) {
        MemorySegment target = wide(least, at, count);
        MemorySegment run = part(data, start, count);
        int missing = 0;
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            DoubleVector value = load(run, i);
            VectorMask<Double> no = value.test(VectorOperators.IS_NAN);
            DoubleVector old = DoubleVector.fromMemorySegment(DOUBLES, target, (long) i << 3, ORDER);
            old.min(value.blend(old, no)).intoMemorySegment(target, (long) i << 3, ORDER);
            missing += no.trueCount();
        }
        for (; i < count; i++) {
            double value = get(run, i);
            if (value == value) {
                target.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, (long) i << 3,
                        Math.min(target.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, (long) i << 3), value));
            } else {
                missing++;
            }
        }
        return missing;
    }

    @Override
    public int accumulateGreatest(MemorySegment greatest, long at, MemorySegment data, long start, int count) {
        MemorySegment target = wide(greatest, at, count);
        MemorySegment run = part(data, start, count);
        int missing = 0;
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            DoubleVector value = load(run, i);
            VectorMask<Double> no = value.test(VectorOperators.IS_NAN);
            DoubleVector old = DoubleVector.fromMemorySegment(DOUBLES, target, (long) i << 3, ORDER);
            old.max(value.blend(old, no)).intoMemorySegment(target, (long) i << 3, ORDER);
            missing += no.trueCount();
        }
        for (; i < count; i++) {
            double value = get(run, i);
            if (value == value) {
                target.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, (long) i << 3,
                        Math.max(target.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, (long) i << 3), value));
            } else {
                missing++;
            }
        }
        return missing;
    }
}
