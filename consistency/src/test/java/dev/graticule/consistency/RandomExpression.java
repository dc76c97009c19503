package dev.graticule.consistency;

import dev.graticule.consistency.Sql.Nan;
import dev.graticule.function.Coercion;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Makes expressions over the columns of a scope: columns themselves first. */
final class RandomExpression {
    private final Choices choices;
    private final List<Sql> columns;

    RandomExpression(Choices choices, List<Sql> columns) {
        this.choices = choices;
        this.columns = columns;
    }

    private Optional<Sql> column(Predicate<Sql> wanted) {
        List<Sql> fitting = columns.stream().filter(wanted).toList();
        return fitting.isEmpty() ? Optional.empty() : Optional.of(choices.of(fitting));
    }

    /** Any column. */
    Sql column() {
        return choices.of(columns);
    }

    /** A value whose digits are certain. */
    Sql exactValue(int depth) {
        Sql value = value(depth);
        return value.fuzzy() ? column(each -> !each.fuzzy()).orElse(Sql.plain("1", SqlType.INTEGER)) : value;
    }

    /** A value of any type. */
    Sql value(int depth) {
        if (depth == 0) {
            return column();
        }
        return switch (choices.below(15)) {
            case 0, 1, 2, 3 -> column();
            case 12 -> textFunction().orElseGet(this::column);
            case 13 -> choice(depth);
            case 14 -> extreme().orElseGet(this::column);
            case 4, 5, 6 -> number(depth);
            case 7 -> timePart().orElseGet(this::column);
            case 8 -> conditional(depth);
            case 9 -> coalesce(depth);
            case 10 -> cast(depth);
            default -> condition(depth - 1);
        };
    }

    private Sql conditional(int depth) {
        Sql condition = condition(depth - 1);
        Sql value = exactValue(depth - 1);
        boolean otherwise = choices.chance(70);
        Sql other = otherwise
                ? column(each -> each.type().equals(value.type()) && !each.fuzzy()).filter(each -> choices.chance(60))
                        .orElseGet(() -> literalOrNaN(value.type()))
                : value;
        String end = otherwise ? " ELSE %s END" : " END";
        Nan nan = value.nan().or(other.nan());
        return new Sql("CASE WHEN " + condition.engine() + " THEN " + value.engine() + end.formatted(other.engine()),
                "CASE WHEN " + condition.duck() + " THEN " + value.duckAs(value.type())
                        + end.formatted(other.duckAs(value.type())),
                value.type(), nan,
                value.inexact() || other.inexact(), value.infinite() || other.infinite(), false);
    }

    private Optional<Sql> textFunction() {
        return column(each -> each.type() == SqlType.VARCHAR).map(text -> switch (choices.below(4)) {
            case 0 -> timePart("upper(%s)", text, SqlType.VARCHAR);
            case 1 -> timePart("length(%s)", text, SqlType.BIGINT);
            case 2 -> timePart("(%s || 'x')", text, SqlType.VARCHAR);
            default -> timePart("substring(%s, 1, 1)", text, SqlType.VARCHAR);
        });
    }

    /** A simple CASE that gives whole numbers. */
    private Sql choice(int depth) {
        Sql value = exactValue(depth - 1);
        Sql first = literal(value.type());
        Sql second = literal(value.type());
        String shape = "CASE %s WHEN %s THEN 1 WHEN %s THEN 2" + choices.of(" ELSE 0", "") + " END";
        return Sql.plain(shape.formatted(value.engine(), first.engine(), second.engine()),
                shape.formatted(value.duck(), beside(value.type(), first), beside(value.type(), second)),
                SqlType.INTEGER);
    }

    /** The greatest or the least of two columns of a type. */
    private Optional<Sql> extreme() {
        String function = choices.of("greatest", "least");
        return column(each -> each.type().isNumeric() && !each.fuzzy())
                .flatMap(left -> column(each -> each.type().equals(left.type()) && !each.fuzzy())
                        .map(right -> new Sql(function + "(" + left.engine() + ", " + right.engine() + ")",
                                function + "(" + left.duck() + ", " + right.duck() + ")",
                                left.type(), left.nan().or(right.nan()),
                                left.inexact() || right.inexact(),
                                left.infinite() || right.infinite(), false)));
    }

    private Sql coalesce(int depth) {
        Sql value = exactValue(depth - 1);
        String function = choices.of("COALESCE", "NULLIF");
        Sql other = literalOrNaN(value.type());
        Nan nan = function.equals("NULLIF") ? value.nan() : value.nan().or(other.nan());
        return new Sql(function + "(" + value.engine() + ", " + other.engine() + ")",
                function + "(" + value.duck() + ", " + other.duckAs(value.type()) + ")",
                value.type(), nan, value.inexact() || other.inexact(), value.infinite(), false);
    }

    private Sql cast(int depth) {
        Sql value = exactValue(depth - 1);
        SqlType to = value.type() == SqlType.REAL ? SqlType.DOUBLE
                : value.type().isInteger() && value.type() != SqlType.UBIGINT
                        ? choices.of(SqlType.BIGINT, SqlType.DOUBLE, SqlType.VARCHAR)
                        : value.type() == SqlType.TIMESTAMP ? SqlType.DATE : value.type();
        return new Sql("CAST(" + value.engine() + " AS " + to + ")", value.duckAs(to), to, value.nan(), value.inexact(),
                value.infinite(), false);
    }

    private Optional<Sql> timePart() {
        return column(each -> each.type() == SqlType.TIMESTAMP).map(time -> switch (choices.below(9)) {
            case 0 -> timePart("hour(%s)", time, SqlType.BIGINT);
            case 1 -> timePart("day(%s)", time, SqlType.BIGINT);
            case 2 -> timePart("EXTRACT(month FROM %s)", time, SqlType.BIGINT);
            case 3 -> timePart("dayofyear(%s)", time, SqlType.BIGINT);
            case 4 -> timePart("date_trunc('day', %s)", time, SqlType.TIMESTAMP);
            case 5 -> timePart("date_trunc('month', %s)", time, SqlType.TIMESTAMP);
            case 6 -> timePart("(%s + INTERVAL '1 month')", time, SqlType.TIMESTAMP);
            case 7 -> timePart("(%s - INTERVAL '36 hours')", time, SqlType.TIMESTAMP);
            default -> timePart("year(%s)", time, SqlType.BIGINT);
        });
    }

    private static Sql timePart(String text, Sql time, SqlType type) {
        return Sql.plain(text.formatted(time.engine()), text.formatted(time.duck()), type);
    }

    private static boolean calculable(Sql each) {
        return each.type().isNumeric() && !each.fuzzy();
    }

    /** A number, or a column where there is no number. */
    Sql number(int depth) {
        Optional<Sql> start = column(RandomExpression::calculable);
        if (start.isEmpty()) {
            return column();
        }
        Sql left = start.get();
        if (depth == 0) {
            return left;
        }
        Sql inner = depth > 1 && choices.chance(40) ? number(depth - 1) : left;
        if (!calculable(inner)) {
            return left;
        }
        return switch (choices.below(10)) {
            case 9 -> inner.type().isFloating() ? root(inner) : division(inner);
            case 0 -> arithmetic(inner, "+", operand(inner));
            case 1 -> arithmetic(inner, "-", operand(inner));
            case 2 -> arithmetic(inner, "*", operand(inner));
            case 3 -> arithmetic(operand(inner), "-", inner);
            case 4, 5 -> division(inner);
            case 6 -> inner.type().isUnsigned() ? inner : unary("-%s", inner, false);
            case 7 -> unary("abs(%s)", inner, false);
            default -> inner.type().isFloating() ? unary("floor(%s)", inner, false)
                    : arithmetic(inner, "%", literal(SqlType.INTEGER, 1 + choices.below(5)));
        };
    }

    private Sql operand(Sql other) {
        return choices.chance(50) ? column(RandomExpression::calculable).orElseThrow()
                : choices.chance(10) ? literalOrNaN(other.type()) : literal(other.type());
    }

    /** A literal; where the type has one, sometimes a NaN. */
    private Sql literalOrNaN(SqlType type) {
        if (!type.isFloating() || !choices.chance(20)) {
            return literal(type);
        }
        return new Sql("CAST('NaN' AS " + type + ")", "CAST('NaN' AS " + Sql.duckType(type) + ")", type, Nan.VALUES,
                false, false, false);
    }

    private static Sql unary(String text, Sql operand, boolean inexact) {
        return Sql.computed("(" + text.formatted(operand.engine()) + ")", "(" + text.formatted(operand.duck()) + ")",
                operand.type(), operand.nan().with(Nan.NONE), operand.inexact() || inexact, operand.infinite(), false);
    }

    /** A square root: NaN of what is below 0. */
    private static Sql root(Sql operand) {
        return Sql.computed("sqrt(" + operand.engine() + ")",
                "root(" + operand.duckAs(SqlType.DOUBLE) + ")", SqlType.DOUBLE, operand.nan().with(Nan.NONE), true,
                operand.infinite(), false);
    }

    private static boolean isLiteral(Sql sql) {
        return sql.engine().matches("-?[0-9.]+");
    }

    /** The type of arithmetic, by the rules that SEMANTICS 15 and PostgreSQL give. */
    private static SqlType arithmeticType(Sql left, Sql right) {
        boolean leftLiteral = isLiteral(left);
        if (leftLiteral != isLiteral(right)) {
            Sql typed = leftLiteral ? right : left;
            if (typed.type().isFloating() || typed.type() == SqlType.UBIGINT) {
                return typed.type();
            }
        }
        return Coercion.commonType(left.type(), right.type()).orElseThrow();
    }

    private Sql arithmetic(Sql left, String operator, Sql right) {
        SqlType type = arithmeticType(left, right);
        if (type instanceof SqlType.Decimal) {
            return isLiteral(left) ? right : left;
        }
        return calculated(left, operator, right, type, false);
    }

    private Sql division(Sql left) {
        if (!left.type().isFloating()) {
            Sql by = literal(SqlType.INTEGER, 1 + choices.below(5));
            SqlType type = arithmeticType(left, by);
            return new Sql("(" + left.engine() + " / " + by.engine() + ")",
                    "(" + left.duckAs(type) + " // " + by.duckAs(type) + ")", type, Nan.NONE, false,
                    left.infinite(), false);
        }
        boolean anything = choices.chance(50);
        Sql by = anything ? column(RandomExpression::calculable).orElse(left) : literal(left.type(), 3);
        return calculated(left, "/", by, arithmeticType(left, by), anything);
    }

    private static Sql calculated(Sql left, String operator, Sql right, SqlType type, boolean infinite) {
        return Sql.computed("(" + left.engine() + " " + operator + " " + right.engine() + ")",
                "(" + left.duckAs(type) + " " + operator + " " + right.duckAs(type) + ")", type,
                left.nan().with(right.nan()), left.inexact() || right.inexact() || operator.equals("/"),
                left.infinite() || right.infinite() || infinite, false);
    }

    private Sql literal(SqlType type, int number) {
        return Sql.plain(String.valueOf(number), type);
    }

    /** A literal that fits a type, as likely as not a value that the column has. */
    Sql literal(SqlType type) {
        int drawn = choices.below(40);
        if (type == SqlType.REAL) {
            return new Sql(decimal(drawn), decimal(drawn), type, Nan.NONE, drawn % 2 == 1, false, false);
        }
        if (type == SqlType.DOUBLE) {
            return new Sql(decimal(drawn), "CAST(" + decimal(drawn) + " AS DOUBLE)", type, Nan.NONE, drawn % 2 == 1,
                    false, false);
        }
        if (type.isUnsigned()) {
            return Sql.plain(String.valueOf(drawn), type == SqlType.UBIGINT ? type : SqlType.INTEGER);
        }
        if (type.isInteger()) {
            return Sql.plain(String.valueOf(drawn - 10), SqlType.INTEGER);
        }
        if (type == SqlType.BOOLEAN) {
            return Sql.plain(drawn % 2 == 0 ? "true" : "false", type);
        }
        if (type == SqlType.VARCHAR) {
            return Sql.plain("'" + RandomGrid.text(drawn % 6) + "'", type);
        }
        if (type == SqlType.DATE) {
            return Sql.plain("DATE '2020-0" + (drawn % 2 == 0 ? "2-29" : "3-01") + "'", type);
        }
        return Sql.plain("TIMESTAMP '2020-02-" + (28 + drawn % 2) + " "
                + List.of("00", "06", "12", "18", "03").get(drawn % 5) + ":00:00'", type);
    }

    private static String decimal(int drawn) {
        return drawn % 2 == 0
                ? new java.math.BigDecimal(drawn / 2 - 8).movePointRight(2).divide(new java.math.BigDecimal(400))
                        .toPlainString()
                : new java.math.BigDecimal(drawn).movePointLeft(1).toPlainString();
    }

    private static final List<String> COMPARISONS = List.of("=", "<", ">", "<=", ">=", "<>", "IS DISTINCT FROM",
            "IS NOT DISTINCT FROM");

    /** A condition. */
    Sql condition(int depth) {
        int drawn = choices.below(depth <= 0 ? 9 : 14);
        return switch (drawn) {
            case 0, 1, 2 -> comparison(depth <= 0 ? exactValue(0) : exactValue(depth - 1));
            case 3 -> in(exactValue(Math.max(0, depth - 1)));
            case 4 -> between(exactValue(Math.max(0, depth - 1)));
            case 5 -> {
                Sql value = exactValue(Math.max(0, depth - 1));
                if (value.type().isFloating() && choices.chance(40)) {
                    yield Sql.plain("isnan(" + value.engine() + ")", "isnan(" + value.duck() + ")", SqlType.BOOLEAN);
                }
                String test = choices.of(" IS NULL", " IS NOT NULL");
                yield Sql.plain("(" + value.engine() + test + ")", "(" + value.duck() + test + ")", SqlType.BOOLEAN);
            }
            case 6 -> column(each -> each.type() == SqlType.BOOLEAN).orElseGet(() -> comparison(exactValue(0)));
            case 7 -> comparisonOfColumns();
            case 8 ->
                timePart().map(this::comparison).orElseGet(() -> like().orElseGet(() -> comparison(exactValue(0))));
            case 9, 10 -> connected("AND", condition(depth - 1), condition(depth - 1));
            case 11, 12 -> connected("OR", condition(depth - 1), condition(depth - 1));
            default -> {
                Sql condition = condition(depth - 1);
                yield Sql.plain("(NOT " + condition.engine() + ")", "(NOT " + condition.duck() + ")", SqlType.BOOLEAN);
            }
        };
    }

    private static Sql connected(String operator, Sql left, Sql right) {
        return Sql.plain("(" + left.engine() + " " + operator + " " + right.engine() + ")",
                "(" + left.duck() + " " + operator + " " + right.duck() + ")",
                SqlType.BOOLEAN);
    }

    /** DuckDB's spelling of a literal beside a value of a type. */
    private static String beside(SqlType type, Sql literal) {
        return type.isFloating() ? literal.duckAs(type) : literal.duck();
    }

    private Sql bound(SqlType type) {
        return type.isInteger() && choices.chance(10) ? Sql.plain(choices.below(9) + ".5", SqlType.DOUBLE)
                : literal(type);
    }

    Sql comparison(Sql value) {
        String operator = choices.of(COMPARISONS);
        Sql literal = bound(value.type());
        boolean turned = choices.chance(20) && operator.length() < 3;
        String shape = turned ? "(%3$s %2$s %1$s)" : "(%s %s %s)";
        return Sql.plain(shape.formatted(value.engine(), operator, literal.engine()),
                shape.formatted(value.duck(), operator, beside(value.type(), literal)),
                SqlType.BOOLEAN);
    }

    private Sql comparisonOfColumns() {
        Sql left = column(each -> !each.fuzzy()).orElse(Sql.plain("1", SqlType.INTEGER));
        Sql right = column(each -> !each.fuzzy()
                && (each.type().equals(left.type()) || each.type().isNumeric() && left.type().isNumeric()))
                .orElse(left);
        SqlType type = Coercion.commonType(left.type(), right.type()).orElseThrow();
        String operator = choices.of(COMPARISONS);
        return Sql.plain("(" + left.engine() + " " + operator + " " + right.engine() + ")",
                "(" + left.duckAs(type) + " " + operator + " " + right.duckAs(type) + ")",
                SqlType.BOOLEAN);
    }

    private Sql in(Sql value) {
        List<String> engine = new ArrayList<>();
        List<String> duck = new ArrayList<>();
        int count = 1 + choices.below(4);
        for (int i = 0; i < count; i++) {
            Sql literal = literal(value.type());
            engine.add(literal.engine());
            duck.add(beside(value.type(), literal));
        }
        if (choices.chance(10)) {
            engine.add("NULL");
            duck.add("NULL");
        }
        String not = choices.chance(25) ? " NOT" : "";
        return Sql.plain("(" + value.engine() + not + " IN (" + String.join(", ", engine) + "))",
                "(" + value.duck() + not + " IN (" + String.join(", ", duck) + "))",
                SqlType.BOOLEAN);
    }

    private Sql between(Sql value) {
        Sql low = literal(value.type());
        Sql high = literal(value.type());
        String not = choices.chance(25) ? " NOT" : "";
        return Sql.plain("(" + value.engine() + not + " BETWEEN " + low.engine() + " AND " + high.engine() + ")",
                "(" + value.duck() + not + " BETWEEN " + beside(value.type(), low) + " AND "
                        + beside(value.type(), high) + ")",
                SqlType.BOOLEAN);
    }

    private Optional<Sql> like() {
        String pattern = choices.of("'a%'", "'%b'", "'_'", "''", "'%'", "'%é%'");
        return column(each -> each.type() == SqlType.VARCHAR)
                .map(text -> Sql.plain("(" + text.engine() + " LIKE " + pattern + ")",
                        "(" + text.duck() + " LIKE " + pattern + ")", SqlType.BOOLEAN));
    }

    /** An aggregate, without FILTER. */
    Sql aggregate(int depth) {
        int drawn = choices.below(14);
        Sql number = number(depth);
        boolean numeric = number.type().isNumeric();
        boolean addable = numeric && (!number.infinite() || number.type().isInteger());
        if (addable && (drawn == 1 || drawn == 2)) {
            return call("sum", number, number.type().isFloating() ? SqlType.DOUBLE : SqlType.BIGINT,
                    number.inexact() || number.fuzzy());
        }
        if (addable && (drawn == 3 || drawn == 4)) {
            boolean large = number.type().isInteger() && number.type().bytes() > 4;
            return call("avg", number, SqlType.DOUBLE, number.inexact() || number.fuzzy() || large);
        }
        if (addable && drawn == 5 && number.nan() != Nan.VALUES) {
            Sql narrow = column(each -> each.type().isNumeric() && !each.infinite()
                    && each.type().bytes() != 8 | each.type().isFloating() && each.nan() != Nan.VALUES)
                    .filter(each -> each.type() != SqlType.INTEGER)
                    .filter(each -> each.nan() != Nan.VALUES && !each.fuzzy()).orElse(null);
            if (narrow != null) {
                return call(choices.of("stddev", "variance", "var_pop", "stddev_pop"), narrow, SqlType.DOUBLE, true);
            }
        }
        return switch (drawn) {
            case 6, 7, 2 -> call(choices.of("min", "max"), value(depth));
            case 8 -> {
                Sql condition = condition(depth);
                String function = choices.of("bool_and", "bool_or");
                yield Sql.plain(function + "(" + condition.engine() + ")", function + "(" + condition.duck() + ")",
                        SqlType.BOOLEAN);
            }
            case 12 -> Sql.plain(choices.of("sum(2)", "count(1)"), SqlType.BIGINT);
            case 13 -> weightedMean().orElse(Sql.plain("count(*)", SqlType.BIGINT));
            case 9 -> {
                Sql value = exactValue(depth);
                yield Sql.plain("count(DISTINCT " + value.engine() + ")", "count(DISTINCT " + value.duck() + ")",
                        SqlType.BIGINT);
            }
            case 10, 11, 3, 5 -> {
                Sql value = value(depth);
                yield Sql.plain("count(" + value.engine() + ")", "count(" + value.duck() + ")", SqlType.BIGINT);
            }
            default -> Sql.plain("count(*)", SqlType.BIGINT);
        };
    }

    /** A mean whose weights are positive. */
    private Optional<Sql> weightedMean() {
        Predicate<Sql> addable = each -> calculable(each) && !each.infinite() && each.nan() != Nan.VALUES
                && each.type() != SqlType.UBIGINT;
        return column(addable).flatMap(value -> column(addable).map(weight -> {
            String duckValue = value.duckAs(SqlType.DOUBLE);
            String duckWeight = "(1.0 + abs(" + weight.duckAs(SqlType.DOUBLE) + "))";
            return new Sql("weighted_avg(" + value.engine() + ", 1.0 + abs(CAST(" + weight.engine() + " AS DOUBLE)))",
                    "weighted_mean(sum(" + duckValue + " * " + duckWeight + "), sum(CASE WHEN " + value.duck()
                            + " IS NOT NULL THEN " + duckWeight + " END))",
                    SqlType.DOUBLE,
                    value.nan().with(weight.nan()), true, false, true);
        }));
    }

    private static Sql call(String function, Sql argument) {
        return Sql.computed(function + "(" + argument.engine() + ")", function + "(" + argument.duck() + ")",
                argument.type(), argument.nan().with(Nan.NONE), argument.inexact(), argument.infinite(),
                argument.fuzzy());
    }

    private static Sql call(String function, Sql argument, SqlType type, boolean fuzzy) {
        return Sql.computed(function + "(" + argument.engine() + ")", function + "(" + argument.duck() + ")", type,
                argument.nan().with(Nan.NONE), true, argument.infinite(), fuzzy);
    }
}
