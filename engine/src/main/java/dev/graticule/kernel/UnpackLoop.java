package dev.graticule.kernel;

import dev.graticule.spi.GridVariable.Unpacking;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Makes values of stored numbers: NULL where a sentinel stands, scale and offset. Immutable and thread-safe. */
public final class UnpackLoop {
    private final SqlType.Scalar stored;
    private final boolean scaled;
    private final double scale;
    private final double offset;
    private final long[] whole;
    private final double[] floating;

    private UnpackLoop(SqlType.Scalar stored, Unpacking unpacking) {
        this.stored = stored;
        this.scaled = unpacking.scaled();
        this.scale = unpacking.scale();
        this.offset = unpacking.offset();
        this.whole = stored.isFloating() ? new long[0] : unpacking.sentinels().stream().mapToLong(Number::longValue).toArray();
        this.floating = stored.isFloating() ? unpacking.sentinels().stream().mapToDouble(Number::doubleValue).toArray() : new double[0];
    }

    /** The loop for values of a stored type. */
    public static UnpackLoop of(SqlType.Scalar stored, Unpacking unpacking, int cells) {
        return new UnpackLoop(stored, unpacking);
    }

    /** Writes DOUBLE where scaled, else values of the stored floating type; a sentinel becomes NaN. */
    public void floating(MemorySegment data, long at, MemorySegment out, long outAt, int count) {
        if (stored == SqlType.Scalar.REAL && !scaled) {
            for (int i = 0; i < count; i++) {
                float value = data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at + i << 2);
                out.set(ValueLayout.JAVA_FLOAT_UNALIGNED, outAt + i << 2, isSentinel(value) ? Float.NaN : value);
            }
        } else if (stored.isFloating()) {
            for (int i = 0; i < count; i++) {
                double value = Element.floating(stored, data, at + i);
                out.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, outAt + i << 3, isSentinel(value) ? Double.NaN : scaled ? value * scale + offset : value);
            }
        } else {
            for (int i = 0; i < count; i++) {
                long value = Element.integer(stored, data, at + i);
                out.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, outAt + i << 3,
                        isSentinel(value) ? Double.NaN : Element.floating(stored, data, at + i) * scale + offset);
            }
        }
    }

    /** Writes {@code count} bits from bit {@code bit} of {@code out} on: whether the stored value is not a sentinel. */
    public void valid(MemorySegment data, long at, long[] out, long bit, int count) {
        for (int base = 0; base < count; base += 64) {
            int some = Math.min(64, count - base);
            long word = 0;
            for (int i = 0; i < some; i++) {
                boolean missing = stored.isFloating()
                        ? isSentinel(Element.floating(stored, data, at + base + i))
                        : isSentinel(Element.integer(stored, data, at + base + i));
                word |= (missing ? 0L : 1L) << i;
            }
            Masks.setWord(out, bit + base, some, word);
        }
    }

    private boolean isSentinel(long value) {
        for (long sentinel : whole) {
            if (value == sentinel) {
                return true;
            }
        }
        return false;
    }

    private boolean isSentinel(double value) {
        for (double sentinel : floating) {
            if (value == sentinel || stored == SqlType.Scalar.REAL && (float) value == (float) sentinel || sentinel != sentinel && value != value) {
                return true;
            }
        }
        return false;
    }
}
