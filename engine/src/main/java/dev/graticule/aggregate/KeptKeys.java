package dev.graticule.aggregate;

import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.Memory;
import dev.graticule.batch.Scratch;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;

/**
 * The different keys of a {@link KeyTable} by their numbers: 64-bit words, those of a combination follow each other, as {@link KeyWords}
 * makes them of rows. Which number a key has is the table's.
 *
 * <p>Off-heap, counted by the allocator; used by one thread at a time.
 */
final class KeptKeys implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final List<SqlType> types;
    private final StringCodes[] strings;
    private final KeyWords form;
    private final int width;
    private final int nullWidth;
    private final GrowableBuffer words;
    /** A bit for each key that is NULL, {@code nullWidth} words a combination: only once a NULL was met. */
    private final GrowableBuffer nulls;
    /** The months, days and nanoseconds that stand for a key of type INTERVAL, which its words do not say. */
    private final GrowableBuffer[] spans;
    private boolean nullsMet;

    /**
     * No keys.
     *
     * @param strings for each key that is a string the table of its codes, which belongs to the caller
     * @param form the rows that keys are kept of, which belong to the caller
     */
    KeptKeys(List<SqlType> types, StringCodes[] strings, KeyWords form, BufferAllocator allocator) {
        this.types = types;
        this.strings = strings;
        this.form = form;
        this.width = form.width();
        this.nullWidth = form.nullWidth();
        this.words = new GrowableBuffer(allocator);
        this.nulls = new GrowableBuffer(allocator);
        this.spans = new GrowableBuffer[types.size()];
        for (int key = 0; key < spans.length; key++) {
            spans[key] = types.get(key) == SqlType.INTERVAL ? new GrowableBuffer(allocator) : null;
        }
    }

    /** Makes room for that many. */
    void ensure(long keys) {
        words.ensure(keys * width * 8);
        if (nullsMet) {
            nulls.ensure(keys * nullWidth * 8);
        }
        for (GrowableBuffer span : spans) {
            if (span != null) {
                span.ensure(keys * 16);
            }
        }
    }

    /** The words, until more room is made. */
    MemorySegment words() {
        return words.segment();
    }

    /** Of a key of type INTERVAL its months and days, then its nanoseconds, two words a number; until more room is made. */
    MemorySegment spans(int key) {
        return spans[key].segment();
    }

    /** Whether any key is NULL. */
    boolean nullsMet() {
        return nullsMet;
    }

    /** From now on keys may be NULL; makes room for the bits of that many. */
    void meetNulls(long keys) {
        nullsMet = true;
        nulls.ensure(keys * nullWidth * 8);
    }

    /** Gives a row's key a number for which there is room, but for its spans. */
    void keep(int code, int row) {
        MemorySegment kept = words.segment();
        for (int word = 0; word < width; word++) {
            kept.set(LONG, ((long) code * width + word) * 8, form.words(word)[row]);
        }
        for (int word = 0; nullsMet && word < nullWidth; word++) {
            nulls.segment().set(LONG, ((long) code * nullWidth + word) * 8, form.nullBits(word)[row]);
        }
    }

    /** Whether a row has the key of a number. */
    boolean isKept(int code, int row) {
        MemorySegment kept = words.segment();
        long at = (long) code * width * 8;
        for (int word = 0; word < width; word++) {
            if (kept.get(LONG, at + word * 8L) != form.words(word)[row]) {
                return false;
            }
        }
        for (int word = 0; nullsMet && word < nullWidth; word++) {
            if (nulls.segment().get(LONG, ((long) code * nullWidth + word) * 8) != form.nullBits(word)[row]) {
                return false;
            }
        }
        return true;
    }

    /** The hash of a key, as {@link KeyWords#hash} makes it. */
    long hash(int code) {
        MemorySegment kept = words.segment();
        long hash = 0;
        for (int word = 0; word < width; word++) {
            hash = KeyWords.mix(hash, kept.get(LONG, ((long) code * width + word) * 8));
        }
        for (int word = 0; nullsMet && word < nullWidth; word++) {
            long bits = nulls.segment().get(LONG, ((long) code * nullWidth + word) * 8);
            hash = bits == 0 ? hash : KeyWords.mix(hash, bits);
        }
        return hash;
    }

    /** A hash that depends on the keys alone: equal keys have the same in every table. */
    long contentHash(int code) {
        long hash = 0;
        for (int key = 0; key < strings.length; key++) {
            if (types.get(key) == SqlType.NULL || isNull(key, code)) {
                hash = KeyWords.mix(hash, 1);
                continue;
            }
            long at = ((long) code * width + form.firstWord(key)) * 8;
            long word = words.segment().get(LONG, at);
            hash = KeyWords.mix(hash, strings[key] != null ? strings[key].hash((int) word) : word);
            if (types.get(key).bytes() == 16) {
                hash = KeyWords.mix(hash, words.segment().get(LONG, at + 8));
            }
        }
        return hash;
    }

    boolean isNull(int key, int code) {
        return nullsMet
                && (nulls.segment().get(LONG, ((long) code * nullWidth + (key >>> 6)) * 8) >>> key & 1) != 0;
    }

    /** Makes keys of the numbers {@code picked[0 .. count)} rows, for which there is room; strings have the codes that they have here. */
    void load(int[] picked, int count, KeyWords rows) {
        if (nullsMet && !rows.hasNulls()) {
            rows.clearNulls(count);
        }
        MemorySegment kept = words.segment();
        for (int word = 0; word < width; word++) {
            long[] target = rows.words(word);
            for (int i = 0; i < count; i++) {
                target[i] = kept.get(LONG, ((long) picked[i] * width + word) * 8);
            }
        }
        for (int word = 0; nullsMet && word < nullWidth; word++) {
            long[] target = rows.nullBits(word);
            for (int i = 0; i < count; i++) {
                target[i] = nulls.segment().get(LONG, ((long) picked[i] * nullWidth + word) * 8);
            }
        }
        for (int key = 0; key < spans.length; key++) {
            long[] target = rows.spans(key);
            for (int i = 0; target != null && i < count; i++) {
                target[i * 2] = spans[key].segment().get(LONG, picked[i] * 16L);
                target[i * 2 + 1] = spans[key].segment().get(LONG, picked[i] * 16L + 8);
            }
        }
    }

    /** Forgets that keys may be NULL; keeps its memory for the next keys. */
    void clear() {
        nullsMet = false;
        nulls.close();
    }

    /**
     * Writes a key of numbers {@code picked[from .. from + count)} ({@code null}: of the numbers {@code [from, from + count)}; -1: NULL) into a
     * vector of its type from index 0, for which it makes room.
     */
    void write(int key, int[] picked, int from, int count, FieldVector target) {
        SqlType type = types.get(key);
        try {
            if (type != SqlType.NULL && count > 0) {
                target.setInitialCapacity(count);
                target.allocateNew();
                if (target instanceof BaseVariableWidthVector variable) {
                    writeStrings(key, picked, from, count, variable);
                } else {
                    writeFixed(key, type, picked, from, count, target);
                }
            }
            target.setValueCount(count);
        } catch (OutOfMemoryException exhausted) {
            throw Scratch.outOfMemory((long) count * Integer.max(1, type.bytes()), target.getAllocator(), exhausted);
        }
    }

    private void writeStrings(int key, int[] picked, int from, int count, BaseVariableWidthVector target) {
        MemorySegment kept = words.segment();
        for (int i = 0; i < count; i++) {
            int code = picked == null ? from + i : picked[from + i];
            if (code < 0 || isNull(key, code)) {
                target.setNull(i);
            } else {
                strings[key].write((int) kept.get(LONG, ((long) code * width + form.firstWord(key)) * 8), target, i);
            }
        }
    }

    private void writeFixed(int key, SqlType type, int[] picked, int from, int count, FieldVector target) {
        MemorySegment kept = words.segment();
        MemorySegment data = Memory.segment(target.getDataBuffer());
        MemorySegment validity = Memory.segment(target.getValidityBuffer());
        Memory.fillBits(validity, 0, count, true);
        for (int i = 0; i < count; i++) {
            int code = picked == null ? from + i : picked[from + i];
            if (code < 0 || isNull(key, code)) {
                Memory.setBit(validity, i, false);
                continue;
            }
            long at = ((long) code * width + form.firstWord(key)) * 8;
            long word = kept.get(LONG, at);
            if (type == SqlType.BOOLEAN) {
                Memory.setBit(data, i, word != 0);
            } else if (type == SqlType.REAL) {
                data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4L, (float) Double.longBitsToDouble(word));
            } else {
                switch (type.bytes()) {
                    case 1 -> data.set(ValueLayout.JAVA_BYTE, i, (byte) word);
                    case 2 -> data.set(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2L, (short) word);
                    case 4 -> data.set(INT, i * 4L, (int) word);
                    case 8 -> data.set(LONG, i * 8L, word);
                    default -> {
                        boolean span = spans[key] != null;
                        data.set(LONG, i * 16L, span ? spans[key].segment().get(LONG, code * 16L) : word);
                        data.set(LONG, i * 16L + 8,
                                span ? spans[key].segment().get(LONG, code * 16L + 8) : kept.get(LONG, at + 8));
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        words.close();
        nulls.close();
        for (GrowableBuffer span : spans) {
            if (span != null) {
                span.close();
            }
        }
    }
}
