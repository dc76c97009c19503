package dev.graticule.bind;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.bind.Scope.Relation;
import dev.graticule.bind.Scope.ScopeColumn;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expressions;
import dev.graticule.plan.LogicalPlan.OutputColumn;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.spi.Axis;
import dev.graticule.spi.Dataset;
import dev.graticule.spi.GridVariable;
import dev.graticule.spi.GriddedTable;
import dev.graticule.spi.NearestName;
import dev.graticule.spi.RowTable;
import dev.graticule.spi.Table;
import dev.graticule.sql.Identifier;
import dev.graticule.sql.Position;
import dev.graticule.sql.SqlExpression;
import dev.graticule.sql.TableReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Binds what stands in FROM: tables, paths, table functions, subqueries. */
final class BindFrom {
    private static final int DEEPEST_VIEW = 64;
    private static final String READ = "read_";

    private final BindContext context;
    private final CommonTables commonTables;
    private final int depth;

    /** What FROM gives: rows, and the names of their columns. */
    record Bound(LogicalPlan plan, Scope scope) {
    }

    /** A table that was found, and how a query names its columns. */
    record FoundTable(Table table, String alias) {
    }

    BindFrom(BindContext context, CommonTables commonTables, int depth) {
        this.context = context;
        this.commonTables = commonTables;
        this.depth = depth;
    }

    /** Binds a FROM list; {@code names} are all column names that the query uses. */
    Bound bind(List<TableReference> from, Set<String> names) {
        if (from.isEmpty()) {
            return new Bound(new LogicalPlan.Values(List.of(List.of()), List.of()), Scope.EMPTY);
        }
        if (from.size() > 1) {
            throw GraticuleException.unsupported(from.get(1).position(), "joins (several tables in FROM)");
        }
        return bind(from.getFirst(), names);
    }

    private Bound bind(TableReference reference, Set<String> names) {
        return switch (reference) {
            case TableReference.Named named -> named(named.name(), names, named.position());
            case TableReference.Path path -> {
                Dataset dataset = context.formats().open(path.path(), path.position());
                yield table(chooseInPath(dataset, path.path(), names, path.position()), stem(path.path()));
            }
            case TableReference.Subquery subquery -> {
                if (subquery.lateral()) {
                    throw GraticuleException.unsupported(subquery.position(), "LATERAL");
                }
                yield relation(new BindQuery(context, commonTables, depth).bind(subquery.query()), "");
            }
            case TableReference.Function function -> function(function, names);
            case TableReference.Aliased aliased -> alias(bind(aliased.table(), names), aliased);
            case TableReference.Join join -> throw GraticuleException.unsupported(join.position(), "joins");
            case TableReference.Sampled sampled ->
                throw GraticuleException.unsupported(sampled.sample().position(), "TABLESAMPLE");
        };
    }

    /** The table that a path means where the variables of {@code names} are used. */
    Table chooseInPath(Dataset dataset, String path, Set<String> names, Position position) {
        String quoted = "'" + path.replace("'", "''") + "'";
        String advice = context.formats().formatOf(path).map(
                format -> "Write FROM read_" + format + "(" + quoted.replace("%", "%%") + ", table => '%s').")
                .orElse("Name one of them.");
        return new ChooseTable(context).choose(dataset, names, quoted, advice, position);
    }

    private Bound named(List<Identifier> name, Set<String> names, Position position) {
        String first = name.getFirst().name();
        if (name.size() == 1) {
            CommonTables common = CommonTables.find(commonTables, first);
            if (common != null) {
                LogicalPlan plan = new BindQuery(context, common.outer(), depth).bind(common.table().query());
                return rename(relation(plan, common.table().name().name()), common.table().name().name(),
                        common.table().columns(), position);
            }
            Catalog.Named found = context.catalog().find(first, position).orElse(null);
            if (found != null && found.entry() instanceof Catalog.ViewEntry view) {
                return view(found.name(), view, position);
            }
        }
        FoundTable found = table(name, names, position);
        return table(found.table, found.alias);
    }

    private Bound view(String name, Catalog.ViewEntry view, Position position) {
        if (depth >= DEEPEST_VIEW) {
            throw GraticuleException.binding(position, "View " + name + " uses itself.");
        }
        try {
            LogicalPlan plan = new BindQuery(context, null, depth + 1).bind(view.query());
            return rename(relation(plan, name), name, view.columns(), position);
        } catch (GraticuleException problem) {
            if (problem.getMessage().startsWith("In view ") || problem.getMessage().endsWith("uses itself.")) {
                throw GraticuleException.of(problem.kind(), position, problem.getMessage(), problem);
            }
            throw GraticuleException.of(problem.kind(), position, "In view " + name + ": " + problem.getMessage(),
                    problem);
        }
    }

    /** The table of a name that is neither a view nor a table of WITH. */
    FoundTable table(List<Identifier> name, Set<String> names, Position position) {
        String first = name.getFirst().name();
        Catalog.Named found = context.inFrom(first, position).orElse(null);
        if (found == null) {
            return pathInQuotes(name, names, position);
        }
        switch (found.entry()) {
            case Catalog.TableEntry entry -> {
                if (name.size() > 1) {
                    throw GraticuleException.binding(position,
                            found.name() + " is a table and holds no table " + name.get(1).name() + ".");
                }
                return new FoundTable(entry.table(), found.name());
            }
            case Catalog.DatasetEntry entry -> {
                if (name.size() == 1) {
                    String advice = "Write FROM " + found.name().replace("%", "%%") + ".%s.";
                    return new FoundTable(
                            new ChooseTable(context).choose(context.dataset(entry), names, found.name(), advice,
                                    position),
                            found.name());
                }
                String inner = String.join(".", name.stream().skip(1).map(Identifier::name).toList());
                return new FoundTable(inDataset(context.dataset(entry), inner, found.name(), position),
                        name.getLast().name());
            }
            case Catalog.ViewEntry entry ->
                throw GraticuleException.binding(position, found.name() + " is a view and holds no tables.");
        }
    }

    private FoundTable pathInQuotes(List<Identifier> name, Set<String> names, Position position) {
        String first = name.getFirst().name();
        if (name.size() == 1 && name.getFirst().quoted() && looksLikePath(first)) {
            Dataset dataset = context.formats().open(first, position);
            return new FoundTable(chooseInPath(dataset, first, names, position), stem(first));
        }
        String written = String.join(".", name.stream().map(Identifier::name).toList());
        List<String> known = new ArrayList<>(context.catalog().names());
        for (CommonTables each = commonTables; each != null; each = each.outer()) {
            known.add(each.table().name().name());
        }
        String question = NearestName.question(first, known);
        String path = name.size() > 1
                && context.formats().names().contains(name.getLast().name().toLowerCase(Locale.ROOT))
                        ? " A path needs quotes: FROM '" + written + "'."
                        : "";
        String list = NearestName.questionOrList(first, known, "There is", 10);
        throw GraticuleException.binding(position,
                "No table named " + written + "." + (path.isEmpty() ? (question.isEmpty() ? list : question) : path));
    }

    private static boolean looksLikePath(String name) {
        return name.contains("/") || name.contains(".") || name.contains("\\");
    }

    private static Table inDataset(Dataset dataset, String name, String shown, Position position) {
        return dataset.tables().stream().filter(table -> table.name().equals(name)).findFirst()
                .or(() -> dataset.tables().stream().filter(table -> table.name().equalsIgnoreCase(name)).findFirst())
                .orElseThrow(() -> GraticuleException.binding(position, shown + " holds no table " + name + "."
                        + NearestName.questionOrList(name, dataset.tables().stream().map(Table::name).toList(),
                                "It holds", 20)));
    }

    private Bound function(TableReference.Function function, Set<String> names) {
        String name = function.name().getLast().name().toLowerCase(Locale.ROOT);
        if (function.lateral()) {
            throw GraticuleException.unsupported(function.position(), "LATERAL");
        }
        if (function.withOrdinality()) {
            throw GraticuleException.unsupported(function.position(), "WITH ORDINALITY");
        }
        if (name.equals("range") || name.equals("generate_series")) {
            return table(series(function, name), name);
        }
        if (name.startsWith(READ) && context.formats().exists(name.substring(READ.length()))) {
            FoundTable found = read(function, name.substring(READ.length()), names);
            return table(found.table, found.alias);
        }
        List<String> known = new ArrayList<>(List.of("range", "generate_series"));
        context.formats().names().forEach(format -> known.add(READ + format));
        Optional<String> later = LaterFunctions.feature(name);
        if (later.isPresent()) {
            throw GraticuleException.unsupported(function.position(), later.get());
        }
        throw GraticuleException.binding(function.position(),
                "No table function named " + function.name().getLast().name() + "."
                        + NearestName.questionOrList(name, known, "There is", 10));
    }

    private FoundTable read(TableReference.Function function, String format, Set<String> names) {
        BindOption options = new BindOption(context);
        Map<String, Object> named = new HashMap<>();
        List<String> locations = List.of();
        for (SqlExpression.Argument argument : function.arguments()) {
            Object value = options.value(argument.value());
            String key = argument.name().map(identifier -> identifier.name().toLowerCase(Locale.ROOT))
                    .orElse(locations.isEmpty() ? "path" : "");
            if (key.isEmpty()) {
                throw GraticuleException.binding(argument.position(),
                        "Arguments after the path need names: variables => [...].");
            }
            if (key.equals("path")) {
                locations = paths(value, argument.position());
            } else if (named.put(key, value) != null) {
                throw GraticuleException.binding(argument.position(), "Argument " + key + " is given twice.");
            }
        }
        if (locations.isEmpty()) {
            throw GraticuleException.binding(function.position(),
                    READ + format + " needs a path: " + READ + format + "('...').");
        }
        Object table = named.remove("table");
        named.values().removeIf(value -> value == null);
        String location = locations.getFirst();
        Dataset dataset = context.formats().open(format, locations, named, function.position());
        if (table != null) {
            return new FoundTable(inDataset(dataset, String.valueOf(table), "'" + location + "'", function.position()),
                    String.valueOf(table));
        }
        return new FoundTable(chooseInPath(dataset, location, names, function.position()), READ + format);
    }

    private static List<String> paths(Object value, Position position) {
        if (value instanceof String path) {
            return List.of(path);
        }
        if (value instanceof List<?> paths && !paths.isEmpty()
                && paths.stream().allMatch(String.class::isInstance)) {
            return paths.stream().map(String.class::cast).toList();
        }
        throw GraticuleException.binding(position, "The path must be a string, or a list of strings in brackets.");
    }

    private Table series(TableReference.Function function, String name) {
        BindExpression binder = new BindExpression(context, Scope.EMPTY, List.of(), null, name);
        List<Long> bounds = new ArrayList<>();
        for (SqlExpression.Argument argument : function.arguments()) {
            Expression bound = binder.bind(argument.value());
            if (!bound.type().isInteger() || !(Expressions.value(bound) instanceof Number number)) {
                throw GraticuleException.unsupported(argument.position(), name + " of anything but whole numbers");
            }
            bounds.add(number.longValue());
        }
        if (bounds.isEmpty() || bounds.size() > 3) {
            throw GraticuleException.binding(function.position(),
                    name + " takes one to three numbers: " + name + "(start, stop, step).");
        }
        long start = bounds.size() == 1 ? 0 : bounds.getFirst();
        long stop = bounds.size() == 1 ? bounds.getFirst() : bounds.get(1);
        long step = bounds.size() == 3 ? bounds.get(2) : 1;
        if (step == 0) {
            throw GraticuleException.binding(function.position(), "The step of " + name + " must not be 0.");
        }
        return NumberSeries.of(name, start, stop, step, name.equals("generate_series"));
    }

    /** The rows of a table, with its columns unpacked. */
    Bound table(Table table, String alias) {
        return switch (table) {
            case GriddedTable grid -> grid(grid, alias);
            case RowTable rows -> rows(rows, alias);
        };
    }

    private static Bound grid(GriddedTable grid, String alias) {
        List<GridVariable> columns = new ArrayList<>(grid.axes().stream().map(Axis::coordinate).toList());
        columns.addAll(grid.variables());
        List<OutputColumn> stored = columns.stream()
                .map(column -> new OutputColumn(column.name(), column.stored(), column.attributes())).toList();
        LogicalPlan plan = new LogicalPlan.GridScan(alias, grid, IntStream.range(0, columns.size()).boxed().toList(),
                grid.axes().stream().map(axis -> List.<Expression>of()).toList(), stored);
        List<Expression> values = new ArrayList<>();
        List<OutputColumn> output = new ArrayList<>();
        List<ScopeColumn> scope = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            GridVariable column = columns.get(i);
            Expression reference = new Expression.ColumnReference(i, column.name(), column.stored());
            values.add(column.unpacking().equals(GridVariable.Unpacking.NONE) ? reference
                    : new Expression.Unpack(reference, column.unpacking(), column.type()));
            output.add(new OutputColumn(column.name(), column.type(), column.attributes()));
            scope.add(new ScopeColumn(output.getLast(), column.listed()));
        }
        if (values.stream().anyMatch(Expression.Unpack.class::isInstance)) {
            plan = new LogicalPlan.Project(plan, values, output);
        }
        return new Bound(plan, new Scope(List.of(new Relation(alias, 0, scope, grid))));
    }

    private static Bound rows(RowTable rows, String alias) {
        List<OutputColumn> output = rows.columns().stream()
                .map(column -> new OutputColumn(column.name(), column.type(), column.attributes())).toList();
        LogicalPlan plan = new LogicalPlan.RowScan(alias, rows, IntStream.range(0, output.size()).boxed().toList(),
                List.of(), Long.MAX_VALUE, output);
        return relation(plan, alias);
    }

    static Bound relation(LogicalPlan plan, String alias) {
        List<ScopeColumn> columns = plan.output().stream().map(column -> new ScopeColumn(column, true)).toList();
        return new Bound(plan, new Scope(List.of(new Relation(alias, 0, columns, null))));
    }

    private static Bound alias(Bound bound, TableReference.Aliased aliased) {
        return rename(bound, aliased.alias().name(), aliased.columns(), aliased.position());
    }

    private static Bound rename(Bound bound, String alias, List<Identifier> names, Position position) {
        Relation relation = bound.scope.relations().getFirst();
        long listed = relation.columns().stream().filter(ScopeColumn::listed).count();
        if (names.size() > listed) {
            throw GraticuleException.of(ErrorKind.BINDING, names.get((int) listed).position(),
                    alias + " has " + listed + " columns, and " + names.size() + " names are given.",
                    null);
        }
        List<ScopeColumn> columns = new ArrayList<>();
        int next = 0;
        for (ScopeColumn column : relation.columns()) {
            OutputColumn old = column.output();
            columns.add(column.listed() && next < names.size()
                    ? new ScopeColumn(new OutputColumn(names.get(next++).name(), old.type(), old.metadata()), true)
                    : column);
        }
        return new Bound(bound.plan,
                new Scope(List.of(new Relation(alias, relation.first(), columns, relation.table()))));
    }

    /** The name that a path's columns are qualified with: its last part without the ending. */
    static String stem(String path) {
        String trimmed = path.replaceAll("[/\\\\]+$", "");
        String last = trimmed.substring(Math.max(trimmed.lastIndexOf('/'), trimmed.lastIndexOf('\\')) + 1);
        int dot = last.indexOf('.');
        return dot > 0 ? last.substring(0, dot) : last;
    }
}
