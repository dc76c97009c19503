package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;

/** The scalar twin of {@link VectorFloatingReduction}; its type is class data. */
final class ScalarFloatingReduction implements FloatingReduction {
    private static final SqlType.Scalar TYPE;

    static {
        try {
            TYPE = MethodHandles.classData(MethodHandles.lookup(), "_", SqlType.Scalar.class);
        } catch (IllegalAccessException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    @Override
    public void sum(MemorySegment data, long start, int count, FloatingSum into) {
        double sum = 0;
        int numbers = 0;
        for (int i = 0; i < count; i++) {
            double value = Element.floating(TYPE, data, start + i);
            if (value == value) {
                sum += value;
                numbers++;
            }
        }
        into.sum += sum;
        into.count += numbers;
    }

    @Override
    public void sum(MemorySegment data, long start, int count, long[] words, long bit, FloatingSum into) {
        double sum = 0;
        int numbers = 0;
        for (int base = 0; base < count; base += 64) {
            for (long left = Masks.word(words, bit + base, count - base); left != 0; left &= left - 1) {
                double value = Element.floating(TYPE, data, start + base + Long.numberOfTrailingZeros(left));
                if (value == value) {
                    sum += value;
                    numbers++;
                }
            }
        }
        into.sum += sum;
        into.count += numbers;
    }

    @Override
    public void extremes(MemorySegment data, long start, int count, Extremes into) {
        double least = into.least;
        double greatest = into.greatest;
        int numbers = 0;
        for (int i = 0; i < count; i++) {
            double value = Element.floating(TYPE, data, start + i);
            if (value == value) {
                least = Math.min(least, value);
                greatest = Math.max(greatest, value);
                numbers++;
            }
        }
        into.least = least;
        into.greatest = greatest;
        into.count += numbers;
    }

    @Override
    public void extremes(MemorySegment data, long start, int count, long[] words, long bit, Extremes into) {
        for (int base = 0; base < count; base += 64) {
            for (long left = Masks.word(words, bit + base, count - base); left != 0; left &= left - 1) {
                double value = Element.floating(TYPE, data, start + base + Long.numberOfTrailingZeros(left));
                if (value == value) {
                    into.least = Math.min(into.least, value);
                    into.greatest = Math.max(into.greatest, value);
                    into.count++;
                }
            }
        }
    }

    @Override
    public void moments(MemorySegment data, long start, int count, Moments into) {
        FloatingSum sum = new FloatingSum();
        sum(data, start, count, sum);
        double mean = sum.sum / sum.count;
        double squares = 0;
        for (int i = 0; i < count; i++) {
            double deviation = Element.floating(TYPE, data, start + i) - mean;
            if (deviation == deviation) {
                squares += deviation * deviation;
            }
        }
        into.add(sum.count, mean, Double.isFinite(mean) ? squares : Double.NaN);
    }

    @Override
    public void moments(MemorySegment data, long start, int count, long[] words, long bit, Moments into) {
        FloatingSum sum = new FloatingSum();
        sum(data, start, count, words, bit, sum);
        double mean = sum.sum / sum.count;
        double squares = 0;
        for (int base = 0; base < count; base += 64) {
            for (long left = Masks.word(words, bit + base, count - base); left != 0; left &= left - 1) {
                double deviation = Element.floating(TYPE, data, start + base + Long.numberOfTrailingZeros(left)) - mean;
                if (deviation == deviation) {
                    squares += deviation * deviation;
                }
            }
        }
        into.add(sum.count, mean, Double.isFinite(mean) ? squares : Double.NaN);
    }

    @Override
    public int accumulate(MemorySegment sums, long at, MemorySegment data, long start, int count) {
        int missing = 0;
        for (int i = 0; i < count; i++) {
            double value = Element.floating(TYPE, data, start + i);
            if (value == value) {
                long place = at + i << 3;
                sums.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, place,
                        sums.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, place) + value);
            } else {
                missing++;
            }
        }
        return missing;
    }

    @Override
    public int accumulate(MemorySegment sums, long at, MemorySegment data, long start, int count, long[] words,
            long bit) {
        int missing = 0;
        for (int base = 0; base < count; base += 64) {
            for (long left = Masks.word(words, bit + base, count - base); left != 0; left &= left - 1) {
                int i = base + Long.numberOfTrailingZeros(left);
                double value = Element.floating(TYPE, data, start + i);
                if (value == value) {
                    long place = at + i << 3;
                    sums.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, place,
                            sums.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, place) + value);
                } else {
                    missing++;
                }
            }
        }
        return missing;
    }

    @Override
    public void countNumbers(MemorySegment counts, long at, MemorySegment data, long start, int count) {
        for (int i = 0; i < count; i++) {
            double value = Element.floating(TYPE, data, start + i);
            if (value == value) {
                increment(counts, at + i);
            }
        }
    }

    @Override
    public void countNumbers(MemorySegment counts, long at, MemorySegment data, long start, int count, long[] words,
            long bit) {
        for (int base = 0; base < count; base += 64) {
            for (long left = Masks.word(words, bit + base, count - base); left != 0; left &= left - 1) {
                int i = base + Long.numberOfTrailingZeros(left);
                double value = Element.floating(TYPE, data, start + i);
                if (value == value) {
                    increment(counts, at + i);
                }
            }
        }
    }

    private static void increment(MemorySegment counts, long index) {
        counts.set(ValueLayout.JAVA_LONG_UNALIGNED, index << 3,
                counts.get(ValueLayout.JAVA_LONG_UNALIGNED, index << 3) + 1);
    }

    @Override
    public int accumulateLeast(MemorySegment least, long at, MemorySegment data, long start, int count) {
        int missing = 0;
        for (int i = 0; i < count; i++) {
            double value = Element.floating(TYPE, data, start + i);
            if (value == value) {
                long place = at + i << 3;
                least.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, place,
                        Math.min(least.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, place), value));
            } else {
                missing++;
            }
        }
        return missing;
    }

    @Override
    public int accumulateGreatest(MemorySegment greatest, long at, MemorySegment data, long start, int count) {
        int missing = 0;
        for (int i = 0; i < count; i++) {
            double value = Element.floating(TYPE, data, start + i);
            if (value == value) {
                long place = at + i << 3;
                greatest.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, place,
                        Math.max(greatest.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, place), value));
            } else {
                missing++;
            }
        }
        return missing;
    }
}
