package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.ColumnReference;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.plan.LogicalPlan.OutputColumn;
import dev.graticule.plan.LogicalPlan.SortKey;
import dev.graticule.sql.GroupBy;
import dev.graticule.sql.GroupingElement;
import dev.graticule.sql.OrderBy;
import dev.graticule.sql.Position;
import dev.graticule.sql.QueryBody;
import dev.graticule.sql.QueryBody.SelectItem;
import dev.graticule.sql.SqlExpression;
import dev.graticule.sql.SqlNode;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** Binds one SELECT with the ORDER BY that follows it. */
final class BindSelect {
    private final BindContext context;
    private final CommonTables commonTables;
    private final int depth;

    /** The rows in their order; columns from {@code visible} on are there for ORDER BY alone. */
    record Bound(LogicalPlan plan, int visible) {
    }

    BindSelect(BindContext context, CommonTables commonTables, int depth) {
        this.context = context;
        this.commonTables = commonTables;
        this.depth = depth;
    }

    Bound bind(QueryBody.Select select, Optional<OrderBy> orderBy) {
        refuse(select);
        BindFrom.Bound from = new BindFrom(context, commonTables, depth).bind(select.from(),
                namesUsed(select, orderBy));
        Scope scope = from.scope();
        LogicalPlan plan = from.plan();
        List<SelectColumn> columns = columns(select, scope);
        List<SelectColumn.Computed> aliases = new ArrayList<>();
        for (SelectColumn column : columns) {
            if (column instanceof SelectColumn.Computed computed && computed.named()) {
                aliases.add(computed);
            }
        }
        if (select.where().isPresent()) {
            BindExpression binder = new BindExpression(context, scope, aliases, null, "WHERE");
            plan = new LogicalPlan.Filter(plan, binder.predicate(select.where().get(), "WHERE"));
        }
        return isAggregate(select, orderBy) ? grouped(select, orderBy, plan, scope, columns, aliases)
                : plain(select, orderBy, plan, scope, columns, aliases);
    }

    private static void refuse(QueryBody.Select select) {
        if (!select.distinctOn().isEmpty()) {
            throw GraticuleException.unsupported(select.distinctOn().getFirst().position(), "DISTINCT ON");
        }
        if (select.qualify().isPresent()) {
            throw GraticuleException.unsupported(select.qualify().get().position(), "QUALIFY");
        }
        if (!select.windows().isEmpty()) {
            throw GraticuleException.unsupported(select.windows().getFirst().position(), "window functions");
        }
        if (select.sample().isPresent()) {
            throw GraticuleException.unsupported(select.sample().get().position(), "USING SAMPLE");
        }
    }

    /** Every column name of the query; a plain {@code *} names none, and after SELECT an alias is no column. */
    private static Set<String> namesUsed(QueryBody.Select select, Optional<OrderBy> orderBy) {
        List<SqlNode> nodes = new ArrayList<>(select.items());
        select.where().ifPresent(nodes::add);
        List<SqlNode> later = new ArrayList<>();
        select.having().ifPresent(later::add);
        if (orderBy.isPresent() && orderBy.get() instanceof OrderBy.Items items) {
            later.addAll(items.items());
        }
        if (select.groupBy().isPresent() && select.groupBy().get() instanceof GroupBy.Items items) {
            later.addAll(items.elements());
        }
        Set<String> names = SqlTree.names(later);
        select.items().forEach(item -> item.alias()
                .ifPresent(alias -> names.removeIf(name -> name.equalsIgnoreCase(alias.name()))));
        names.addAll(SqlTree.names(nodes));
        return names;
    }

    private static boolean isAggregate(QueryBody.Select select, Optional<OrderBy> orderBy) {
        return select.groupBy().isPresent() || select.having().isPresent()
                || select.items().stream().anyMatch(SqlTree::containsAggregate)
                || orderBy.isPresent() && orderBy.get() instanceof OrderBy.Items items
                        && items.items().stream().anyMatch(SqlTree::containsAggregate);
    }

    private List<SelectColumn> columns(QueryBody.Select select, Scope scope) {
        List<SelectColumn> columns = new ArrayList<>();
        for (SelectItem item : select.items()) {
            if (item.expression() instanceof SqlExpression.Star star) {
                List<SelectColumn> listed = new BindStar(context, scope).columns(star);
                columns.addAll(item.alias().isEmpty() ? listed : BindStar.named(listed, item.alias().get()));
            } else {
                digitNotice(item);
                String name = item.alias().isPresent() ? item.alias().get().name() : name(item, scope);
                columns.add(new SelectColumn.Computed(name, item.alias().isPresent(), item.expression()));
            }
        }
        return columns;
    }

    /** A column's own spelling, or else the expression's text. */
    private static String name(SelectItem item, Scope scope) {
        if (item.expression() instanceof SqlExpression.Name name) {
            if (name.parts().size() > 1 && !scope.hasRelation(name.parts().get(name.parts().size() - 2).name())) {
                return name.parts().getLast().name();
            }
            return scope.find(name.parts(), name.position()).map(found -> found.column().name())
                    .orElse(name.parts().getLast().name());
        }
        return item.text();
    }

    /** {@code SELECT 2m_temperature} reads as {@code 2 AS m_temperature}. */
    private void digitNotice(SelectItem item) {
        if (item.expression() instanceof SqlExpression.NumberLiteral number && item.alias().isPresent()
                && item.alias().get().position().start() == number.position().end()) {
            context.notice("Column names that begin with a digit need quotes: write \"" + number.text()
                    + item.alias().get().name() + "\".");
        }
    }

    // ---- without aggregates

    private Bound plain(QueryBody.Select select, Optional<OrderBy> orderBy, LogicalPlan input, Scope scope,
            List<SelectColumn> columns,
            List<SelectColumn.Computed> aliases) {
        BindExpression binder = new BindExpression(context, scope, aliases, null, "SELECT");
        List<Expression> expressions = new ArrayList<>();
        for (SelectColumn column : columns) {
            expressions.add(bind(binder, column));
        }
        return finish(select, orderBy, input, columns, expressions, scope, item -> binder.bind(item));
    }

    private static Expression bind(BindExpression binder, SelectColumn column) {
        return switch (column) {
            case SelectColumn.Computed computed -> binder.bind(computed.expression());
            case SelectColumn.Listed listed -> binder.column(listed.found(), listed.position());
        };
    }

    // ---- with aggregates

    private Bound grouped(QueryBody.Select select, Optional<OrderBy> orderBy, LogicalPlan input, Scope scope,
            List<SelectColumn> columns,
            List<SelectColumn.Computed> aliases) {
        List<Expression> keys = new ArrayList<>();
        List<String> keyNames = new ArrayList<>();
        bindKeys(select, scope, columns, aliases, keys, keyNames);
        Aggregation aggregation = new Aggregation(scope.width(), keys);
        BindExpression binder = new BindExpression(context, scope, aliases, aggregation, "SELECT");
        List<Expression> expressions = new ArrayList<>();
        for (SelectColumn column : columns) {
            expressions.add(aggregation.overGroups(bind(binder, column), column.position()));
        }
        Expression having = select.having().isEmpty() ? null
                : aggregation.overGroups(binder.predicate(select.having().get(), "HAVING"),
                        select.having().get().position());
        return finish(select, orderBy, () -> {
            List<OutputColumn> output = new ArrayList<>();
            for (int i = 0; i < keys.size(); i++) {
                Map<String, String> metadata = keys.get(i) instanceof ColumnReference column
                        ? scope.at(column.index()).column().output().metadata() : Map.of();
                output.add(new OutputColumn(keyNames.get(i), keys.get(i).type(), metadata));
            }
            for (int i = 0; i < aggregation.calls().size(); i++) {
                output.add(new OutputColumn(aggregation.texts().get(i), aggregation.calls().get(i).type()));
            }
            keys.forEach(key -> refuseNested(key.type(), "GROUP BY", select.position()));
            // Without keys there is one group whatever the input holds: without aggregates too, nothing need be read for it.
            LogicalPlan plan = output.isEmpty() ? new LogicalPlan.Values(List.of(List.of()), List.of())
                    : new LogicalPlan.Aggregate(input, keys, aggregation.calls(), output);
            return having == null ? plan : new LogicalPlan.Filter(plan, having);
        }, columns, expressions, item -> aggregation.overGroups(binder.bind(item), item.position()),
                index -> keys.get(index) instanceof ColumnReference column
                        ? scope.at(column.index()).column().output().metadata()
                        : Map.of(),
                keys.size());
    }

    private void bindKeys(QueryBody.Select select, Scope scope, List<SelectColumn> columns,
            List<SelectColumn.Computed> aliases, List<Expression> keys,
            List<String> names) {
        if (select.groupBy().isEmpty()) {
            return;
        }
        BindExpression binder = new BindExpression(context, scope, aliases, null, "GROUP BY");
        switch (select.groupBy().get()) {
            case GroupBy.All all -> {
                for (SelectColumn column : columns) {
                    if (!(column instanceof SelectColumn.Computed computed
                            && SqlTree.containsAggregate(computed.expression()))) {
                        addKey(bind(binder, column), column.name(), keys, names);
                    }
                }
            }
            case GroupBy.Items items ->
                items.elements().forEach(element -> bindKey(element, binder, columns, keys, names));
        }
    }

    private void bindKey(GroupingElement element, BindExpression binder, List<SelectColumn> columns,
            List<Expression> keys, List<String> names) {
        switch (element) {
            case GroupingElement.Expression item -> {
                if (item.expression() instanceof SqlExpression.Row row) {
                    row.elements().forEach(each -> bindKey(new GroupingElement.Expression(each.position(), each),
                            binder, columns, keys, names));
                    return;
                }
                Integer ordinal = BindOrderBy.ordinal(item.expression(), columns.size(), "GROUP BY");
                if (ordinal != null) {
                    SelectColumn column = columns.get(ordinal);
                    if (column instanceof SelectColumn.Computed computed
                            && SqlTree.containsAggregate(computed.expression())) {
                        throw GraticuleException.binding(item.position(),
                                column.name() + " is an aggregate: GROUP BY cannot use it.");
                    }
                    addKey(bind(binder, column), column.name(), keys, names);
                } else {
                    String name = item.expression() instanceof SqlExpression.Name written
                            ? written.parts().getLast().name() : "key" + (keys.size() + 1);
                    addKey(binder.bind(item.expression()), name, keys, names);
                }
            }
            case GroupingElement.Empty empty -> {
                // The grand total adds no key.
            }
            case GroupingElement.Rollup rollup -> throw GraticuleException.unsupported(rollup.position(), "ROLLUP");
            case GroupingElement.Cube cube -> throw GraticuleException.unsupported(cube.position(), "CUBE");
            case GroupingElement.GroupingSets sets ->
                throw GraticuleException.unsupported(sets.position(), "GROUPING SETS");
        }
    }

    private static void addKey(Expression key, String name, List<Expression> keys, List<String> names) {
        if (keys.stream().noneMatch(known -> ExpressionTree.same(known, key))) {
            keys.add(key);
            names.add(key instanceof ColumnReference column ? column.name() : name);
        }
    }

    static void refuseNested(SqlType type, String clause, Position position) {
        if (type instanceof SqlType.Other) {
            throw GraticuleException.unsupported(position, clause + " over a value of type " + type
                    + (type.isTimeOfNanoseconds() ? " (cast it to TIME or VARCHAR)" : ""));
        }
    }

    // ---- select list, DISTINCT, ORDER BY

    private Bound finish(QueryBody.Select select, Optional<OrderBy> orderBy, LogicalPlan input,
            List<SelectColumn> columns, List<Expression> expressions,
            Scope scope, Function<SqlExpression, Expression> binder) {
        return finish(select, orderBy, () -> input, columns, expressions, binder,
                index -> scope.at(index).column().output().metadata(), scope.width());
    }

    /**
     * @param input the rows below the select list; asked for when ORDER BY has been bound, which may add aggregates
     * @param binder binds an expression of ORDER BY over the input
     * @param metadata of column {@code i} of the input, for {@code i < described}
     */
    private Bound finish(QueryBody.Select select, Optional<OrderBy> orderBy, Supplier<LogicalPlan> input,
            List<SelectColumn> columns,
            List<Expression> expressions, Function<SqlExpression, Expression> binder,
            IntFunction<Map<String, String>> metadata, int described) {
        List<Expression> projected = new ArrayList<>(expressions);
        List<OutputColumn> output = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Map<String, String> attributes = expressions.get(i) instanceof ColumnReference column
                    && column.index() < described ? metadata.apply(column.index())
                            : Map.of();
            output.add(new OutputColumn(columns.get(i).name(), expressions.get(i).type(), attributes));
        }
        List<SortKey> keys = new ArrayList<>();
        if (orderBy.isPresent()) {
            List<Expression> visible = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                visible.add(reference(i, output));
            }
            keys = BindOrderBy.keys(orderBy.get(), visible, item -> {
                Integer place = outputColumn(item.expression(), columns, expressions);
                if (place != null) {
                    return visible.get(place);
                }
                Expression bound = binder.apply(item.expression());
                if (ExpressionTree.isConstant(bound)) {
                    return bound;
                }
                for (int i = 0; i < projected.size(); i++) {
                    if (ExpressionTree.same(projected.get(i), bound)) {
                        return reference(i, output);
                    }
                }
                if (select.distinct()) {
                    throw GraticuleException.unsupported(item.expression().position(),
                            "ORDER BY an expression that SELECT DISTINCT does not select");
                }
                projected.add(bound);
                output.add(new OutputColumn("order" + (projected.size() - columns.size()), bound.type()));
                return reference(projected.size() - 1, output);
            });
        }
        LogicalPlan plan = new LogicalPlan.Project(input.get(), projected, output);
        if (select.distinct()) {
            output.forEach(column -> refuseNested(column.type(), "DISTINCT", select.position()));
            plan = new LogicalPlan.Aggregate(plan, BindQuery.references(plan), List.of(), output);
        }
        if (!keys.isEmpty()) {
            plan = new LogicalPlan.Sort(plan, keys, Long.MAX_VALUE);
        }
        return new Bound(plan, columns.size());
    }

    private static Expression reference(int index, List<OutputColumn> output) {
        OutputColumn column = output.get(index);
        return new ColumnReference(index, column.name(), column.type());
    }

    /** The column of the select list that an ordinal or a plain name in ORDER BY means; {@code null} where it means none. */
    private static Integer outputColumn(SqlExpression expression, List<SelectColumn> columns,
            List<Expression> expressions) {
        Integer ordinal = BindOrderBy.ordinal(expression, columns.size(), "ORDER BY");
        if (ordinal != null || !(expression instanceof SqlExpression.Name name) || name.parts().size() > 1) {
            return ordinal;
        }
        String wanted = name.parts().getFirst().name();
        List<Integer> found = new ArrayList<>();
        for (boolean exact : new boolean[]{true, false}) {
            Set<Expression> different = new HashSet<>();
            for (int i = 0; i < columns.size(); i++) {
                String known = columns.get(i).name();
                if (exact ? known.equals(wanted) : known.equalsIgnoreCase(wanted)) {
                    found.add(i);
                    different.add(expressions.get(i));
                }
            }
            if (different.size() > 1) {
                throw GraticuleException.binding(expression.position(),
                        "The name " + wanted + " is ambiguous: several selected columns have it.");
            }
            if (!found.isEmpty()) {
                return found.getFirst();
            }
        }
        return null;
    }
}
