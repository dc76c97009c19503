package dev.graticule.expression;

import dev.graticule.batch.Interval;
import dev.graticule.batch.Memory;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.Scratch;
import dev.graticule.batch.Values;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.apache.arrow.memory.ArrowBuf;

/** Writes values of any type one by one into temporaries. */
public final class ColumnBuilder {
    private final SqlType type;
    private final int count;
    private final Scratch scratch;
    private final Values fixed;
    private final byte[][] strings;
    private final ArrowBuf validityBuffer;
    private final MemorySegment validity;
    private int nulls;

    /** A builder of {@code count} values, each of which must be set once. */
    public ColumnBuilder(SqlType type, int count, Scratch scratch) {
        this.type = type;
        this.count = count;
        this.scratch = scratch;
        this.strings = type.isVariableWidth() ? new byte[count][] : null;
        this.validityBuffer = scratch.temporary(Scratch.bitmapBytes(count));
        this.validity = Memory.segment(validityBuffer);
        this.validity.fill((byte) 0);
        this.fixed = type.isVariableWidth() ? null
                : scratch.values(type == SqlType.NULL ? SqlType.BOOLEAN : type, count, false);
    }

    public void setNull(int index) {
        nulls++;
        if (fixed != null && type.bytes() > 0) {
            fixed.data().asSlice((long) index * type.bytes(), type.bytes()).fill((byte) 0);
        }
    }

    void setInteger(int index, long value) {
        Memory.setBit(validity, index, true);
        switch (type.bytes()) {
            case 1 -> fixed.data().set(ValueLayout.JAVA_BYTE, index, (byte) value);
            case 2 -> fixed.data().set(ValueLayout.JAVA_SHORT_UNALIGNED, index * 2L, (short) value);
            case 4 -> fixed.data().set(ValueLayout.JAVA_INT_UNALIGNED, index * 4L, (int) value);
            default -> fixed.data().set(ValueLayout.JAVA_LONG_UNALIGNED, index * 8L, value);
        }
    }

    void setDouble(int index, double value) {
        Memory.setBit(validity, index, true);
        if (type == SqlType.REAL) {
            fixed.data().set(ValueLayout.JAVA_FLOAT_UNALIGNED, index * 4L, (float) value);
        } else {
            fixed.data().set(ValueLayout.JAVA_DOUBLE_UNALIGNED, index * 8L, value);
        }
    }

    /** Sets a value given as {@link Values#object} gives it. */
    public void set(int index, Object value) {
        if (value == null) {
            setNull(index);
            return;
        }
        switch (value) {
            case Boolean bool -> {
                Memory.setBit(validity, index, true);
                Memory.setBit(fixed.data(), index, bool);
            }
            case Float number -> setDouble(index, number);
            case Double number -> setDouble(index, number);
            case String string -> {
                Memory.setBit(validity, index, true);
                strings[index] = string.getBytes(StandardCharsets.UTF_8);
            }
            case byte[] bytes -> {
                Memory.setBit(validity, index, true);
                strings[index] = bytes;
            }
            case BigDecimal decimal -> {
                Memory.setBit(validity, index, true);
                Memory.setDecimal(fixed.data(), index,
                        decimal.setScale(((SqlType.Decimal) type).scale()).unscaledValue());
            }
            case Interval interval -> {
                Memory.setBit(validity, index, true);
                fixed.data().set(ValueLayout.JAVA_INT_UNALIGNED, index * 16L, interval.months());
                fixed.data().set(ValueLayout.JAVA_INT_UNALIGNED, index * 16L + 4, interval.days());
                fixed.data().set(ValueLayout.JAVA_LONG_UNALIGNED, index * 16L + 8, interval.nanoseconds());
            }
            case Number number -> setInteger(index, number.longValue());
            default -> throw new IllegalArgumentException("No value of " + type + ": " + value);
        }
    }

    /** What was written; NULLs are in a bitmap if there are any. */
    public Values finish() {
        ArrowBuf nullBits = nulls == 0 ? null : validityBuffer;
        if (type == SqlType.NULL) {
            return Values.of(SqlType.NULL, count, scratch.temporary(8), validityBuffer);
        }
        if (strings == null) {
            return nulls == 0 ? fixed : fixed.withBitmap(nullBits);
        }
        ArrowBuf offsets = scratch.temporary((count + 1L) * 4);
        MemorySegment offsetData = Memory.segment(offsets);
        long total = 0;
        for (int i = 0; i < count; i++) {
            offsetData.set(ValueLayout.JAVA_INT_UNALIGNED, i * 4L, (int) total);
            total += strings[i] == null ? 0 : strings[i].length;
        }
        if (total > Integer.MAX_VALUE) {
            throw new IllegalStateException("A batch of strings is larger than 2 GB");
        }
        offsetData.set(ValueLayout.JAVA_INT_UNALIGNED, count * 4L, (int) total);
        ArrowBuf data = scratch.temporary(Math.max(1, total));
        MemorySegment bytes = Memory.segment(data);
        long at = 0;
        for (byte[] string : strings) {
            if (string != null) {
                MemorySegment.copy(string, 0, bytes, ValueLayout.JAVA_BYTE, at, string.length);
                at += string.length;
            }
        }
        return Values.ofVariableWidth(type, count, offsets, data, nullBits);
    }

    public NullForm nulls() {
        return nulls == 0 && type != SqlType.NULL ? NullForm.NONE : NullForm.BITMAP;
    }
}
