package dev.graticule.batch;

import dev.graticule.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The order of values as {@code Values.object} gives them: NaN is greater than every number, strings go by their UTF-8 bytes. */
public final class ValueOrder {
    private ValueOrder() {
    }

    /** Negative, 0 or positive; neither value is NULL. */
    public static int compare(Object left, Object right, SqlType type) {
        return switch (left) {
            case Double value -> Double.compare(value + 0.0, (Double) right + 0.0);
            case Float value -> Float.compare(value + 0.0f, (Float) right + 0.0f);
            case Boolean value -> value.compareTo((Boolean) right);
            case String value -> Arrays.compareUnsigned(value.getBytes(StandardCharsets.UTF_8),
                    ((String) right).getBytes(StandardCharsets.UTF_8));
            case byte[] value -> Arrays.compareUnsigned(value, (byte[]) right);
            case BigDecimal value -> value.compareTo((BigDecimal) right);
            case Interval value -> nanoseconds(value).compareTo(nanoseconds((Interval) right));
            case Number value when type.isUnsigned() ->
                Long.compareUnsigned(value.longValue(), ((Number) right).longValue());
            case Number value -> Long.compare(value.longValue(), ((Number) right).longValue());
            default -> throw new IllegalArgumentException("Values of type " + type + " have no order");
        };
    }

    /** An interval as PostgreSQL orders it: a month has 30 days, a day 24 hours. */
    public static BigInteger nanoseconds(Interval interval) {
        return BigInteger.valueOf(interval.months() * 30L + interval.days())
                .multiply(BigInteger.valueOf(86_400_000_000_000L))
                .add(BigInteger.valueOf(interval.nanoseconds()));
    }
}
