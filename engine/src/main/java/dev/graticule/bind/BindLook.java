package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.aggregate.Aggregates;
import dev.graticule.function.Functions;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.spi.Table;
import dev.graticule.sql.Position;
import dev.graticule.sql.QueryBody;
import dev.graticule.sql.QueryExpression;
import dev.graticule.sql.SqlExpression;
import dev.graticule.sql.Statement;
import dev.graticule.sql.TableReference;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Binds what shows tables, functions and settings: SHOW, DESCRIBE, SUMMARIZE, as statements and in FROM. */
final class BindLook {
    private static final Set<String> LATER = Set.of("databases", "schemas", "variables", "catalogs", "indexes",
            "views");

    private final BindContext context;

    BindLook(BindContext context) {
        this.context = context;
    }

    BoundStatement bind(Statement.Look look) {
        return look instanceof Statement.Summarize summarize
                ? Summarize.bind(query(asQuery(summarize.relation())), summarize.position())
                : new BoundStatement.Rows(rows(look));
    }

    /** What the statement shows, as the rows of a table. */
    LogicalPlan rows(Statement.Look look) {
        return switch (look) {
            case Statement.ShowTables show -> showTables(show);
            case Statement.ShowColumns show -> describe(show.table());
            case Statement.ShowFunctions show -> showFunctions();
            case Statement.ShowAll show -> {
                ConstantRows rows = new ConstantRows().column("name").column("value").column("description");
                context.settings().all()
                        .forEach(setting -> rows.row(setting.name(), setting.value(), setting.description()));
                yield rows.plan();
            }
            case Statement.Show show -> show(show);
            case Statement.Describe describe -> describe(describe.relation());
            case Statement.Summarize summarize ->
                Summarize.rows(query(asQuery(summarize.relation())), summarize.position());
        };
    }

    private LogicalPlan query(QueryExpression query) {
        return new BindQuery(context, null, 0).bind(query);
    }

    private LogicalPlan showTables(Statement.ShowTables show) {
        ConstantRows rows = new ConstantRows().column("name").column("type").column("rows", SqlType.BIGINT);
        String schema = show.schema().isEmpty() ? "" : show.schema().getLast().name();
        for (Catalog.Named named : context.catalog().all()) {
            switch (named.entry()) {
                case Catalog.TableEntry entry -> showTable(rows, schema, named.name(), entry.kind(), entry.table());
                case Catalog.DatasetEntry entry -> {
                    List<Table> tables = context.dataset(entry).tables();
                    boolean one = tables.size() == 1;
                    for (Table table : tables) {
                        if (one || schema.isEmpty() || schema.equalsIgnoreCase(named.name())) {
                            showTable(rows, one ? schema : "", one ? named.name() : named.name() + "." + table.name(),
                                    "table", table);
                        }
                    }
                }
                case Catalog.ViewEntry entry -> {
                    if (schema.isEmpty()) {
                        rows.row(named.name(), entry.kind(), null);
                    }
                }
            }
        }
        return rows.plan();
    }

    private static void showTable(ConstantRows rows, String schema, String name, String kind, Table table) {
        if (schema.isEmpty()) {
            OptionalLong count = ChooseTable.rowCount(table);
            rows.row(name, kind, count.isPresent() ? count.getAsLong() : null);
        }
    }

    private LogicalPlan showFunctions() {
        ConstantRows rows = new ConstantRows().column("name").column("kind");
        List<List<String>> all = new ArrayList<>();
        Functions.all().forEach(function -> all.add(List.of(function.name(), "scalar")));
        Aggregates.names().forEach(name -> all.add(List.of(name, "aggregate")));
        context.formats().names().forEach(format -> all.add(List.of("read_" + format, "table")));
        all.add(List.of("range", "table"));
        all.add(List.of("generate_series", "table"));
        all.add(List.of("nearest", "scalar"));
        all.stream().distinct().sorted((a, b) -> a.getFirst().compareTo(b.getFirst()))
                .forEach(line -> rows.row(line.get(0), line.get(1)));
        return rows.plan();
    }

    private LogicalPlan show(Statement.Show show) {
        String name = BindStatement.join(show.name());
        if (Settings.exists(name) && context.catalog().find(name, show.position()).isEmpty()) {
            return new ConstantRows().column(name).row(context.settings().value(name, show.position())).plan();
        }
        if (LATER.contains(name.toLowerCase(Locale.ROOT)) && context.catalog().find(name, show.position()).isEmpty()) {
            throw GraticuleException.unsupported(show.position(), "SHOW " + name.toUpperCase(Locale.ROOT));
        }
        return describe(new Statement.Relation.Table(show.position(), show.name()));
    }

    private LogicalPlan describe(Statement.Relation relation) {
        BindFrom from = new BindFrom(context, null, 0);
        return switch (relation) {
            case Statement.Relation.Path path ->
                DescribeTable.tables(context.formats().open(path.path(), path.position()).tables());
            case Statement.Relation.Table table -> {
                Catalog.Named known = context.inFrom(table.name().getFirst().name(), table.position())
                        .orElse(null);
                if (known != null && table.name().size() == 1) {
                    yield switch (known.entry()) {
                        case Catalog.TableEntry entry -> DescribeTable.tables(List.of(entry.table()));
                        case Catalog.DatasetEntry entry -> DescribeTable.tables(context.dataset(entry).tables());
                        case Catalog.ViewEntry entry -> DescribeTable.query(query(asQuery(relation)).output());
                    };
                }
                yield DescribeTable.tables(List.of(from.table(table.name(), Set.of(), table.position()).table()));
            }
            case Statement.Relation.Subquery subquery -> DescribeTable.query(query(subquery.query()).output());
        };
    }

    /** {@code SELECT * FROM relation}. */
    static QueryExpression asQuery(Statement.Relation relation) {
        return asQuery(relation, List.of(new SqlExpression.Star(relation.position(), List.of(), List.of(), List.of(),
                List.of(), Optional.empty())));
    }

    /** {@code SELECT columns FROM relation}. */
    static QueryExpression asQuery(Statement.Relation relation, List<SqlExpression> columns) {
        Position position = relation.position();
        TableReference from = switch (relation) {
            case Statement.Relation.Table table -> new TableReference.Named(position, table.name());
            case Statement.Relation.Path path -> new TableReference.Path(position, path.path());
            case Statement.Relation.Subquery subquery -> new TableReference.Subquery(position, false, subquery.query());
        };
        QueryBody body = new QueryBody.Select(position, false, List.of(),
                columns.stream().map(column -> new QueryBody.SelectItem(column.position(), column, Optional.empty(),
                        column instanceof SqlExpression.Name name ? name.parts().getLast().name() : "*")).toList(),
                List.of(from),
                Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Optional.empty());
        return new QueryExpression(position, false, List.of(), body, Optional.empty(), Optional.empty());
    }
}
