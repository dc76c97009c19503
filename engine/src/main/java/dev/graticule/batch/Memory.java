package dev.graticule.batch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.arrow.memory.ArrowBuf;

/** The one place that turns raw addresses into memory segments, and the bit arithmetic on them. */
public final class Memory {
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private Memory() {
    }

    /** The whole memory of an Arrow buffer; valid as long as the buffer is. */
    public static MemorySegment segment(ArrowBuf buffer) {
        return ALL.asSlice(buffer.memoryAddress(), buffer.capacity());
    }

    /** A range of memory at an address that its owner keeps alive. */
    public static MemorySegment segment(long address, long bytes) {
        return ALL.asSlice(address, bytes);
    }

    /** Bit {@code index} of an Arrow bitmap. */
    public static boolean bit(MemorySegment bits, long index) {
        return (bits.get(ValueLayout.JAVA_BYTE, index >>> 3) >>> (index & 7) & 1) != 0;
    }

    /** Sets or clears bit {@code index} of an Arrow bitmap. */
    public static void setBit(MemorySegment bits, long index, boolean value) {
        byte old = bits.get(ValueLayout.JAVA_BYTE, index >>> 3);
        int mask = 1 << (index & 7);
        bits.set(ValueLayout.JAVA_BYTE, index >>> 3, (byte) (value ? old | mask : old & ~mask));
    }

    /** The 64 bits that begin at bit {@code index}; bits beyond the segment's end are 0. */
    public static long bits(MemorySegment bits, long index) {
        long at = index >>> 3;
        int shift = (int) (index & 7);
        long left = bits.byteSize() - at;
        if (left >= 9 || left == 8 && shift == 0) {
            long low = bits.get(ValueLayout.JAVA_LONG_UNALIGNED, at) >>> shift;
            return shift == 0 ? low : low | (bits.get(ValueLayout.JAVA_BYTE, at + 8) & 0xffL) << (64 - shift);
        }
        long word = 0;
        for (int i = 0; i < left && i < 9; i++) {
            long value = bits.get(ValueLayout.JAVA_BYTE, at + i) & 0xffL;
            int place = i * 8 - shift;
            word |= place < 0 ? value >>> -place : place < 64 ? value << place : 0;
        }
        return word;
    }

    /** Writes the lowest {@code count} (at most 64) bits of a word to the bits that begin at {@code index}. */
    public static void setBits(MemorySegment bits, long index, long word, int count) {
        if (count == 64 && (index & 7) == 0) {
            bits.set(ValueLayout.JAVA_LONG_UNALIGNED, index >>> 3, word);
            return;
        }
        long at = index;
        long rest = word;
        int left = count;
        while (left > 0) {
            int shift = (int) (at & 7);
            int taken = Integer.min(8 - shift, left);
            int mask = (1 << taken) - 1 << shift;
            byte old = bits.get(ValueLayout.JAVA_BYTE, at >>> 3);
            bits.set(ValueLayout.JAVA_BYTE, at >>> 3, (byte) (old & ~mask | (int) rest << shift & mask));
            rest >>>= taken;
            at += taken;
            left -= taken;
        }
    }

    /** Sets or clears {@code count} bits from {@code index}. */
    public static void fillBits(MemorySegment bits, long index, long count, boolean value) {
        long word = value ? -1L : 0;
        long head = Long.min(count, -index & 7);
        setBits(bits, index, word, (int) head);
        long bytes = count - head >>> 3;
        bits.asSlice(index + head >>> 3, bytes).fill((byte) word);
        setBits(bits, index + head + bytes * 8, word, (int) (count - head - bytes * 8));
    }

    /** Copies {@code count} bits; the ranges must not overlap. */
    public static void copyBits(MemorySegment from, long fromIndex, MemorySegment to, long toIndex, long count) {
        long head = Long.min(count, -toIndex & 7);
        setBits(to, toIndex, head == 0 ? 0 : bits(from, fromIndex), (int) head);
        long i = head;
        for (; i + 64 <= count; i += 64) {
            to.set(ValueLayout.JAVA_LONG_UNALIGNED, toIndex + i >>> 3, bits(from, fromIndex + i));
        }
        if (i < count) {
            setBits(to, toIndex + i, bits(from, fromIndex + i), (int) (count - i));
        }
    }

    /** How many of {@code count} bits from {@code start} are set. */
    public static int countBits(MemorySegment bits, long start, int count) {
        int set = 0;
        int i = 0;
        for (; i + 64 <= count; i += 64) {
            set += Long.bitCount(bits(bits, start + i));
        }
        return i < count ? set + Long.bitCount(bits(bits, start + i) & (1L << (count - i)) - 1) : set;
    }

    /** The DECIMAL at an index. */
    public static BigDecimal decimal(MemorySegment data, long index, int scale) {
        byte[] bytes = new byte[16];
        for (int i = 0; i < 16; i++) {
            bytes[15 - i] = data.get(ValueLayout.JAVA_BYTE, index * 16 + i);
        }
        return new BigDecimal(new BigInteger(bytes), scale);
    }

    /** Writes the unscaled value of a DECIMAL at an index. */
    public static void setDecimal(MemorySegment data, long index, BigInteger unscaled) {
        byte[] bytes = unscaled.toByteArray();
        byte fill = (byte) (unscaled.signum() < 0 ? -1 : 0);
        for (int i = 0; i < 16; i++) {
            data.set(ValueLayout.JAVA_BYTE, index * 16 + i, i < bytes.length ? bytes[bytes.length - 1 - i] : fill);
        }
    }
}
