package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.ColumnReference;
import dev.graticule.function.Coercion;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.plan.LogicalPlan.OutputColumn;
import dev.graticule.plan.LogicalPlan.SortKey;
import dev.graticule.sql.AstPrinter;
import dev.graticule.sql.OrderBy;
import dev.graticule.sql.Position;
import dev.graticule.sql.QueryBody;
import dev.graticule.sql.QueryBody.SetOperator;
import dev.graticule.sql.QueryExpression;
import dev.graticule.sql.SqlExpression;
import dev.graticule.sql.SqlNode;
import dev.graticule.sql.TableReference;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Binds a whole query: WITH, its body, ORDER BY and LIMIT. */
final class BindQuery {
    private final BindContext context;
    private final CommonTables outer;
    private final int depth;

    BindQuery(BindContext context, CommonTables outer, int depth) {
        this.context = context;
        this.outer = outer;
        this.depth = depth;
    }

    LogicalPlan bind(QueryExpression query) {
        CommonTables tables = outer;
        for (QueryExpression.CommonTable table : query.with()) {
            if (query.recursive() && usesItself(table)) {
                throw GraticuleException.unsupported(table.position(), "WITH RECURSIVE");
            }
            tables = new CommonTables(table, tables);
        }
        int visible;
        LogicalPlan plan;
        if (query.body() instanceof QueryBody.Select select) {
            BindSelect.Bound bound = new BindSelect(context, tables, depth).bind(select, query.orderBy());
            plan = bound.plan();
            visible = bound.visible();
        } else {
            plan = sort(body(query.body(), tables), query.orderBy(), firstItems(query.body()));
            visible = plan.output().size();
        }
        if (query.limit().isPresent()) {
            plan = new BindLimit(context).bind(plan, query.limit().get());
        }
        return firstColumns(plan, visible);
    }

    /** The first columns alone. */
    private static LogicalPlan firstColumns(LogicalPlan plan, int count) {
        if (plan.output().size() == count) {
            return plan;
        }
        return new LogicalPlan.Project(plan, references(plan).subList(0, count), plan.output().subList(0, count));
    }

    static List<Expression> references(LogicalPlan plan) {
        List<Expression> references = new ArrayList<>();
        for (OutputColumn column : plan.output()) {
            references.add(new ColumnReference(references.size(), column.name(), column.type()));
        }
        return references;
    }

    private LogicalPlan body(QueryBody body, CommonTables tables) {
        return switch (body) {
            case QueryBody.Select select -> {
                BindSelect.Bound bound = new BindSelect(context, tables, depth).bind(select, Optional.empty());
                yield firstColumns(bound.plan(), bound.visible());
            }
            case QueryBody.SetOperation operation -> setOperation(operation, tables);
            case QueryBody.Values values -> values(values);
            case QueryBody.TableRows rows -> {
                BindFrom.Bound bound = new BindFrom(context, tables, depth)
                        .bind(List.of(new TableReference.Named(rows.position(), rows.name())), Set.of());
                List<Scope.Found> listed = bound.scope().listed(List.of(), rows.position());
                List<Expression> expressions = new ArrayList<>();
                for (Scope.Found found : listed) {
                    expressions.add(
                            new ColumnReference(found.index(), found.column().name(), found.column().output().type()));
                }
                yield new LogicalPlan.Project(bound.plan(), expressions,
                        listed.stream().map(found -> found.column().output()).toList());
            }
            case QueryBody.Look look -> new BindLook(context).rows(look.statement());
            case QueryBody.Nested nested -> new BindQuery(context, tables, depth).bind(nested.query());
        };
    }

    private LogicalPlan setOperation(QueryBody.SetOperation operation, CommonTables tables) {
        boolean union = operation.operator() == SetOperator.UNION;
        if (!union && operation.all()) {
            throw GraticuleException.unsupported(operation.position(), operation.operator().name() + " ALL");
        }
        List<QueryBody> branches = new ArrayList<>();
        if (union) {
            flatten(operation, operation.all(), operation.byName(), branches);
        } else {
            branches.addAll(List.of(operation.left(), operation.right()));
        }
        List<LogicalPlan> plans = new ArrayList<>();
        for (QueryBody branch : branches) {
            plans.add(body(branch, tables));
        }
        if (operation.byName()) {
            plans = alignByName(plans);
        }
        LogicalPlan first = plans.getFirst();
        int width = first.output().size();
        for (int i = 1; i < plans.size(); i++) {
            if (plans.get(i).output().size() != width) {
                throw GraticuleException.binding(branches.get(i).position(),
                        "Each part of " + operation.operator() + " needs the same number of columns: the first has "
                                + width
                                + ", this one has " + plans.get(i).output().size() + ".");
            }
        }
        List<OutputColumn> output = new ArrayList<>();
        for (int column = 0; column < width; column++) {
            List<Expression> each = new ArrayList<>();
            for (LogicalPlan plan : plans) {
                OutputColumn source = plan.output().get(column);
                each.add(new ColumnReference(column, source.name(), source.type()));
            }
            SqlType type = isRealBesideNumbers(plans, column) ? SqlType.REAL
                    : Casts.commonOfParts(each, operation.position());
            if (!operation.all()) {
                BindSelect.refuseNested(type, operation.operator().name(), operation.position());
            }
            Map<String, String> metadata = first.output().get(column).metadata();
            int number = column;
            boolean shared = plans.stream().allMatch(plan -> plan.output().get(number).metadata().equals(metadata));
            output.add(new OutputColumn(first.output().get(column).name(), type, shared ? metadata : Map.of()));
        }
        List<LogicalPlan> inputs = new ArrayList<>();
        for (LogicalPlan plan : plans) {
            inputs.add(cast(plan, output, operation.position()));
        }
        if (!union) {
            return new BindSetDifference(operation.position()).bind(inputs.get(0), inputs.get(1),
                    operation.operator() == SetOperator.INTERSECT);
        }
        LogicalPlan all = new LogicalPlan.Union(inputs, output);
        return operation.all() ? all : new LogicalPlan.Aggregate(all, references(all), List.of(), output);
    }

    /** Whether a column is REAL in some parts and a number written in the query in all others: that takes the type of the REAL. */
    private static boolean isRealBesideNumbers(List<LogicalPlan> plans, int column) {
        boolean real = false;
        for (LogicalPlan plan : plans) {
            boolean written = isWrittenNumber(plan, column);
            if (!written && plan.output().get(column).type() != SqlType.REAL) {
                return false;
            }
            real |= !written;
        }
        return real;
    }

    private static boolean isWrittenNumber(LogicalPlan plan, int column) {
        return switch (plan) {
            case LogicalPlan.Project project -> isNumber(project.expressions().get(column))
                    || project.expressions().get(column) instanceof ColumnReference reference
                            && isWrittenNumber(project.input(), reference.index());
            case LogicalPlan.Values values -> values.rows().stream().allMatch(row -> isNumber(row.get(column)));
            case LogicalPlan.Filter filter -> isWrittenNumber(filter.input(), column);
            case LogicalPlan.Sort sort -> isWrittenNumber(sort.input(), column);
            case LogicalPlan.Limit limit -> isWrittenNumber(limit.input(), column);
            case LogicalPlan.Union union -> union.inputs().stream().allMatch(input -> isWrittenNumber(input, column));
            case LogicalPlan.GridScan scan -> false;
            case LogicalPlan.RowScan scan -> false;
            case LogicalPlan.Aggregate aggregate -> false;
            case LogicalPlan.Fetch fetch -> false;
        };
    }

    private static boolean isNumber(Expression expression) {
        return expression instanceof Expression.Literal literal
                && (literal.type().isNumeric() || literal.type() == SqlType.NULL);
    }

    /** A chain of the same operator is one union; UNION without ALL swallows what stands to its left, whichever it is. */
    private static void flatten(QueryBody body, boolean all, boolean byName, List<QueryBody> branches) {
        if (body instanceof QueryBody.SetOperation inner && inner.operator() == SetOperator.UNION
                && inner.byName() == byName && !byName
                && (inner.all() == all || !all)) {
            flatten(inner.left(), all, byName, branches);
            flatten(inner.right(), all, byName, branches);
        } else if (body instanceof QueryBody.SetOperation inner && byName && inner.byName()
                && inner.operator() == SetOperator.UNION && inner.all() == all) {
            flatten(inner.left(), all, true, branches);
            flatten(inner.right(), all, true, branches);
        } else {
            branches.add(body);
        }
    }

    private static List<LogicalPlan> alignByName(List<LogicalPlan> plans) {
        List<OutputColumn> names = new ArrayList<>();
        for (LogicalPlan plan : plans) {
            for (OutputColumn column : plan.output()) {
                if (names.stream().noneMatch(known -> known.name().equalsIgnoreCase(column.name()))) {
                    names.add(column);
                }
            }
        }
        List<LogicalPlan> aligned = new ArrayList<>();
        for (LogicalPlan plan : plans) {
            List<Expression> expressions = new ArrayList<>();
            List<OutputColumn> output = new ArrayList<>();
            for (OutputColumn wanted : names) {
                int at = -1;
                for (int i = 0; i < plan.output().size(); i++) {
                    if (plan.output().get(i).name().equalsIgnoreCase(wanted.name())) {
                        at = i;
                    }
                }
                SqlType type = at < 0 ? SqlType.NULL : plan.output().get(at).type();
                expressions.add(at < 0 ? new Expression.Literal(null, SqlType.NULL)
                        : new ColumnReference(at, wanted.name(), type));
                output.add(new OutputColumn(wanted.name(), type));
            }
            aligned.add(new LogicalPlan.Project(plan, expressions, output));
        }
        return aligned;
    }

    private static LogicalPlan cast(LogicalPlan plan, List<OutputColumn> wanted, Position position) {
        boolean same = true;
        List<Expression> expressions = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            OutputColumn column = plan.output().get(i);
            same &= column.type().equals(wanted.get(i).type());
            expressions.add(Coercion.convert(new ColumnReference(i, column.name(), column.type()), wanted.get(i).type(),
                    position));
        }
        return same ? plan : new LogicalPlan.Project(plan, expressions, wanted);
    }

    private LogicalPlan values(QueryBody.Values values) {
        BindExpression binder = new BindExpression(context, Scope.EMPTY, List.of(), null, "VALUES");
        int width = values.rows().getFirst().size();
        List<List<Expression>> rows = new ArrayList<>();
        for (List<SqlExpression> row : values.rows()) {
            if (row.size() != width) {
                throw GraticuleException.binding(row.getFirst().position(),
                        "Each row of VALUES needs the same number of values: the first has " + width
                                + ", this one has " + row.size() + ".");
            }
            rows.add(row.stream().map(binder::bind).toList());
        }
        List<SqlType> types = new ArrayList<>();
        List<OutputColumn> output = new ArrayList<>();
        for (int column = 0; column < width; column++) {
            int at = column;
            SqlType type = Casts.common(rows.stream().map(row -> row.get(at)).toList(), values.position());
            types.add(type);
            output.add(new OutputColumn("column" + (column + 1), type));
        }
        List<List<Expression>> typed = new ArrayList<>();
        for (List<Expression> row : rows) {
            List<Expression> cells = new ArrayList<>();
            for (int column = 0; column < width; column++) {
                cells.add(Coercion.convert(row.get(column), types.get(column), values.position()));
            }
            typed.add(cells);
        }
        return new LogicalPlan.Values(typed, output);
    }

    /** The select list that names the columns of a set operation, as SQL; empty where there is none, or a {@code *} in it. */
    private static List<String> firstItems(QueryBody body) {
        return switch (body) {
            case QueryBody.SetOperation operation -> firstItems(operation.left());
            case QueryBody.Select select when select.items().stream()
                    .noneMatch(item -> item.expression() instanceof SqlExpression.Star) ->
                select.items().stream().map(item -> AstPrinter.toSql(item.expression())).toList();
            case QueryBody.Select select -> List.of();
            case QueryBody.Nested nested -> firstItems(nested.query().body());
            case QueryBody.Values values -> List.of();
            case QueryBody.TableRows rows -> List.of();
            case QueryBody.Look look -> List.of();
        };
    }

    /** ORDER BY over the columns of the result alone; one may be named by the expression that the first part has there. */
    private LogicalPlan sort(LogicalPlan plan, Optional<OrderBy> orderBy, List<String> firstItems) {
        if (orderBy.isEmpty()) {
            return plan;
        }
        BindExpression binder = new BindExpression(context, BindFrom.relation(plan, "").scope(), List.of(), null,
                "ORDER BY of a set operation");
        List<Expression> columns = references(plan);
        List<SortKey> keys = BindOrderBy.keys(orderBy.get(), columns, item -> {
            Integer ordinal = BindOrderBy.ordinal(item.expression(), columns.size(), "ORDER BY");
            int place = firstItems.indexOf(AstPrinter.toSql(item.expression()));
            return ordinal != null ? columns.get(ordinal)
                    : place >= 0 && !(item.expression() instanceof SqlExpression.Name name && name.parts().size() == 1)
                            ? columns.get(place)
                            : binder.bind(item.expression());
        });
        return keys.isEmpty() ? plan : new LogicalPlan.Sort(plan, keys, Long.MAX_VALUE);
    }

    private static boolean usesItself(QueryExpression.CommonTable table) {
        boolean[] found = new boolean[1];
        SqlTree.walkAll(table.query(),
                (SqlNode node) -> found[0] |= node instanceof TableReference.Named named && named.name().size() == 1
                        && named.name().getFirst().name().equalsIgnoreCase(table.name().name()));
        return found[0];
    }
}
