package dev.graticule.aggregate;

import dev.graticule.batch.Memory;
import java.lang.foreign.ValueLayout;
import org.apache.arrow.vector.FieldVector;

/** Writes single results into vectors that have room for them. */
public final class Results {
    private Results() {
    }

    static void writeDouble(FieldVector target, int index, boolean valid, double value) {
        Memory.setBit(Memory.segment(target.getValidityBuffer()), index, valid);
        Memory.segment(target.getDataBuffer()).set(ValueLayout.JAVA_DOUBLE_UNALIGNED, index * 8L, value);
    }

    static void writeLong(FieldVector target, int index, boolean valid, long value) {
        Memory.setBit(Memory.segment(target.getValidityBuffer()), index, valid);
        Memory.segment(target.getDataBuffer()).set(ValueLayout.JAVA_LONG_UNALIGNED, index * 8L, value);
    }

    /** Writes the lowest {@code width} bytes of a number; a bit where the width is 0. */
    public static void writeNumber(FieldVector target, int index, int width, long value) {
        Memory.setBit(Memory.segment(target.getValidityBuffer()), index, true);
        var data = Memory.segment(target.getDataBuffer());
        switch (width) {
            case 0 -> Memory.setBit(data, index, value != 0);
            case 1 -> data.set(ValueLayout.JAVA_BYTE, index, (byte) value);
            case 2 -> data.set(ValueLayout.JAVA_SHORT_UNALIGNED, index * 2L, (short) value);
            case 4 -> data.set(ValueLayout.JAVA_INT_UNALIGNED, index * 4L, (int) value);
            case 8 -> data.set(ValueLayout.JAVA_LONG_UNALIGNED, index * 8L, value);
            default -> throw new IllegalArgumentException("No number has " + width + " bytes");
        }
    }

    /** Writes a NULL. */
    public static void writeNull(FieldVector target, int index) {
        Memory.setBit(Memory.segment(target.getValidityBuffer()), index, false);
    }
}
