package dev.graticule.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.RandomColumns;
import dev.graticule.batch.Scratch;
import dev.graticule.batch.Selection;
import dev.graticule.expression.Evaluator;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.ColumnReference;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.expression.TestColumns;
import dev.graticule.expression.ValueText;
import dev.graticule.type.SqlType;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Scalar functions and casts give what DuckDB gives, for all pairs of odd values. */
final class FunctionsAgainstDuckDbTest {
    private static final Map<SqlType, List<String>> ODD = Map.ofEntries(
            Map.entry(SqlType.DOUBLE,
                    List.of("NULL", "0", "'-0.0'", "1", "-1", "0.5", "-0.5", "2.5", "1.5", "1e300", "-1e-300", "'nan'",
                            "'inf'", "'-inf'", "123.456", "1e15", "0.1",
                            "1e16", "1234567890123456789", "0.00001", "0.0000123")),
            Map.entry(SqlType.REAL,
                    List.of("NULL", "0", "1", "-1.5", "0.1", "'nan'", "'inf'", "3.4e38", "273.15", "1e-10")),
            Map.entry(SqlType.TINYINT, List.of("NULL", "0", "1", "-1", "127", "-128", "7")),
            Map.entry(SqlType.INTEGER, List.of("NULL", "0", "1", "-1", "2147483647", "-2147483648", "7", "100", "3")),
            Map.entry(SqlType.BIGINT,
                    List.of("NULL", "0", "1", "-1", "9223372036854775807", "-9223372036854775808", "7", "12", "-5",
                            "2")),
            Map.entry(SqlType.UTINYINT, List.of("NULL", "0", "1", "255", "7")),
            Map.entry(SqlType.UBIGINT, List.of("NULL", "0", "1", "18446744073709551615", "7")),
            Map.entry(new SqlType.Decimal(9, 3),
                    List.of("NULL", "0", "1.5", "-1.5", "0.001", "-12345.789", "2.5", "99999.999")),
            Map.entry(SqlType.BOOLEAN, List.of("NULL", "true", "false")),
            Map.entry(SqlType.VARCHAR,
                    List.of("NULL", "''", "'abc'", "'Hello World'", "' x '", "'été'", "'a%b_c'", "'12'", "'-3.7'",
                            "'1e3'", "'true'", "'2020-02-29'",
                            "'2021-03-04 05:06:07.123456'", "'l'", "'lo'", "'aXbXc'", "'1 day 02:03:04'", "'x'")),
            Map.entry(SqlType.DATE,
                    List.of("NULL", "'1970-01-01'", "'2020-02-29'", "'1969-12-31'", "'2000-12-31'", "'1600-01-01'",
                            "'2024-12-30'", "'0001-01-01'", "'1900-02-28'")),
            Map.entry(SqlType.TIMESTAMP,
                    List.of("NULL", "'1970-01-01'", "'2020-02-29 12:34:56.789012'", "'1969-12-31 23:59:59.999999'",
                            "'2000-12-31 23:00:00'", "'1582-10-04 01:02:03'",
                            "'2023-01-01 00:00:00.5'", "'2012-01-31 05:00:00'")),
            Map.entry(SqlType.INTERVAL, List.of("NULL", "'1 day'", "'2 months'", "'-3 hours'",
                    "'1 year 2 months 3 days 04:05:06.5'", "'0 days'", "'90 minutes'")));

    /** Where PostgreSQL, which we follow, and DuckDB differ, or DuckDB's types are narrower. */
    private static final Set<String> DIFFERENT = Set.of("a % b[-2147483648, -1]", "a * b[99999.999, 2147483647]",
            "a * b[99999.999, -2147483648]",
            "a * b[-12345.789, 2147483647]", "a * b[-12345.789, -2147483648]");

    private record Case(String sql, List<SqlType> types, Maker maker) {
    }

    private interface Maker {
        Expression make(List<Expression> columns);
    }

    private static Case function(String name, SqlType... types) {
        List<String> names = List.of("a", "b", "c").subList(0, types.length);
        return new Case(name + "(" + String.join(", ", names) + ")", List.of(types),
                columns -> Functions.bind(name, columns, null));
    }

    private static Case function(String sql, Maker maker, SqlType... types) {
        return new Case(sql, List.of(types), maker);
    }

    private static Case operator(String operator, SqlType left, SqlType right) {
        return new Case("a " + operator + " b", List.of(left, right),
                columns -> Operators.binary(operator, columns.get(0), columns.get(1), null));
    }

    private static Literal text(String text) {
        return new Literal(text, SqlType.VARCHAR);
    }

    private static List<Case> cases() {
        SqlType d = SqlType.DOUBLE;
        SqlType r = SqlType.REAL;
        SqlType i = SqlType.INTEGER;
        SqlType l = SqlType.BIGINT;
        SqlType s = SqlType.VARCHAR;
        SqlType t = SqlType.TIMESTAMP;
        SqlType date = SqlType.DATE;
        SqlType n = SqlType.INTERVAL;
        SqlType decimal = new SqlType.Decimal(9, 3);
        List<Case> cases = new ArrayList<>();
        for (String name : List.of("abs", "round", "trunc", "floor", "ceil", "ceiling", "cbrt", "exp", "atan", "sinh",
                "cosh", "tanh", "degrees", "radians",
                "isnan", "isinf", "isfinite")) {
            cases.add(function(name, d));
        }
        for (String name : List.of("abs", "round", "floor", "ceil", "isnan")) {
            cases.add(function(name, r));
        }
        for (String name : List.of("abs", "round", "floor", "ceil")) {
            cases.add(function(name, decimal));
        }
        cases.add(function("abs", i));
        cases.add(function("abs", l));
        cases.add(function("round(a, 2)",
                columns -> Functions.bind("round", List.of(columns.get(0), new Literal(2, i)), null), decimal));
        cases.add(function("power", d, d));
        cases.add(function("atan2", d, d));
        cases.add(function("gcd", l, l));
        cases.add(function("greatest", d, d));
        cases.add(function("least", i, i));
        cases.add(function("least", s, s));
        cases.add(function("coalesce", d, d));
        cases.add(function("nullif", i, i));
        cases.add(function("ifnull", s, s));
        for (String name : List.of("lower", "upper", "length", "reverse", "trim", "ltrim", "rtrim", "md5", "strlen",
                "ascii")) {
            cases.add(function(name, s));
        }
        for (String name : List.of("starts_with", "ends_with", "contains", "strpos", "instr", "concat", "trim", "ltrim",
                "rtrim", "concat_ws", "||")) {
            cases.add(name.equals("||") ? operator("||", s, s) : function(name, s, s));
        }
        cases.add(function("replace", s, s, s));
        cases.add(function("translate", s, s, s));
        cases.add(function("left", s, i));
        cases.add(function("right", s, i));
        cases.add(function("substring(a, 2, 3)", columns -> Functions.bind("substring",
                List.of(columns.get(0), new Literal(2, i), new Literal(3, i)), null), s));
        cases.add(function("lpad(a, 5, 'xy')",
                columns -> Functions.bind("lpad", List.of(columns.get(0), new Literal(5, i), text("xy")), null), s));
        cases.add(function("rpad(a, 5, 'xy')",
                columns -> Functions.bind("rpad", List.of(columns.get(0), new Literal(5, i), text("xy")), null), s));
        cases.add(function("split_part(a, 'X', 2)",
                columns -> Functions.bind("split_part", List.of(columns.get(0), text("X"), new Literal(2, i)), null),
                s));
        cases.add(function("repeat(a, 3)",
                columns -> Functions.bind("repeat", List.of(columns.get(0), new Literal(3, i)), null), s));
        cases.add(function("a LIKE b",
                columns -> Functions.bind("like", List.of(columns.get(0), columns.get(1), text("")), null), s, s));
        cases.add(function("a LIKE '%l_%'",
                columns -> Functions.bind("like", List.of(columns.get(0), text("%l_%")), null), s));
        cases.add(function("a ILIKE 'HELLO%'",
                columns -> Functions.bind("ilike", List.of(columns.get(0), text("HELLO%")), null), s));
        cases.add(function("regexp_replace(a, '(l+)', '<\\1>', 'g')",
                columns -> Functions.bind("regexp_replace",
                        List.of(columns.get(0), text("(l+)"), text("<\\1>"), text("g")), null),
                s));
        cases.add(function("regexp_matches(a, '[0-9]+')",
                columns -> Functions.bind("regexp_matches", List.of(columns.get(0), text("[0-9]+")), null), s));
        for (String name : List.of("year", "month", "day", "quarter", "week", "isodow", "dayofweek", "dayofyear",
                "isoyear", "yearweek", "century", "decade",
                "millennium", "epoch", "last_day", "monthname", "dayname", "era")) {
            cases.add(function(name, date));
            cases.add(function(name, t));
        }
        for (String name : List.of("hour", "minute", "second", "millisecond", "microsecond")) {
            cases.add(function(name, t));
        }
        for (String name : List.of("year", "month", "day", "hour", "minute", "second", "epoch")) {
            cases.add(function(name, n));
        }
        for (String field : List.of("year", "quarter", "month", "week", "day", "hour", "minute", "second",
                "millisecond", "microsecond", "decade", "century")) {
            if (field.equals("century")) {
                // PostgreSQL's centuries begin in years like 1901.
                continue;
            }
            cases.add(function("date_trunc('" + field + "', a)",
                    columns -> Functions.bind("date_trunc", List.of(text(field), columns.get(0)), null), t));
            if (field.equals("week")) {
                // DuckDB rounds weeks before 1970 towards zero.
                continue;
            }
            cases.add(function("date_diff('" + field + "', a, b)",
                    columns -> Functions.bind("date_diff", List.of(text(field), columns.get(0), columns.get(1)), null),
                    t, t));
        }
        cases.add(function("strftime(a, '%Y-%m-%d %H:%M:%S.%f %j %a %b %p')",
                columns -> Functions.bind("strftime", List.of(columns.get(0), text("%Y-%m-%d %H:%M:%S.%f %j %a %b %p")),
                        null),
                t));
        cases.add(operator("+", t, n));
        cases.add(operator("-", t, n));
        cases.add(operator("+", date, n));
        cases.add(operator("-", date, n));
        cases.add(operator("-", date, date));
        cases.add(operator("+", n, n));
        for (String operator : List.of("+", "-", "*", "/")) {
            cases.add(operator(operator, d, d));
            cases.add(operator(operator, r, r));
            cases.add(operator(operator, r, d));
            cases.add(operator(operator, decimal, d));
        }
        for (String operator : List.of("+", "-", "*", "//", "%", "&", "|")) {
            cases.add(operator(operator, i, i));
            cases.add(operator(operator, i, l));
            cases.add(operator(operator, SqlType.UBIGINT, SqlType.UBIGINT));
            cases.add(operator(operator, SqlType.TINYINT, SqlType.UTINYINT));
        }
        for (String operator : List.of("+", "-", "*")) {
            cases.add(operator(operator, decimal, decimal));
            cases.add(operator(operator, decimal, i));
        }
        for (String operator : List.of("=", "<>", "<", "<=", ">", ">=", "IS DISTINCT FROM", "IS NOT DISTINCT FROM")) {
            for (SqlType type : List.of(d, r, i, l, s, date, t, n, decimal, SqlType.BOOLEAN, SqlType.UBIGINT)) {
                cases.add(operator(operator, type, type));
            }
            cases.add(operator(operator, i, d));
            cases.add(operator(operator, date, t));
            cases.add(operator(operator, decimal, i));
        }
        List<SqlType> all = List.of(d, r, i, l, s, date, t, n, decimal, SqlType.BOOLEAN, SqlType.UBIGINT,
                SqlType.TINYINT, SqlType.UTINYINT);
        for (SqlType from : all) {
            for (SqlType to : all) {
                if (dev.graticule.expression.Conversions.exists(from, to)
                        && !(from == s && (to == n || to == SqlType.BOOLEAN))) {
                    cases.add(function("TRY_CAST(a AS " + to + ")",
                            columns -> Coercion.cast(columns.get(0), to, true, null), from));
                }
            }
        }
        return cases;
    }

    @TestFactory
    Stream<DynamicTest> functions_give_what_duckdb_gives() throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        return cases().stream()
                .map(one -> DynamicTest.dynamicTest(one.sql + " of " + one.types, () -> check(one, connection)))
                .onClose(() -> {
                    try {
                        connection.close();
                    } catch (SQLException problem) {
                        throw new IllegalStateException(problem);
                    }
                });
    }

    private static void check(Case one, Connection connection) throws SQLException {
        List<List<String>> rows = new ArrayList<>(List.of(List.of()));
        for (SqlType type : one.types) {
            List<List<String>> longer = new ArrayList<>();
            List<String> values = one.types.size() < 3 ? ODD.get(type)
                    : ODD.get(type).subList(0, Math.min(9, ODD.get(type).size()));
            for (List<String> row : rows) {
                for (String value : values) {
                    List<String> next = new ArrayList<>(row);
                    next.add(value);
                    longer.add(next);
                }
            }
            rows = longer;
        }
        StringBuilder table = new StringBuilder("(VALUES ");
        for (int i = 0; i < rows.size(); i++) {
            table.append(i == 0 ? "(" : ", (").append(i);
            for (int c = 0; c < one.types.size(); c++) {
                table.append(", CAST(").append(rows.get(i).get(c)).append(" AS ").append(one.types.get(c)).append(")");
            }
            table.append(")");
        }
        table.append(") t(i").append(", a, b, c", 0, 3 * one.types.size()).append(")");
        List<String> wanted = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement
                        .executeQuery("SELECT CAST(TRY(" + one.sql + ") AS VARCHAR) FROM " + table + " ORDER BY i")) {
            while (result.next()) {
                wanted.add(result.getString(1));
            }
        }
        List<String> got = evaluate(one, rows);
        for (int i = 0; i < rows.size(); i++) {
            if (!DIFFERENT.contains(one.sql + rows.get(i))
                    && !same(wanted.get(i), got.get(i), one.types.contains(SqlType.REAL))) {
                fail(one.sql + " of " + rows.get(i) + ": DuckDB " + wanted.get(i) + ", here " + got.get(i));
            }
        }
    }

    private static boolean same(String wanted, String got, boolean single) {
        if (wanted == null || got == null || wanted.equals(got)) {
            return wanted == null ? got == null : wanted.equals(got);
        }
        String a = wanted.replace("-nan", "nan").replace("nan", "NaN").replace("inf", "Infinity");
        if (a.equals(got)) {
            return true;
        }
        if (wanted.matches("-?[0-9.]+(e[+-]?[0-9]+)?") && got.matches("-?[0-9.]+(e[+-]?[0-9]+)?")
                && (wanted + got).matches(".*[.e].*")) {
            double x = Double.parseDouble(wanted);
            double y = Double.parseDouble(got);
            return Math.abs(x - y) <= 1e-12 * Math.abs(x) || single && (float) x == (float) y;
        }
        return wanted.replace("months", "mons").replace("month", "mon").equals(got);
    }

    private static List<String> evaluate(Case one, List<List<String>> rows) {
        List<String> got = new ArrayList<>();
        try (RootAllocator allocator = new RootAllocator(); Scratch scratch = new Scratch(allocator)) {
            scratch.mark();
            List<Column> columns = new ArrayList<>();
            List<Expression> references = new ArrayList<>();
            for (int c = 0; c < one.types.size(); c++) {
                columns.add(column(one.types.get(c), c, rows, scratch));
                references.add(new ColumnReference(c, "abc".substring(c, c + 1), one.types.get(c)));
            }
            Expression expression = one.maker.make(references);
            Batch batch = Batch.of(Box.rows(0, rows.size()), 0, columns);
            for (int row = 0; row < rows.size(); row++) {
                long[] words = new long[rows.size() / 64 + 1];
                words[row >>> 6] |= 1L << row;
                scratch.mark();
                try {
                    Column result = new Evaluator(scratch).evaluate(expression,
                            batch.withSelection(new Selection.Bitmap(words, 1)));
                    assertEquals(expression.type(), result.type());
                    Object value = RandomColumns.object(result, batch.shape(), row);
                    got.add(value == null ? null : ValueText.format(value, expression.type()));
                } catch (GraticuleException error) {
                    got.add(null);
                }
                scratch.release();
            }
        }
        return got;
    }

    private static Column column(SqlType type, int c, List<List<String>> rows, Scratch scratch) {
        List<Object> objects = new ArrayList<>();
        for (List<String> row : rows) {
            String text = row.get(c);
            objects.add(text.equals("NULL") ? null
                    : ValueText.parse(text.startsWith("'") ? text.substring(1, text.length() - 1) : text, type));
        }
        return TestColumns.of(type, objects, scratch);
    }
}
