package dev.graticule.exec;

import dev.graticule.batch.Interval;
import dev.graticule.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/** The order of SQL values as plain Java objects: the oracle of sorts and extremes. */
public final class SqlOrder {
    private SqlOrder() {
    }

    /** Compares values that are not {@code null}. */
    public static int compare(SqlType type, Object left, Object right) {
        return switch (left) {
            case Float f -> Float.compare(f + 0.0f, (float) right + 0.0f);
            case Double d -> Double.compare(d + 0.0, (double) right + 0.0);
            case Boolean b -> Boolean.compare(b, (boolean) right);
            case BigDecimal d -> d.compareTo((BigDecimal) right);
            case Interval i -> nanoseconds(i).compareTo(nanoseconds((Interval) right));
            case String s -> {
                int[] a = s.codePoints().toArray();
                int[] b = ((String) right).codePoints().toArray();
                yield java.util.Arrays.compare(a, b);
            }
            case List<?> bytes -> {
                List<?> others = (List<?>) right;
                for (int i = 0; i < Math.min(bytes.size(), others.size()); i++) {
                    int comparison = Byte.compareUnsigned((byte) bytes.get(i), (byte) others.get(i));
                    if (comparison != 0) {
                        yield comparison;
                    }
                }
                yield Integer.compare(bytes.size(), others.size());
            }
            case Number n -> type.isUnsigned()
                    ? Long.compareUnsigned(n.longValue(), ((Number) right).longValue())
                    : Long.compare(n.longValue(), ((Number) right).longValue());
            default -> throw new IllegalArgumentException("No order of " + left.getClass());
        };
    }

    private static BigInteger nanoseconds(Interval interval) {
        return BigInteger.valueOf(interval.months() * 30L + interval.days())
                .multiply(BigInteger.valueOf(86_400_000_000_000L))
                .add(BigInteger.valueOf(interval.nanoseconds()));
    }
}
