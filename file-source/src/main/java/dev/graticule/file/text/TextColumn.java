package dev.graticule.file.text;

import dev.graticule.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarCharVector;

/** A column that grows by texts. Used by one thread. */
public final class TextColumn implements AutoCloseable {
    private final SqlType type;
    private final FieldVector vector;

    /** An empty column; the caller closes it. */
    public TextColumn(String name, SqlType type, BufferAllocator allocator) {
        this.type = type;
        this.vector = type.field(name, Map.of()).createVector(allocator);
    }

    /** The values so far, {@code rows} of them; owned by this column. Rows that were not set are NULL. */
    public FieldVector vector(int rows) {
        vector.setValueCount(rows);
        return vector;
    }

    /** Forgets all values. */
    public void clear() {
        vector.reset();
    }

    /**
     * Sets a row, which is later than those before it.
     *
     * @throws IllegalArgumentException, DateTimeException or ArithmeticException where the text is no value of the type
     */
    public void set(int row, String text) {
        switch (vector) {
            case VarCharVector to -> to.setSafe(row, text.getBytes(StandardCharsets.UTF_8));
            case BigIntVector to -> to.setSafe(row, Long.parseLong(text));
            case Float8Vector to -> to.setSafe(row, TextKind.number(text));
            case Float4Vector to -> to.setSafe(row, Float.isNaN((float) TextKind.number(text)) ? Float.NaN
                    : Double.isInfinite(TextKind.number(text)) ? (float) TextKind.number(text)
                            : Float.parseFloat(text));
            case BitVector to -> to.setSafe(row, TextKind.bool(text) ? 1 : 0);
            case DateDayVector to -> to.setSafe(row, TextKind.date(text));
            case TimeMicroVector to -> to.setSafe(row, TextKind.time(text));
            case TimeStampVector to -> {
                SqlType.Timestamp timestamp = (SqlType.Timestamp) type;
                to.setSafe(row, timestamp.zoned() && TextKind.ZONED.accepts(text)
                        ? TextKind.zoned(text, timestamp.perSecond())
                        : TextKind.timestamp(text, timestamp.perSecond()));
            }
            case IntVector to -> to.setSafe(row, Integer.parseInt(text));
            case SmallIntVector to -> to.setSafe(row, Short.parseShort(text));
            case TinyIntVector to -> to.setSafe(row, Byte.parseByte(text));
            case UInt1Vector to -> to.setSafe(row, (byte) unsigned(text, 8));
            case UInt2Vector to -> to.setSafe(row, (char) unsigned(text, 16));
            case UInt4Vector to -> to.setSafe(row, (int) unsigned(text, 32));
            case UInt8Vector to -> to.setSafe(row, unsigned(text, 64));
            case DecimalVector to -> {
                BigDecimal number = new BigDecimal(text).setScale(to.getScale(), RoundingMode.HALF_UP);
                if (number.precision() > to.getPrecision()) {
                    throw new ArithmeticException(text);
                }
                to.setSafe(row, number);
            }
            default -> throw new IllegalStateException(type.toString());
        }
    }

    /** Makes a row NULL, also one that was set. */
    public void setNull(int row) {
        switch (vector) {
            case VarCharVector to -> to.setNull(row);
            case BaseFixedWidthVector to -> to.setNull(row);
            default -> throw new IllegalStateException(type.toString());
        }
    }

    private static long unsigned(String text, int bits) {
        BigInteger number = new BigInteger(text);
        if (number.signum() < 0 || number.bitLength() > bits) {
            throw new ArithmeticException(text);
        }
        return number.longValue();
    }

    @Override
    public void close() {
        vector.close();
    }
}
