package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.expression.Expression;
import dev.graticule.sql.Position;
import dev.graticule.sql.SqlExpression;
import dev.graticule.sql.SqlExpression.FunctionCall;
import dev.graticule.type.SqlType;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.vector.types.TimeUnit;

/** Binds {@code arrow_cast(x, 'Int64')} and {@code arrow_try_cast}: a CAST whose type has its Arrow name, as DataFusion writes it. */
final class BindArrowCast {
    private static final Map<String, SqlType> TYPES = Map.ofEntries(Map.entry("Boolean", SqlType.BOOLEAN),
            Map.entry("Int8", SqlType.TINYINT),
            Map.entry("Int16", SqlType.SMALLINT), Map.entry("Int32", SqlType.INTEGER),
            Map.entry("Int64", SqlType.BIGINT), Map.entry("UInt8", SqlType.UTINYINT),
            Map.entry("UInt16", SqlType.USMALLINT), Map.entry("UInt32", SqlType.UINTEGER),
            Map.entry("UInt64", SqlType.UBIGINT),
            Map.entry("Float32", SqlType.REAL), Map.entry("Float64", SqlType.DOUBLE),
            Map.entry("Utf8", SqlType.VARCHAR), Map.entry("LargeUtf8", SqlType.VARCHAR),
            Map.entry("Utf8View", SqlType.VARCHAR), Map.entry("Binary", SqlType.BLOB),
            Map.entry("LargeBinary", SqlType.BLOB),
            Map.entry("BinaryView", SqlType.BLOB), Map.entry("Date32", SqlType.DATE),
            Map.entry("Time64(Microsecond)", SqlType.TIME),
            Map.entry("Interval(MonthDayNano)", SqlType.INTERVAL), Map.entry("Null", SqlType.NULL));
    private static final Pattern DECIMAL = Pattern.compile("Decimal(?:32|64|128)\\((\\d+), *(\\d+)\\)");
    private static final Pattern TIMESTAMP = Pattern.compile(
            "Timestamp\\((Second|Millisecond|Microsecond|Nanosecond|s|ms|µs|us|ns)(?:, *(None|Some\\( *\"[^\"]*\" *\\)|\"[^\"]*\"))?\\)");
    private static final Pattern DICTIONARY = Pattern.compile("Dictionary\\(\\w+, *(.+)\\)");

    private final BindExpression expressions;

    BindArrowCast(BindExpression expressions) {
        this.expressions = expressions;
    }

    Expression bind(FunctionCall call, boolean lenient) {
        if (call.arguments().size() != 2
                || !(call.arguments().get(1).value() instanceof SqlExpression.StringLiteral name)) {
            throw GraticuleException.binding(call.position(),
                    "arrow_cast takes a value and the name of an Arrow type: arrow_cast(x, 'Int64').");
        }
        return Casts.explicit(expressions.bind(call.arguments().getFirst().value()),
                type(name.value().strip(), name.position()), lenient, call.position());
    }

    private static SqlType type(String name, Position position) {
        SqlType plain = TYPES.get(name);
        if (plain != null) {
            return plain;
        }
        Matcher decimal = DECIMAL.matcher(name);
        if (decimal.matches()) {
            return new SqlType.Decimal(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
        }
        Matcher timestamp = TIMESTAMP.matcher(name);
        if (timestamp.matches()) {
            TimeUnit unit = switch (timestamp.group(1)) {
                case "Second", "s" -> TimeUnit.SECOND;
                case "Millisecond", "ms" -> TimeUnit.MILLISECOND;
                case "Microsecond", "µs", "us" -> TimeUnit.MICROSECOND;
                default -> TimeUnit.NANOSECOND;
            };
            return new SqlType.Timestamp(unit, timestamp.group(2) != null && !timestamp.group(2).equals("None"));
        }
        Matcher dictionary = DICTIONARY.matcher(name);
        if (dictionary.matches()) {
            return type(dictionary.group(1), position);
        }
        throw GraticuleException.unsupported(position, "the Arrow type " + name);
    }
}
