package dev.graticule.zarr.copy;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Column;
import dev.graticule.batch.Memory;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.Values;
import dev.graticule.type.SqlType;
import dev.graticule.zarr.ElementType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * A column of the rows that becomes a variable of the written grid: how its values get into the cells of a tile.
 *
 * <p>Thread-safe but for {@link #put}, whose target has one thread.
 */
final class CopyVariable {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String name;
    private final int column;
    private final SqlType type;
    private final Map<String, String> attributes;
    private final StoredForm form;
    private final CellEncoding encoding;
    private final int width;
    private final AtomicBoolean misses = new AtomicBoolean();
    private final AtomicBoolean holdsFill = new AtomicBoolean();

    private CopyVariable(Field field, int column) {
        this.name = field.getName();
        this.column = column;
        this.type = SqlType.of(field);
        this.attributes = field.getMetadata();
        this.form = StoredForm.of(name, type, attributes);
        this.encoding = form.encoding();
        this.width = encoding.cellBytes();
    }

    /** @throws GraticuleException of kind UNSUPPORTED where a Zarr store cannot hold the type */
    static CopyVariable of(Field field, int column) {
        return new CopyVariable(field, column);
    }

    String name() {
        return name;
    }

    int column() {
        return column;
    }

    SqlType type() {
        return type;
    }

    /** How it is stored. */
    StoredForm form() {
        return form;
    }

    CellEncoding encoding() {
        return encoding;
    }

    boolean isText() {
        return encoding instanceof CellEncoding.Text;
    }

    /** The bytes of an encoded cell: of an element, or of the place of a text. */
    int encodedBytes() {
        return isText() ? width : encoding.element().bytes();
    }

    /** The attributes that the column came with. */
    Map<String, String> attributes() {
        return attributes;
    }

    /** Whether a cell has no value. */
    boolean misses() {
        return misses.get();
    }

    /** Some cells have no row. */
    void someMiss() {
        misses.set(true);
    }

    /** Makes every cell of a tile a missing one. */
    void clear(MemorySegment cells) {
        long pattern = encoding.missing();
        for (int bits = 8 * width; bits < 64; bits *= 2) {
            pattern = pattern & (1L << bits) - 1 | pattern << bits;
        }
        long at = 0;
        for (; at + 8 <= Long.min(cells.byteSize(), 4096); at += 8) {
            cells.set(LONG, at, pattern);
        }
        if (cells.byteSize() > 4096) {
            for (; at < cells.byteSize(); at += Long.min(at, cells.byteSize() - at)) {
                MemorySegment.copy(cells, 0, cells, at, Long.min(at, cells.byteSize() - at));
            }
        } else {
            for (int shift = 0; at < cells.byteSize(); at++, shift += 8) {
                cells.set(ValueLayout.JAVA_BYTE, at, (byte) (pattern >>> shift));
            }
        }
    }

    /** Where the values of a run are: at {@code at, at + step, ...}, or at {@code at + table[first], at + table[first + 1], ...}. */
    record Run(int at, int step, int[] table, int first) {
        int place(int i) {
            return table == null ? at + i * step : at + table[first + i];
        }

        Run from(int i) {
            return table == null ? new Run(at + i * step, step, null, 0) : new Run(at, 0, table, first + i);
        }
    }

    /**
     * Puts the values of a run into the cells {@code cell, cell + apart, ...} of a tile.
     *
     * @param texts where the bytes of texts go
     * @return how many of the values are NULL, but for those that are NaN
     */
    int put(Column source, Run run, MemorySegment cells, int cell, int apart, int count, Texts texts) {
        return switch (source) {
            case Column.Strided strided -> {
                Values values = strided.values();
                MemorySegment validity = strided.nulls() == NullForm.BITMAP ? values.validity() : null;
                copy(values, run, cells, cell, apart, count, texts, validity);
                yield validity == null ? 0 : clearNulls(validity, run, cells, cell, apart, count);
            }
            case Column.Dictionary dictionary -> {
                int nulls = 0;
                for (int i = 0; i < count; i++) {
                    int place = run.place(i);
                    int index = dictionary.indices().isValid(place) ? dictionary.indices().data().get(INT, place * 4L)
                            : -1;
                    if (index >= 0 && dictionary.dictionary().isValid(index)) {
                        copy(dictionary.dictionary(), new Run(index, 0, null, 0), cells, cell + i * apart, 1, 1, texts,
                                null);
                    } else {
                        setMissing(cells, cell + (long) i * apart);
                        nulls++;
                    }
                }
                yield nulls;
            }
        };
    }

    private void copy(Values values, Run run, MemorySegment cells, int cell, int apart, int count, Texts texts,
            MemorySegment validity) {
        MemorySegment data = values.data();
        if (isText()) {
            for (int i = 0; i < count; i++) {
                int place = run.place(i);
                int from = values.offsets().get(INT, place * 4L);
                int length = values.offsets().get(INT, place * 4L + 4) - from;
                cells.set(LONG, (cell + (long) i * apart) * 8, validity != null && !Memory.bit(validity, place) ? 0
                        : texts.add(data, from, length));
            }
        } else if (type == SqlType.BOOLEAN) {
            for (int i = 0; i < count; i++) {
                cells.set(ValueLayout.JAVA_BYTE, cell + (long) i * apart,
                        (byte) (Memory.bit(data, run.place(i)) ? 1 : 0));
            }
        } else if (apart == 1 && run.table() == null && run.step() == 1) {
            MemorySegment.copy(data, (long) run.at() * width, cells, (long) cell * width, (long) count * width);
        } else {
            switch (width) {
                case 1 -> {
                    for (int i = 0; i < count; i++) {
                        cells.set(ValueLayout.JAVA_BYTE, cell + (long) i * apart,
                                data.get(ValueLayout.JAVA_BYTE, run.place(i)));
                    }
                }
                case 2 -> {
                    for (int i = 0; i < count; i++) {
                        cells.set(SHORT, (cell + (long) i * apart) * 2, data.get(SHORT, run.place(i) * 2L));
                    }
                }
                case 4 -> {
                    for (int i = 0; i < count; i++) {
                        cells.set(INT, (cell + (long) i * apart) * 4, data.get(INT, run.place(i) * 4L));
                    }
                }
                case 8 -> {
                    for (int i = 0; i < count; i++) {
                        cells.set(LONG, (cell + (long) i * apart) * 8, data.get(LONG, run.place(i) * 8L));
                    }
                }
                default -> {
                    for (int i = 0; i < count; i++) {
                        MemorySegment.copy(data, run.place(i) * (long) width, cells, (cell + (long) i * apart) * width,
                                width);
                    }
                }
            }
        }
    }

    private int clearNulls(MemorySegment validity, Run run, MemorySegment cells, int cell, int apart, int count) {
        int nulls = 0;
        if (run.table() != null || run.step() != 1) {
            for (int i = 0; i < count; i++) {
                if (!Memory.bit(validity, run.place(i))) {
                    setMissing(cells, cell + (long) i * apart);
                    nulls++;
                }
            }
            return nulls;
        }
        for (int i = 0; i < count; i += 64) {
            long missing = ~Memory.bits(validity, run.at() + i);
            missing &= count - i >= 64 ? -1L : (1L << count - i) - 1;
            nulls += Long.bitCount(missing);
            for (; missing != 0; missing &= missing - 1) {
                setMissing(cells, cell + (i + (long) Long.numberOfTrailingZeros(missing)) * apart);
            }
        }
        return nulls;
    }

    private void setMissing(MemorySegment cells, long cell) {
        long bits = encoding.missing();
        switch (width) {
            case 1 -> cells.set(ValueLayout.JAVA_BYTE, cell, (byte) bits);
            case 2 -> cells.set(SHORT, cell * 2, (short) bits);
            case 4 -> cells.set(INT, cell * 4, (int) bits);
            case 8 -> cells.set(LONG, cell * 8, bits);
            default -> {
                cells.set(LONG, cell * 16, bits);
                cells.set(LONG, cell * 16 + 8, bits);
            }
        }
    }

    /**
     * Makes the cells of a tile that is to be written elements, in place, and takes note of what they hold.
     *
     * @param missing how many cells have no value, those beyond the array's edge too
     * @param beyond how many of them are beyond the edge
     * @throws GraticuleException of kind DATA where a value cannot be stored in the form that its source has
     */
    void encode(MemorySegment cells, long missing, long beyond) {
        long count = cells.byteSize() / width;
        long found = encoding.encode(cells, count);
        if (found < CellEncoding.UNKNOWN) {
            throw GraticuleException.data(null, name + " has a value that " + form.describe()
                    + " cannot hold: write an expression that is not the bare column, or leave it out.");
        }
        long without = found == CellEncoding.UNKNOWN ? missing : found;
        if (without > beyond) {
            misses.set(true);
        }
        if (!holdsFill.get() && (isText() || !encoding.element().isFloating())
                && countFill(cells, count) > without) {
            holdsFill.set(true);
        }
    }

    private long countFill(MemorySegment cells, long count) {
        long fill = encoding.fill();
        long equal = 0;
        switch (encodedBytes()) {
            case 1 -> {
                for (long i = 0; i < count; i++) {
                    equal += cells.get(ValueLayout.JAVA_BYTE, i) == (byte) fill ? 1 : 0;
                }
            }
            case 2 -> {
                for (long i = 0; i < count; i++) {
                    equal += cells.get(SHORT, i * 2) == (short) fill ? 1 : 0;
                }
            }
            case 4 -> {
                for (long i = 0; i < count; i++) {
                    equal += cells.get(INT, i * 4) == (int) fill ? 1 : 0;
                }
            }
            default -> {
                // Of a text the count of bytes, which are 0 of the empty one.
                int shift = isText() ? 32 : 0;
                for (long i = 0; i < count; i++) {
                    equal += cells.get(LONG, i * 8) >>> shift == fill ? 1 : 0;
                }
            }
        }
        return equal;
    }

    /** @throws GraticuleException of kind DATA where a missing cell looks like a value */
    void requireDistinct() {
        if (!misses.get() || !holdsFill.get()) {
            return;
        }
        if (isText()) {
            throw GraticuleException.data(null, name
                    + " has both missing cells and empty texts, which look the same in a Zarr store: write coalesce("
                    + name + ", '...') or nullif(" + name + ", '').");
        }
        ElementType element = encoding.element();
        long number = CellEncoding.number(encoding.fill(), element);
        throw GraticuleException.data(null, name + " has both missing cells and the value "
                + (element.isUnsigned() ? Long.toUnsignedString(number) : Long.toString(number))
                + " that stands for them in " + element.zarrName() + ": CAST it to a wider type or to DOUBLE.");
    }
}
