package dev.graticule.consistency;

import dev.graticule.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A DuckDB in memory that holds one grid as flattened rows, in a table {@code g}. */
final class DuckDb {
    private final Connection connection;

    DuckDb() {
        try {
            connection = DriverManager.getConnection("jdbc:duckdb:");
            execute("SET threads = 1");
            execute("PRAGMA disable_optimizer");
            execute("CREATE MACRO weighted_mean(total, weight) AS total / weight");
            execute("CREATE MACRO root(x) AS CASE WHEN x < 0 THEN CAST('NaN' AS DOUBLE) ELSE sqrt(x) END");
            execute("CREATE MACRO nan_is_null(x) AS CASE WHEN isnan(x) THEN NULL ELSE x END");
        } catch (SQLException problem) {
            throw new IllegalStateException(problem);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** What it answers over the rows of a grid. For any number of threads. */
    synchronized Answer run(GridRecipe grid, QueryText query) {
        load(grid);
        return run(query);
    }

    /** Makes {@code g} hold the rows of a grid. */
    private void load(GridRecipe grid) {
        List<SqlType> types = grid.types();
        List<String> names = grid.names();
        try {
            execute("CREATE OR REPLACE TABLE g ("
                    + IntStream.range(0, names.size()).mapToObj(i -> names.get(i) + " " + Sql.duckType(types.get(i)))
                            .collect(Collectors.joining(", "))
                    + ")");
            List<List<Object>> rows = grid.rows();
            if (!rows.isEmpty()) {
                execute("INSERT INTO g VALUES "
                        + rows.stream()
                                .map(row -> IntStream.range(0, row.size()).mapToObj(i -> text(row.get(i), types.get(i)))
                                        .collect(Collectors.joining(", ", "(", ")")))
                                .collect(Collectors.joining(", ")));
            }
        } catch (SQLException problem) {
            throw new IllegalStateException(problem);
        }
    }

    /** A value as a literal, quoted for whatever type. */
    static String text(Object value, SqlType type) {
        if (value == null) {
            return "NULL";
        }
        if (type == SqlType.TIMESTAMP) {
            return "'" + LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC).plus(((Number) value).longValue(),
                    ChronoUnit.MICROS) + "'";
        }
        return "'" + value + "'";
    }

    /** Runs a query. An error of its data is an answer; any other error means that the query was not made right. */
    private Answer run(QueryText query) {
        List<List<Object>> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query.duck())) {
            while (result.next()) {
                List<Object> row = new ArrayList<>();
                for (int i = 0; i < query.columns().size(); i++) {
                    row.add(value(result, i + 1, query.columns().get(i).type()));
                }
                rows.add(row);
            }
        } catch (SQLException problem) {
            String message = problem.getMessage();
            if (message.contains("Out of Range Error") || message.contains("Conversion Error")) {
                return new Answer(List.of(), message);
            }
            throw new IllegalStateException(message, problem);
        }
        return new Answer(rows, null);
    }

    private static Object value(ResultSet result, int column, SqlType type) throws SQLException {
        Object value = type == SqlType.TIMESTAMP ? result.getObject(column, LocalDateTime.class)
                : type == SqlType.DATE ? result.getObject(column, LocalDate.class) : result.getObject(column);
        return switch (value) {
            case null -> null;
            case LocalDateTime time ->
                BigInteger.valueOf(ChronoUnit.MICROS.between(LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC), time));
            case LocalDate date -> BigInteger.valueOf(date.toEpochDay());
            case Float number -> Answer.floating(number);
            case Double number -> Answer.floating(number);
            case Number number -> new BigDecimal(number.toString()).toBigIntegerExact();
            default -> value;
        };
    }

    void close() {
        try {
            connection.close();
        } catch (SQLException problem) {
            throw new IllegalStateException(problem);
        }
    }
}
