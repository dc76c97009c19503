package dev.graticule.bind;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.sql.BinaryOperator;
import dev.graticule.sql.Position;
import dev.graticule.sql.SqlExpression;
import dev.graticule.type.SqlType;
import java.time.YearMonth;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What is often meant when a timestamp meets a string that is shorter than a timestamp (SEMANTICS 28). */
final class TimeHints {
    private static final Pattern MONTH = Pattern.compile("\\d{4}-(0[1-9]|1[0-2])");
    private static final Pattern YEAR = Pattern.compile("\\d{4}");
    private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

    private static final Set<String> INVENTED = Set.of("noleap", "365_day", "all_leap", "366_day", "360_day");

    private TimeHints() {
    }

    /** Refuses months and years, and says that {@code time = '2013-01-01'} is midnight alone. */
    static void check(BindContext context, SqlExpression.Binary written, Expression left, Expression right) {
        refuseMonths(written.left(), left, written.right(), right);
        refuseMonths(written.right(), right, written.left(), left);
        if (written.operator() == BinaryOperator.EQUAL) {
            midnight(context, written.left(), left, right);
            midnight(context, written.right(), right, left);
        }
    }

    /** Refuses a string that is a month or a year beside a timestamp. */
    static void refuseMonths(SqlExpression timeWritten, Expression time, SqlExpression textWritten, Expression text) {
        if (!isTime(time) || !(text instanceof Literal literal) || literal.type() != SqlType.VARCHAR
                || literal.value() == null) {
            return;
        }
        String value = ((String) literal.value()).strip();
        String name = BindExpression.shown(timeWritten).equals("the value") ? "time"
                : BindExpression.shown(timeWritten);
        String kind = time.type() == SqlType.DATE ? "date" : "timestamp";
        if (MONTH.matcher(value).matches()) {
            YearMonth month = YearMonth.parse(value);
            throw GraticuleException.binding(textWritten.position(),
                    "'" + value + "' is a month, not a " + kind + ". Write " + name + " >= '" + month
                            + "-01' AND " + name + " < '" + month.plusMonths(1) + "-01'.");
        }
        if (YEAR.matcher(value).matches()) {
            int year = Integer.parseInt(value);
            throw GraticuleException.binding(textWritten.position(),
                    "'" + value + "' is a year, not a " + kind + ". Write " + name + " >= '" + value
                            + "-01-01' AND " + name + " < '" + String.format("%04d", year + 1) + "-01-01'.");
        }
    }

    /** Refuses a TIMESTAMP whose attribute {@code calendar} is one without real-world dates. */
    static void requireDates(LogicalPlan.OutputColumn column, Position position) {
        String calendar = column.metadata().getOrDefault("calendar", "").toLowerCase(Locale.ROOT);
        if (column.type() instanceof SqlType.Timestamp && INVENTED.contains(calendar)) {
            throw GraticuleException.of(ErrorKind.UNSUPPORTED, position, "The times of '" + column.name()
                    + "' cannot be compared yet: the calendar '" + calendar
                    + "' has no real-world dates. For the numbers as they are stored write decode_times => false.",
                    null);
        }
    }

    private static void midnight(BindContext context, SqlExpression timeWritten, Expression time, Expression text) {
        if (time.type() instanceof SqlType.Timestamp && isTime(time) && text instanceof Literal literal
                && literal.type() == SqlType.VARCHAR
                && literal.value() instanceof String value && DAY.matcher(value.strip()).matches()
                && timeWritten instanceof SqlExpression.Name) {
            String name = BindExpression.shown(timeWritten);
            context.notice(name + " = '" + value.strip() + "' is midnight only; the whole day: " + name + "::date = '"
                    + value.strip() + "'");
        }
    }

    private static boolean isTime(Expression expression) {
        return !(expression instanceof Literal)
                && (expression.type() instanceof SqlType.Timestamp || expression.type() == SqlType.DATE);
    }
}
