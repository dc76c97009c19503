package dev.graticule.consistency;

import dev.graticule.consistency.Sql.Nan;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Makes queries over a grid: {@code SELECT} of a column first. */
final class RandomQuery {
    private final Choices choices;
    private final GridRecipe grid;
    private final boolean limitWithoutOrder;
    private boolean axesOnly;

    /** A FROM clause with its columns. */
    private record From(String engine, String duck, List<Sql> columns, boolean storageOrdered) {
    }

    private RandomQuery(Choices choices, GridRecipe grid, boolean limitWithoutOrder) {
        this.choices = choices;
        this.grid = grid;
        this.limitWithoutOrder = limitWithoutOrder;
    }

    /** A query whose answer is certain, up to the order of rows where it is not ordered. */
    static QueryText of(Choices choices, GridRecipe grid) {
        return new RandomQuery(choices, grid, false).statement(2);
    }

    /** A query whose rows may depend on the storage order. */
    static QueryText inStorageOrder(Choices choices, GridRecipe grid) {
        return new RandomQuery(choices, grid, true).statement(2);
    }

    /** Groups of axes, in no order that the query asks for. */
    static QueryText ofAxes(Choices choices, GridRecipe grid) {
        RandomQuery query = new RandomQuery(choices, grid, false);
        query.axesOnly = true;
        return query.groups(0);
    }

    private From table() {
        List<Sql> columns = new ArrayList<>();
        for (GridRecipe.Axis axis : grid.axes()) {
            Nan nan = !axis.type().isFloating() ? Nan.NONE : axis.unpacking().nanIsNull() ? Nan.NULLS : Nan.VALUES;
            columns.add(new Sql(axis.name(), axis.name(), axis.type(), nan, axis.type().isFloating(),
                    isLarge(axis.data()), false));
        }
        for (GridRecipe.Variable variable : grid.variables()) {
            boolean scaled = variable.unpacking().scaled();
            boolean packed = scaled && !variable.stored().isFloating();
            Nan nan = !variable.type().isFloating() ? Nan.NONE
                    : packed || variable.unpacking().nanIsNull() ? Nan.NULLS : Nan.VALUES;
            columns.add(new Sql(variable.name(), variable.name(), variable.type(), nan, scaled,
                    isLarge(variable.data()), false));
        }
        return new From("g", "g", columns, true);
    }

    private static boolean isLarge(Object data) {
        return data instanceof long[] numbers
                && Arrays.stream(numbers).anyMatch(number -> number > 1L << 52 || number < -1L << 52);
    }

    private From from(int depth) {
        if (depth == 0 || !choices.chance(30)) {
            return table();
        }
        QueryText inner = statement(depth - 1);
        List<Sql> columns = IntStream.range(0, inner.columns().size())
                .mapToObj(i -> inner.columns().get(i).named("c" + i)).toList();
        return new From("(" + inner.engine() + ") AS s", "(" + inner.duck() + ") AS s", columns,
                inner.storageOrdered());
    }

    private QueryText statement(int depth) {
        QueryText statement = body(depth);
        if (depth < 2 || !choices.chance(10)) {
            return statement;
        }
        String with = "WITH q AS (%s) SELECT * FROM q";
        return new QueryText(with.formatted(statement.engine()), with.formatted(statement.duck()), statement.columns(),
                false, statement.storageOrdered(), false);
    }

    private QueryText body(int depth) {
        return switch (choices.below(8)) {
            case 0, 1, 2 -> rows(depth);
            case 3, 4, 5, 6 -> groups(depth);
            default -> union(depth);
        };
    }

    private static String list(List<Sql> columns, boolean duck) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> (duck ? columns.get(i).duck() : columns.get(i).engine()) + " AS c" + i)
                .collect(Collectors.joining(", "));
    }

    private Sql where(RandomExpression expressions) {
        if (!choices.chance(60)) {
            return Sql.plain("", SqlType.BOOLEAN);
        }
        Sql condition = expressions.condition(2);
        return Sql.plain(" WHERE " + condition.engine(), " WHERE " + condition.duck(), SqlType.BOOLEAN);
    }

    private QueryText rows(int depth) {
        From from = from(depth);
        RandomExpression expressions = new RandomExpression(choices, from.columns);
        List<Sql> columns = new ArrayList<>();
        int count = 1 + choices.below(4);
        for (int i = 0; i < count; i++) {
            columns.add(expressions.value(2));
        }
        boolean distinct = choices.chance(12) && columns.stream().noneMatch(Sql::fuzzy);
        Sql where = where(expressions);
        String select = "SELECT " + (distinct ? "DISTINCT " : "");
        return ordered(select + list(columns, false) + " FROM " + from.engine + where.engine(),
                select + list(columns, true) + " FROM " + from.duck + where.duck(),
                columns, from.storageOrdered && !distinct);
    }

    private QueryText ordered(String engine, String duck, List<Sql> columns, boolean storageOrdered) {
        if (!choices.chance(35)) {
            if (limitWithoutOrder && storageOrdered && choices.chance(40)) {
                String limit = limit();
                return new QueryText(engine + limit, duck + limit, columns, false, true, false);
            }
            return new QueryText(engine, duck, columns, false, storageOrdered, false);
        }
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            if (!columns.get(i).fuzzy()) {
                positions.add(i + 1);
            }
        }
        if (positions.isEmpty()) {
            return new QueryText(engine, duck, columns, false, false, false);
        }
        Collections.shuffle(positions, new Random(choices.below(1024)));
        boolean ordinals = choices.chance(50);
        String order = " ORDER BY " + positions.stream()
                .map(i -> (ordinals ? String.valueOf(i) : "c" + (i - 1)) + choices.of("", " DESC", " ASC")
                        + choices.of("", "", " NULLS FIRST", " NULLS LAST"))
                .collect(Collectors.joining(", "));
        boolean total = positions.size() == columns.size();
        if (total && choices.chance(50)) {
            order += limit();
        }
        return new QueryText(engine + order, duck + order, columns, total, false, false);
    }

    private String limit() {
        String limit = " LIMIT " + choices.of(1, 3, 10, 0, 100);
        return choices.chance(40) ? limit + " OFFSET " + choices.of(1, 5, 0, 50) : limit;
    }

    private QueryText groups(int depth) {
        From from = from(depth);
        RandomExpression expressions = new RandomExpression(choices, from.columns);
        List<Sql> columns = new ArrayList<>();
        int keys = axesOnly ? choices.of(1, 2, 3) : choices.of(1, 0, 2, 1, 3);
        int axes = 0;
        for (int i = 0; i < keys; i++) {
            boolean axis = axesOnly || choices.chance(50);
            axes += axis ? 1 : 0;
            Sql key = axis
                    ? from.columns.get(choices.below(Math.min(from.columns.size(), grid.axes().size())))
                    : expressions.exactValue(2);
            if (key.fuzzy() || key.engine().matches("[0-9]+")) {
                return rows(depth);
            }
            columns.add(key);
        }
        List<Sql> having = new ArrayList<>();
        int aggregates = keys == 0 ? 1 + choices.below(3) : choices.below(4);
        for (int i = 0; i < aggregates; i++) {
            Sql aggregate = expressions.aggregate(choices.of(0, 1));
            if (choices.chance(20) && !aggregate.duck().startsWith("weighted_mean")) {
                aggregate = aggregate.filtered(expressions.condition(1));
            }
            if (aggregate.engine().startsWith("sum") && aggregate.type() == SqlType.BIGINT) {
                aggregate = new Sql(aggregate.engine(), aggregate.duckAs(SqlType.BIGINT), SqlType.BIGINT, Nan.NONE,
                        false, aggregate.infinite(), false);
            }
            columns.add(aggregate);
            if (!aggregate.fuzzy()) {
                having.add(new Sql(aggregate.engine(), "c" + (columns.size() - 1), aggregate.type(), aggregate.nan(),
                        aggregate.inexact(), aggregate.infinite(), false));
            }
        }
        Sql where = where(expressions);
        String engine = " FROM " + from.engine + where.engine();
        String duck = " FROM " + from.duck + where.duck();
        if (keys > 0) {
            int form = choices.below(3);
            String byEngine = columns.subList(0, keys).stream().map(Sql::engine).collect(Collectors.joining(", "));
            String byDuck = columns.subList(0, keys).stream().map(Sql::duck).collect(Collectors.joining(", "));
            String ordinals = IntStream.rangeClosed(1, keys).mapToObj(String::valueOf)
                    .collect(Collectors.joining(", "));
            engine += " GROUP BY " + (form == 0 ? byEngine : form == 1 ? ordinals : "ALL");
            duck += " GROUP BY " + (form == 0 ? byDuck : form == 1 ? ordinals : "ALL");
        }
        String select = "SELECT " + list(columns, false) + engine;
        String duckSelect = "SELECT " + list(columns, true) + duck;
        if (!having.isEmpty() && choices.chance(25)) {
            Sql condition = new RandomExpression(choices, having).comparison(choices.of(having));
            select += " HAVING " + condition.engine();
            // A sum beyond BIGINT is an error even where HAVING drops its group: DuckDB's CAST must come before its HAVING.
            duckSelect = "SELECT * FROM (" + duckSelect + ") AS h WHERE " + condition.duck();
        }
        QueryText groups = axesOnly ? new QueryText(select, duckSelect, columns, false, false, false)
                : ordered(select, duckSelect, columns, false);
        boolean axisOrdered = keys > 0 && axes == keys && from.engine.equals("g") && groups.engine().equals(select);
        return axisOrdered ? groups.inAxisOrder() : groups;
    }

    private static Sql cast(Sql literal, SqlType type) {
        return Sql.plain("CAST(" + literal.engine() + " AS " + type + ")", literal.duckAs(type), type);
    }

    private QueryText union(int depth) {
        From from = from(depth);
        RandomExpression expressions = new RandomExpression(choices, from.columns);
        List<Sql> columns = new ArrayList<>();
        List<Sql> others = new ArrayList<>();
        List<Sql> merged = new ArrayList<>();
        int count = 1 + choices.below(3);
        for (int i = 0; i < count; i++) {
            Sql column = expressions.exactValue(1);
            Sql other = choices.chance(30) ? cast(expressions.literal(column.type()), column.type())
                    : from.columns.stream().filter(each -> each.type().equals(column.type()) && !each.fuzzy())
                            .reduce((a, b) -> choices.chance(50) ? b : a).orElse(column);
            columns.add(new Sql(column.engine(), column.duckAs(column.type()), column.type(), column.nan(),
                    column.inexact(), column.infinite(), false));
            others.add(new Sql(other.engine(), other.duckAs(column.type()), column.type(), other.nan(), other.inexact(),
                    other.infinite(), false));
            merged.add(new Sql("c" + i, "c" + i, column.type(),
                    column.nan().or(other.nan()),
                    column.inexact() || other.inexact(), column.infinite() || other.infinite(), false));
        }
        Sql first = where(expressions);
        Sql second = where(expressions);
        return ordered(
                "SELECT " + list(columns, false) + " FROM " + from.engine + first.engine() + " UNION ALL SELECT "
                        + list(others, false) + " FROM " + from.engine
                        + second.engine(),
                "SELECT " + list(columns, true) + " FROM " + from.duck + first.duck() + " UNION ALL SELECT "
                        + list(others, true) + " FROM " + from.duck + second.duck(),
                merged, false);
    }
}
