package dev.graticule.zarr;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Layout;
import dev.graticule.batch.Memory;
import dev.graticule.batch.Values;
import dev.graticule.spi.Block;
import dev.graticule.batch.Buffers;
import dev.graticule.type.SqlType;
import dev.graticule.zarr.cf.UndecodableTimeException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.apache.arrow.memory.ArrowBuf;

/** Turns the decoded elements of one box into a block: mostly as they are, else as bits, floats, times or intervals. */
final class BlockMaker {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);

    private final StoredVariable variable;
    private final ElementType stored;
    private final int[] shape;
    private final Buffers buffers;

    BlockMaker(StoredVariable variable, Encoding.Regular encoding, int[] shape, Buffers buffers) {
        this.variable = variable;
        this.stored = encoding.type();
        this.shape = shape;
        this.buffers = buffers;
    }

    /** The block; it owns the elements' buffer from here on, which an exception leaves to the caller. */
    Block open(ZarrGridReader.Elements elements) {
        return switch (variable.decoding()) {
            case Decoding.Direct direct -> direct(direct, elements);
            case Decoding.Times times -> converted(SqlType.TIMESTAMP, 8, elements, (target, at, place) -> {
                if (times.scaled() || stored.isFloating()) {
                    double value = floating(elements, place, times.as(), times.sentinels(), times.scaled(),
                            times.scale(), times.offset());
                    if (Double.isNaN(value)) {
                        return false;
                    }
                    target.set(LONG, at * 8L, times.coding().decode(value));
                    return true;
                }
                long value = whole(elements, place, times.as());
                if (times.sentinels().contains(value)) {
                    return false;
                }
                target.set(LONG, at * 8L, times.coding().decode(value));
                return true;
            });
            case Decoding.Durations durations -> converted(SqlType.INTERVAL, 16, elements, (target, at, place) -> {
                double value = floating(elements, place, durations.as(), durations.sentinels(), durations.scaled(),
                        durations.scale(), durations.offset());
                if (Double.isNaN(value)) {
                    return false;
                }
                target.set(LONG, at * 16L, 0);
                target.set(LONG, at * 16L + 8, durations.coding().decode(value));
                return true;
            });
            case Decoding.Texts texts -> throw new IllegalStateException("texts are no numbers");
            case Decoding.Refused refused -> throw refused.error();
        };
    }

    // As stored

    private Block direct(Decoding.Direct direct, ZarrGridReader.Elements elements) {
        ArrowBuf source = elements.buffer();
        ArrowBuf validity = direct.nulls().isEmpty() ? null : validity(direct, elements);
        ArrowBuf data = null;
        try {
            data = switch (stored) {
                case BOOL -> bits(elements);
                case FLOAT16 -> widened(elements);
                case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, FLOAT32, FLOAT64 -> source;
            };
        } finally {
            if (data == null && validity != null) {
                buffers.giveBack(validity);
            }
        }
        if (data != source) {
            buffers.giveBack(source);
        }
        return block(direct.type(), elements.count(), data, validity, validity != null, elements.layout());
    }

    private ArrowBuf bits(ZarrGridReader.Elements elements) {
        MemorySegment bytes = elements.segment(1);
        ArrowBuf result = buffers.take((elements.count() + 63L) / 64 * 8);
        MemorySegment target = Memory.segment(result);
        for (long word = 0; word * 64 < elements.count(); word++) {
            long bits = 0;
            int length = (int) Math.min(64, elements.count() - word * 64);
            for (int i = 0; i < length; i++) {
                bits |= (bytes.get(ValueLayout.JAVA_BYTE, word * 64 + i) != 0 ? 1L : 0L) << i;
            }
            target.set(LONG, word * 8, bits);
        }
        return result;
    }

    private ArrowBuf widened(ZarrGridReader.Elements elements) {
        MemorySegment halves = elements.segment(2);
        ArrowBuf result = buffers.take(Math.max(1, elements.count() * 4L));
        MemorySegment target = Memory.segment(result);
        for (long i = 0; i < elements.count(); i++) {
            target.set(INT, i * 4, Float.floatToRawIntBits(Float.float16ToFloat(halves.get(SHORT, i * 2))));
        }
        return result;
    }

    private ArrowBuf validity(Decoding.Direct direct, ZarrGridReader.Elements elements) {
        ArrowBuf result = buffers.take((elements.count() + 7L) / 8);
        MemorySegment bits = Memory.segment(result);
        for (int i = 0; i < elements.count(); i++) {
            Memory.setBit(bits, i, !direct.nulls().contains(raw(elements, i) & FillValues.mask(stored)));
        }
        return result;
    }

    // Converted, box by box: what lies beyond the array's edge is never looked at

    private interface Conversion {
        /** Writes value {@code at} of the target; false where it is NULL. */
        boolean convert(MemorySegment target, int at, int place) throws UndecodableTimeException;
    }

    private Block converted(SqlType type, int width, ZarrGridReader.Elements elements, Conversion conversion) {
        boolean constant = elements.layout().isConstant(shape);
        int count = 1;
        for (int length : shape) {
            count *= constant ? Math.min(1, length) : length;
        }
        ArrowBuf data = buffers.take(Math.max(1, (long) count * width));
        ArrowBuf validity = null;
        boolean done = false;
        try {
            validity = buffers.take(Math.max(1, (count + 7L) / 8));
            MemorySegment target = Memory.segment(data);
            MemorySegment bits = Memory.segment(validity);
            int nulls = 0;
            for (int row = 0; row < count; row++) {
                boolean valid = conversion.convert(target, row, elements.layout().place(shape, row));
                Memory.setBit(bits, row, valid);
                if (!valid) {
                    nulls++;
                    target.asSlice((long) row * width, width).fill((byte) 0);
                }
            }
            Block block = block(type, count, data, validity, nulls > 0,
                    constant ? Layout.constant(shape.length, 0) : Layout.dense(shape, 0));
            buffers.giveBack(elements.buffer());
            done = true;
            return block;
        } catch (UndecodableTimeException failure) {
            throw GraticuleException.source(StoredVariable.undecodable(variable.array(), failure), failure);
        } finally {
            if (!done) {
                buffers.giveBack(data);
                if (validity != null) {
                    buffers.giveBack(validity);
                }
            }
        }
    }

    private Block block(SqlType type, int count, ArrowBuf data, ArrowBuf validity, boolean nulls, Layout layout) {
        return new Block(Values.of(type, count, data, nulls ? validity : null), layout, () -> {
            buffers.giveBack(data);
            if (validity != null) {
                buffers.giveBack(validity);
            }
        });
    }

    private long raw(ZarrGridReader.Elements elements, long place) {
        MemorySegment segment = elements.segment(stored.bytes());
        return switch (stored.bytes()) {
            case 1 -> segment.get(ValueLayout.JAVA_BYTE, place);
            case 2 -> segment.get(SHORT, place * 2);
            case 4 -> segment.get(INT, place * 4);
            default -> segment.get(LONG, place * 8);
        };
    }

    private long whole(ZarrGridReader.Elements elements, int place, ElementType as) {
        return Sentinels.number(raw(elements, place), as).longValue();
    }

    /** The scaled value of an element; NaN where it is missing. */
    private double floating(ZarrGridReader.Elements elements, int place, ElementType as, Sentinels sentinels,
            boolean scaled, double scale,
            double offset) {
        Number number = Sentinels.number(raw(elements, place), as);
        double value = number.doubleValue();
        boolean missing = number instanceof Long whole ? sentinels.contains(whole.longValue())
                : sentinels.contains(value);
        return missing ? Double.NaN : scaled ? value * scale + offset : value;
    }
}
