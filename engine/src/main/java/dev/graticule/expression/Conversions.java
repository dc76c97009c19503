package dev.graticule.expression;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Interval;
import dev.graticule.kernel.Numbers;
import dev.graticule.sql.Position;
import dev.graticule.type.SqlType;
import dev.graticule.type.SqlType.Decimal;
import dev.graticule.type.SqlType.Scalar;
import dev.graticule.type.SqlType.Timestamp;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;

/** CAST between any two types, value by value. */
public final class Conversions {
    private static final long DAY_SECONDS = 86_400;

    private Conversions() {
    }

    /** Whether CAST from one type to another is defined (it may still fail for some values). */
    public static boolean exists(SqlType from, SqlType to) {
        if (from.equals(to) || from == SqlType.NULL) {
            return true;
        }
        if (from.isTimeOfNanoseconds()) {
            return to == SqlType.TIME || to == SqlType.VARCHAR;
        }
        if (from instanceof SqlType.Other || to instanceof SqlType.Other || to == SqlType.NULL) {
            return false;
        }
        if (from == SqlType.VARCHAR || to == SqlType.VARCHAR) {
            return true;
        }
        if (from.isNumeric() || from == SqlType.BOOLEAN) {
            return to.isNumeric() || to == SqlType.BOOLEAN;
        }
        if (from == SqlType.DATE) {
            return to instanceof Timestamp;
        }
        if (from instanceof Timestamp) {
            return to instanceof Timestamp || to == SqlType.DATE || to == SqlType.TIME;
        }
        return from == SqlType.TIME && to == SqlType.INTERVAL;
    }

    /** Whether CAST may fail for some values. */
    static boolean canFail(SqlType from, SqlType to) {
        boolean always = from.equals(to) || from == SqlType.NULL || to == SqlType.VARCHAR || from.isTimeOfNanoseconds()
                || to == SqlType.BOOLEAN && from != SqlType.VARCHAR
                || to == SqlType.DOUBLE && from != SqlType.VARCHAR || to == SqlType.REAL && from.isInteger();
        // Every microsecond and nanosecond of 64 bits lies on a day of 32 bits.
        boolean day = to == SqlType.DATE && from instanceof Timestamp timestamp && timestamp.perSecond() >= 1_000_000L;
        boolean wider = from.isInteger() && to.isInteger()
                && (from.isUnsigned() == to.isUnsigned() || from.isUnsigned()) && to.bytes() > from.bytes();
        return !always && !day && !wider;
    }

    /** The conversion of one value; an error has no position. */
    static RowBody of(SqlType from, SqlType to, Position position) {
        if (from.isTimeOfNanoseconds() && (to == SqlType.TIME || to == SqlType.VARCHAR || to == SqlType.BIGINT)) {
            return new RowBody.OfObjects(arguments -> ofNanoseconds((Long) arguments[0], to));
        }
        if (from instanceof SqlType.Other || to instanceof SqlType.Other) {
            throw GraticuleException.unsupported(position, "conversions from " + from + " to " + to);
        }
        if (!exists(from, to)) {
            throw GraticuleException.binding(position, "There is no conversion from " + from + " to " + to + ".");
        }
        if (from == SqlType.DATE && to instanceof Timestamp timestamp) {
            long perDay = timestamp.perSecond() * DAY_SECONDS;
            return new RowBody.OfLong(day -> exact(day, perDay, from, to));
        }
        if (from instanceof Timestamp timestamp && to == SqlType.DATE) {
            return new RowBody.OfLong(value -> Math.floorDiv(value, timestamp.perSecond() * DAY_SECONDS));
        }
        if (from instanceof Timestamp timestamp && to == SqlType.TIME) {
            long perDay = timestamp.perSecond() * DAY_SECONDS;
            return new RowBody.OfLong(value -> clock(Math.floorMod(value, perDay), timestamp.perSecond()));
        }
        if (from instanceof Timestamp source && to instanceof Timestamp target) {
            return new RowBody.OfLong(value -> rescale(value, source.perSecond(), target.perSecond(), from, to));
        }
        return new RowBody.OfObjects(arguments -> convert(arguments[0], from, to));
    }

    /** A time of day in nanoseconds as microseconds (the ones begun), as text, or, to compare, as it is. */
    private static Object ofNanoseconds(long value, SqlType to) {
        if (to == SqlType.BIGINT) {
            return value;
        }
        String fraction = String.format(Locale.ROOT, "%09d", Math.floorMod(value, 1_000_000_000L)).replaceAll("0+$",
                "");
        return to == SqlType.TIME ? (Object) Math.floorDiv(value, 1_000L)
                : ValueText.format(Math.floorDiv(value, 1_000_000_000L) * 1_000_000L, SqlType.TIME)
                        + (fraction.isEmpty() ? "" : "." + fraction);
    }

    /**
     * One value, not {@code null}, converted; as {@code Values.object} gives it.
     *
     * @throws GraticuleException of kind DATA without a position where it cannot be converted
     */
    public static Object value(Object value, SqlType from, SqlType to) {
        if (from.equals(to)) {
            return value;
        }
        return switch (of(from, to, null)) {
            case RowBody.OfLong body -> boxed(body.function().applyAsLong(((Number) value).longValue()), to);
            case RowBody.OfObjects body -> body.function().apply(new Object[]{value});
            case RowBody.OfLongs body -> throw new IllegalStateException("Not a conversion: " + body);
            case RowBody.OfDouble body -> throw new IllegalStateException("Not a conversion: " + body);
            case RowBody.OfDoubles body -> throw new IllegalStateException("Not a conversion: " + body);
        };
    }

    private static Object boxed(long value, SqlType type) {
        return type == SqlType.DATE ? (Object) (int) value : (Object) value;
    }

    private static long exact(long value, long factor, SqlType from, SqlType to) {
        try {
            return Math.multiplyExact(value, factor);
        } catch (ArithmeticException overflow) {
            throw failure(ValueText.format(from == SqlType.DATE ? (Object) (int) value : (Object) value, from), to);
        }
    }

    /** Microseconds of the clock; a fraction is dropped, so that a day never ends at 24:00. */
    private static long clock(long units, long perSecond) {
        return perSecond <= 1_000_000L ? units * (1_000_000L / perSecond) : units / (perSecond / 1_000_000L);
    }

    private static long rescale(long value, long per, long wanted, SqlType from, SqlType to) {
        return per <= wanted ? exact(value, wanted / per, from, to) : rounded(value, per / wanted);
    }

    /** Half away from zero, as PostgreSQL rounds fractions of a second. */
    private static long rounded(long value, long units) {
        long rest = value % units;
        return value / units + (rest >= units / 2 ? 1 : rest <= -units / 2 ? -1 : 0);
    }

    private static GraticuleException failure(String text, SqlType to) {
        return GraticuleException.data(null, "Could not convert " + text + " to " + to + ".");
    }

    private static Object convert(Object value, SqlType from, SqlType to) {
        if (to == SqlType.VARCHAR) {
            return ValueText.format(value, from);
        }
        if (from == SqlType.VARCHAR) {
            return ValueText.parse((String) value, to);
        }
        if (from == SqlType.TIME) {
            return new Interval(0, 0, (Long) value * 1000);
        }
        if (to == SqlType.BOOLEAN) {
            return value instanceof BigDecimal decimal ? decimal.signum() != 0 : ((Number) value).doubleValue() != 0;
        }
        try {
            return number(from == SqlType.BOOLEAN ? ((Boolean) value ? 1 : 0) : value,
                    from == SqlType.BOOLEAN ? SqlType.INTEGER : from, to);
        } catch (ArithmeticException unfit) {
            throw failure(ValueText.format(value, from), to);
        }
    }

    private static Object number(Object value, SqlType from, SqlType to) {
        if (to == SqlType.DOUBLE) {
            return from.isFloating() ? ((Number) value).doubleValue() : exact(value, from).doubleValue();
        }
        if (to == SqlType.REAL) {
            float single = from.isFloating() ? ((Number) value).floatValue() : exact(value, from).floatValue();
            if (Float.isInfinite(single) && !Double.isInfinite(((Number) value).doubleValue())) {
                throw new ArithmeticException();
            }
            return single;
        }
        if (from.isFloating()) {
            double wide = ((Number) value).doubleValue();
            if (Double.isNaN(wide) || Double.isInfinite(wide)) {
                throw new ArithmeticException();
            }
            if (to instanceof Decimal decimal) {
                return ValueText.decimal(new BigDecimal(value.toString()), decimal);
            }
            if (!Numbers.fits((Scalar) to, Math.rint(wide))) {
                throw new ArithmeticException();
            }
            return ValueText.boxed(Numbers.whole((Scalar) to, Math.rint(wide)), (Scalar) to);
        }
        BigDecimal exact = exact(value, from);
        return to instanceof Decimal decimal ? ValueText.decimal(exact, decimal)
                : ValueText.fitted(exact.setScale(0, RoundingMode.HALF_UP), (Scalar) to);
    }

    /** A whole number or a DECIMAL, without its type's limits. */
    public static BigDecimal exact(Object value, SqlType type) {
        if (value instanceof BigDecimal decimal) {
            return decimal;
        }
        BigInteger bits = BigInteger.valueOf(((Number) value).longValue());
        return new BigDecimal(
                type.isUnsigned() && bits.signum() < 0 ? bits.add(BigInteger.ONE.shiftLeft(type.bytes() * 8)) : bits);
    }
}
