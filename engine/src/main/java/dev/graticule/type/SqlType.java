package dev.graticule.type;

import java.util.Map;
import java.util.Optional;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** The type of a column or an expression, with its place in Arrow's memory layout. */
public sealed interface SqlType extends NamedTypes {
    /** The types without parameters. {@code bytes} is the width of a value in Arrow's data buffer; 0 where it varies or is bits. */
    enum Scalar implements SqlType {
        NULL("NULL", 0),
        BOOLEAN("BOOLEAN", 0),
        TINYINT("TINYINT", 1),
        SMALLINT("SMALLINT", 2),
        INTEGER("INTEGER", 4),
        BIGINT("BIGINT",
                8),
        UTINYINT("UTINYINT", 1),
        USMALLINT("USMALLINT", 2),
        UINTEGER("UINTEGER", 4),
        UBIGINT("UBIGINT",
                8),
        REAL("REAL", 4),
        DOUBLE("DOUBLE", 8),
        VARCHAR("VARCHAR", 0),
        BLOB("BLOB", 0),
        /** Days since 1970-01-01, 32 bits. */
        DATE("DATE", 4),
        /** Microseconds since midnight, 64 bits. */
        TIME("TIME", 8),
        /** Arrow's month (int32), day (int32), nanosecond (int64) interval, 16 bytes. */
        INTERVAL("INTERVAL", 16);

        private final String sql;
        private final int bytes;

        Scalar(String sql, int bytes) {
            this.sql = sql;
            this.bytes = bytes;
        }

        @Override
        public String toString() {
            return sql;
        }
    }

    /** An exact number of up to 38 digits, a 128-bit little-endian integer in Arrow memory. */
    record Decimal(int precision, int scale) implements SqlType {
        @Override
        public String toString() {
            return "DECIMAL(" + precision + "," + scale + ")";
        }
    }

    /** A point of time, a signed 64-bit count of units since 1970-01-01T00:00:00 (UTC where zoned). */
    record Timestamp(TimeUnit unit, boolean zoned) implements SqlType {
        /** How many units make a second. */
        public long perSecond() {
            return switch (unit) {
                case SECOND -> 1L;
                case MILLISECOND -> 1_000L;
                case MICROSECOND -> 1_000_000L;
                case NANOSECOND -> 1_000_000_000L;
            };
        }

        @Override
        public String toString() {
            String name = switch (unit) {
                case SECOND -> "TIMESTAMP_S";
                case MILLISECOND -> "TIMESTAMP_MS";
                case MICROSECOND -> "TIMESTAMP";
                case NANOSECOND -> "TIMESTAMP_NS";
            };
            return zoned ? name + " WITH TIME ZONE" : name;
        }
    }

    /** An Arrow type that expressions cannot use yet: it may be selected, filtered beside and passed through. */
    record Other(Field field) implements SqlType {
        @Override
        public String toString() {
            return field.getType().toString();
        }
    }

    /** The width in bytes of one value in the data buffer; 0 for bits, strings, NULL and {@link Other}. */
    default int bytes() {
        return switch (this) {
            case Scalar scalar -> scalar.bytes;
            case Decimal decimal -> 16;
            case Timestamp timestamp -> 8;
            case Other other -> 0;
        };
    }

    /** Whether values are whole numbers, signed or not. */
    default boolean isInteger() {
        return this instanceof Scalar scalar && scalar.ordinal() >= Scalar.TINYINT.ordinal()
                && scalar.ordinal() <= Scalar.UBIGINT.ordinal();
    }

    /** Whether values are whole numbers that cannot be negative. */
    default boolean isUnsigned() {
        return this instanceof Scalar scalar && scalar.ordinal() >= Scalar.UTINYINT.ordinal()
                && scalar.ordinal() <= Scalar.UBIGINT.ordinal();
    }

    /** Whether values are IEEE 754 numbers. */
    default boolean isFloating() {
        return this == REAL || this == DOUBLE;
    }

    /** Whether arithmetic is defined on the values. */
    default boolean isNumeric() {
        return isInteger() || isFloating() || this instanceof Decimal;
    }

    /** Whether values are kept as offsets and bytes. */
    default boolean isVariableWidth() {
        return this == VARCHAR || this == BLOB;
    }

    /** The Arrow type of a column of this type. */
    default ArrowType arrow() {
        return switch (this) {
            case Scalar scalar -> switch (scalar) {
                case NULL -> ArrowType.Null.INSTANCE;
                case BOOLEAN -> ArrowType.Bool.INSTANCE;
                case TINYINT -> new ArrowType.Int(8, true);
                case SMALLINT -> new ArrowType.Int(16, true);
                case INTEGER -> new ArrowType.Int(32, true);
                case BIGINT -> new ArrowType.Int(64, true);
                case UTINYINT -> new ArrowType.Int(8, false);
                case USMALLINT -> new ArrowType.Int(16, false);
                case UINTEGER -> new ArrowType.Int(32, false);
                case UBIGINT -> new ArrowType.Int(64, false);
                case REAL -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
                case DOUBLE -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
                case VARCHAR -> ArrowType.Utf8.INSTANCE;
                case BLOB -> ArrowType.Binary.INSTANCE;
                case DATE -> new ArrowType.Date(DateUnit.DAY);
                case TIME -> new ArrowType.Time(TimeUnit.MICROSECOND, 64);
                case INTERVAL -> new ArrowType.Interval(IntervalUnit.MONTH_DAY_NANO);
            };
            case Decimal decimal -> new ArrowType.Decimal(decimal.precision, decimal.scale, 128);
            case Timestamp timestamp -> new ArrowType.Timestamp(timestamp.unit, timestamp.zoned ? "UTC" : null);
            case Other other -> other.field.getType();
        };
    }

    /** Whether values are times of day in nanoseconds, which are passed on as they are: expressions see a TIME. */
    default boolean isTimeOfNanoseconds() {
        return this instanceof Other other && other.field.getType() instanceof ArrowType.Time time
                && time.getUnit() == TimeUnit.NANOSECOND;
    }

    /** A nullable Arrow field of this type. */
    default Field field(String name, Map<String, String> metadata) {
        if (this instanceof Other other) {
            return new Field(name, new FieldType(true, other.field.getType(), other.field.getDictionary(), metadata),
                    other.field.getChildren());
        }
        return new Field(name, new FieldType(true, arrow(), null, metadata), null);
    }

    /**
     * The type whose memory layout is that of a plain (not dictionary-encoded) Arrow field; {@link Other} where there is
     * none.
     */
    static SqlType of(Field field) {
        return fixed(field.getType()).orElseGet(() -> new Other(field));
    }

    private static Optional<SqlType> fixed(ArrowType arrow) {
        return Optional.ofNullable(switch (arrow) {
            case ArrowType.Null none -> NULL;
            case ArrowType.Bool bool -> BOOLEAN;
            case ArrowType.Int integer -> switch (integer.getBitWidth()) {
                case 8 -> integer.getIsSigned() ? TINYINT : UTINYINT;
                case 16 -> integer.getIsSigned() ? SMALLINT : USMALLINT;
                case 32 -> integer.getIsSigned() ? INTEGER : UINTEGER;
                default -> integer.getIsSigned() ? BIGINT : UBIGINT;
            };
            case ArrowType.FloatingPoint floating -> switch (floating.getPrecision()) {
                case SINGLE -> REAL;
                case DOUBLE -> DOUBLE;
                case HALF -> null;
            };
            case ArrowType.Utf8 utf8 -> VARCHAR;
            case ArrowType.Binary binary -> BLOB;
            case ArrowType.Date date when date.getUnit() == DateUnit.DAY -> DATE;
            case ArrowType.Time time when time.getUnit() == TimeUnit.MICROSECOND -> TIME;
            case ArrowType.Timestamp timestamp -> new Timestamp(timestamp.getUnit(), timestamp.getTimezone() != null);
            case ArrowType.Interval interval when interval.getUnit() == IntervalUnit.MONTH_DAY_NANO -> INTERVAL;
            case ArrowType.Decimal decimal when decimal.getBitWidth() == 128 ->
                new Decimal(decimal.getPrecision(), decimal.getScale());
            default -> null;
        });
    }
}
