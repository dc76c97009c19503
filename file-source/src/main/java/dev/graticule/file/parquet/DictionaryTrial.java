package dev.graticule.file.parquet;

import dev.graticule.batch.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;

/**
 * Whether a dictionary of a column may be worth its while. parquet-java finds out by making one of up to a megabyte, which costs more than
 * writing the values: here some values of a row group are looked at before.
 */
final class DictionaryTrial {
    private static final int MOST_VALUES = 1 << 14;
    private static final int FEWEST_VALUES = 1 << 10;
    /** With that share of different values among those, there are more in a row group than a dictionary of numbers has room for. */
    private static final double DIFFERENT = 0.93;

    private DictionaryTrial() {
    }

    /** False where nearly all values of rows {@code [from, to)} differ, as far as a sample tells. */
    static boolean mayPay(FieldVector vector, int from, int to) {
        if (to - from < FEWEST_VALUES) {
            return true;
        }
        long[] sample = new long[MOST_VALUES];
        int count = 0;
        int step = Integer.max(1, (to - from + MOST_VALUES - 1) / MOST_VALUES);
        switch (vector) {
            case BaseFixedWidthVector fixed when fixed.getTypeWidth() == 4 || fixed.getTypeWidth() == 8 -> {
                MemorySegment data = Memory.segment(fixed.getDataBuffer());
                boolean wide = fixed.getTypeWidth() == 8;
                for (int row = from; row < to; row += step) {
                    if (!fixed.isNull(row)) {
                        sample[count++] = wide ? data.get(ValueLayout.JAVA_LONG_UNALIGNED, row * 8L)
                                : data.get(ValueLayout.JAVA_INT_UNALIGNED, row * 4L);
                    }
                }
            }
            case BaseVariableWidthVector text -> {
                MemorySegment data = Memory.segment(text.getDataBuffer());
                for (int row = from; row < to; row += step) {
                    if (!text.isNull(row)) {
                        sample[count++] = digest(data, text.getStartOffset(row), text.getValueLength(row));
                    }
                }
            }
            default -> {
                return true;
            }
        }
        Arrays.sort(sample, 0, count);
        int different = 1;
        for (int i = 1; i < count; i++) {
            different += sample[i] == sample[i - 1] ? 0 : 1;
        }
        return count < FEWEST_VALUES || different < count * DIFFERENT;
    }

    /** The length, the first and the last bytes: equal strings have the same, and few others. */
    private static long digest(MemorySegment data, long start, int length) {
        long digest = length;
        for (int i = 0; i < Integer.min(length, 8); i++) {
            digest = digest * 257 + data.get(ValueLayout.JAVA_BYTE, start + i);
            digest = digest * 257 + data.get(ValueLayout.JAVA_BYTE, start + length - 1 - i);
        }
        return digest;
    }
}
