package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.sql.Position;
import dev.graticule.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Numbers as they are written in SQL. */
final class NumberText {
    private static final int MOST_DIGITS = 38;

    private NumberText() {
    }

    /**
     * INTEGER or BIGINT where a whole number fits, DOUBLE where it has an exponent or more than 38 digits, else DECIMAL.
     */
    static Literal literal(String written, boolean negative, Position position) {
        String text = written.replace("_", "");
        try {
            if (text.length() > 2 && text.charAt(0) == '0' && Character.isLetter(text.charAt(1))) {
                int radix = switch (text.charAt(1)) {
                    case 'x', 'X' -> 16;
                    case 'o', 'O' -> 8;
                    case 'b', 'B' -> 2;
                    default -> 10;
                };
                return whole(new BigInteger(text.substring(2), radix), negative);
            }
            if (text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
                double value = Double.parseDouble(text);
                return new Literal(negative ? -value : value, SqlType.DOUBLE);
            }
            if (text.indexOf('.') < 0) {
                return whole(new BigInteger(text), negative);
            }
            BigDecimal value = new BigDecimal(text.endsWith(".") ? text.substring(0, text.length() - 1) : text);
            return decimal(negative ? value.negate() : value);
        } catch (NumberFormatException problem) {
            throw GraticuleException.binding(position, "Not a number: " + written + ".");
        }
    }

    private static Literal whole(BigInteger magnitude, boolean negative) {
        BigInteger value = negative ? magnitude.negate() : magnitude;
        if (value.bitLength() < 32) {
            return new Literal(value.intValue(), SqlType.INTEGER);
        }
        return value.bitLength() < 64 ? new Literal(value.longValue(), SqlType.BIGINT) : decimal(new BigDecimal(value));
    }

    private static Literal decimal(BigDecimal value) {
        int precision = Math.max(value.precision(), value.scale());
        return precision > MOST_DIGITS ? new Literal(value.doubleValue(), SqlType.DOUBLE)
                : new Literal(value, new SqlType.Decimal(Math.max(1, precision), value.scale()));
    }
}
