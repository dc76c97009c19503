package dev.graticule.sql;

import dev.graticule.sql.GraticuleParser.GroupingElementContext;
import dev.graticule.sql.GraticuleParser.QueryContext;
import dev.graticule.sql.GraticuleParser.JoinTailContext;
import dev.graticule.sql.GraticuleParser.QueryBodyContext;
import dev.graticule.sql.GraticuleParser.QueryPrimaryContext;
import dev.graticule.sql.GraticuleParser.QueryTermContext;
import dev.graticule.sql.GraticuleParser.SelectClausesContext;
import dev.graticule.sql.GraticuleParser.SelectContext;
import dev.graticule.sql.GraticuleParser.SelectListContext;
import dev.graticule.sql.GraticuleParser.TableReferenceContext;
import dev.graticule.sql.GraticuleParser.TableSourceContext;
import dev.graticule.sql.QueryBody.SelectItem;
import dev.graticule.sql.TableReference.JoinCondition;
import dev.graticule.sql.TableReference.JoinType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Makes queries and table references of the parse tree. */
final class QueryBuilder {

    private final SourceText source;
    private final NameBuilder names;
    private final ExpressionBuilder expressions;
    private final LookBuilder looks;

    QueryBuilder(SourceText source, NameBuilder names) {
        this.source = source;
        this.names = names;
        this.expressions = new ExpressionBuilder(source, names, this);
        this.looks = new LookBuilder(source, names, this);
    }

    ExpressionBuilder expressions() {
        return expressions;
    }

    LookBuilder looks() {
        return looks;
    }

    private Position position(ParserRuleContext context) {
        return source.position(context);
    }

    QueryExpression query(QueryContext context) {
        expressions.enter(context);
        List<QueryExpression.CommonTable> with = List.of();
        boolean recursive = false;
        if (context.withClause() != null) {
            recursive = context.withClause().RECURSIVE() != null;
            with = context.withClause().commonTable().stream().map(this::commonTable).toList();
        }
        QueryExpression query = new QueryExpression(position(context), recursive, with, body(context.queryBody()),
                Optional.ofNullable(context.orderBy()).map(this::orderBy), limit(context.limitClause()));
        expressions.leave();
        return query;
    }

    private QueryExpression.CommonTable commonTable(GraticuleParser.CommonTableContext context) {
        QueryExpression.Materialization materialization = QueryExpression.Materialization.DEFAULT;
        if (context.MATERIALIZED() != null) {
            materialization = context.NOT() == null ? QueryExpression.Materialization.MATERIALIZED
                    : QueryExpression.Materialization.NOT_MATERIALIZED;
        }
        return new QueryExpression.CommonTable(position(context), alias(context.alias()),
                names.columnNames(context.columnNames()), expressions.expressions(context.expression()),
                materialization,
                rows(context.rows()), Optional.ofNullable(context.searchClause()).map(this::search),
                Optional.ofNullable(context.cycleClause()).map(this::cycle));
    }

    private QueryExpression.Search search(GraticuleParser.SearchClauseContext context) {
        List<Identifier> all = names.identifiers(context.identifier());
        return new QueryExpression.Search(position(context), context.DEPTH() != null,
                all.subList(0, all.size() - 1), all.getLast());
    }

    private QueryExpression.Cycle cycle(GraticuleParser.CycleClauseContext context) {
        List<Identifier> all = names.identifiers(context.identifier());
        return new QueryExpression.Cycle(position(context), all.subList(0, all.size() - 2), all.get(all.size() - 2),
                expressions.optional(context.expression(0)), expressions.optional(context.expression(1)),
                all.getLast());
    }

    private QueryExpression rows(GraticuleParser.RowsContext context) {
        if (context.query() != null) {
            return query(context.query());
        }
        Position position = position(context);
        return new QueryExpression(position, false, List.of(),
                new QueryBody.Look(position, looks.look(context.look())), Optional.empty(), Optional.empty());
    }

    private OrderBy orderBy(GraticuleParser.OrderByContext context) {
        if (context.sortItems() == null) {
            return new OrderBy.All(position(context), CallBuilder.direction(context.sortDirection()),
                    CallBuilder.nullOrder(context.nullOrder()));
        }
        return new OrderBy.Items(position(context), expressions.calls().sortItems(context.sortItems()));
    }

    private Optional<QueryExpression.Limit> limit(List<GraticuleParser.LimitClauseContext> clauses) {
        if (clauses.isEmpty()) {
            return Optional.empty();
        }
        Optional<SqlExpression> count = Optional.empty();
        Optional<SqlExpression> offset = Optional.empty();
        boolean percent = false;
        boolean withTies = false;
        boolean counted = false;
        for (GraticuleParser.LimitClauseContext clause : clauses) {
            boolean repeated = clause instanceof GraticuleParser.OffsetContext ? offset.isPresent() : counted;
            if (repeated) {
                throw new SyntaxException("LIMIT, FETCH and OFFSET may each be written once.", position(clause), "",
                        List.of());
            }
            switch (clause) {
                case GraticuleParser.LimitContext limit -> {
                    counted = true;
                    count = expressions.optional(limit.valueExpression());
                    percent = limit.PERCENT() != null;
                }
                case GraticuleParser.FetchContext fetch -> {
                    counted = true;
                    count = fetch.valueExpression() == null
                            ? Optional.of(new SqlExpression.NumberLiteral(position(fetch), "1"))
                            : expressions.optional(fetch.valueExpression());
                    percent = fetch.PERCENT() != null;
                    withTies = fetch.TIES() != null;
                }
                case GraticuleParser.OffsetContext skipped -> offset = expressions.optional(skipped.valueExpression());
                default -> throw new IllegalStateException("no limit: " + clause.getText());
            }
        }
        Position position = position(clauses.getFirst()).through(position(clauses.getLast()));
        return Optional.of(new QueryExpression.Limit(position, count, percent, withTies, offset));
    }

    // ---- bodies

    private QueryBody body(QueryBodyContext context) {
        QueryBody body = term(context.queryTerm(0));
        for (int i = 0; i < context.unionTail().size(); i++) {
            GraticuleParser.UnionTailContext tail = context.unionTail(i);
            QueryBody right = term(context.queryTerm(i + 1));
            body = setOperation(tail.UNION() == null ? QueryBody.SetOperator.EXCEPT : QueryBody.SetOperator.UNION,
                    tail.ALL() != null, tail.NAME() != null, body, right);
        }
        expressions.refuseChain(context, context.unionTail().size());
        return body;
    }

    private QueryBody term(QueryTermContext context) {
        QueryBody body = primary(context.queryPrimary(0));
        for (int i = 0; i < context.intersectTail().size(); i++) {
            GraticuleParser.IntersectTailContext tail = context.intersectTail(i);
            body = setOperation(QueryBody.SetOperator.INTERSECT, tail.ALL() != null, tail.NAME() != null, body,
                    primary(context.queryPrimary(i + 1)));
        }
        expressions.refuseChain(context, context.intersectTail().size());
        return body;
    }

    private static QueryBody setOperation(QueryBody.SetOperator operator, boolean all, boolean byName,
            QueryBody left, QueryBody right) {
        return new QueryBody.SetOperation(left.position().through(right.position()), operator, all, byName, left,
                right);
    }

    private QueryBody primary(QueryPrimaryContext context) {
        return switch (context) {
            case GraticuleParser.SelectPrimaryContext term -> select(term.select());
            case GraticuleParser.ValuesPrimaryContext values -> new QueryBody.Values(position(values),
                    values.row().stream().map(this::row).toList());
            case GraticuleParser.TablePrimaryQueryContext table -> new QueryBody.TableRows(position(table),
                    names.parts(table.qualifiedName()));
            case GraticuleParser.NestedPrimaryContext nested -> new QueryBody.Nested(position(nested),
                    query(nested.query()));
            default -> throw new IllegalStateException("no query: " + context.getText());
        };
    }

    private List<SqlExpression> row(GraticuleParser.RowContext context) {
        if (context.query() != null) {
            // VALUES ((SELECT 1)): the outer parentheses are the row's, the inner ones the subquery's
            QueryExpression query = query(context.query());
            return List.of(new SqlExpression.ScalarSubquery(position(context),
                    query.body() instanceof QueryBody.Nested nested ? nested.query() : query));
        }
        return expressions.expressions(context.expression());
    }

    private QueryBody.Select select(SelectContext context) {
        GraticuleParser.SelectQuantifierContext quantifier = context.selectQuantifier();
        boolean distinct = quantifier != null && quantifier.DISTINCT() != null;
        List<SqlExpression> distinctOn = quantifier == null ? List.of()
                : expressions.expressions(quantifier.expression());
        List<SelectItem> items = context.selectList() == null ? List.of(everything(context.FROM()))
                : selectItems(context.selectList());
        List<TableReference> from = context.from() == null ? List.of() : from(context.from());
        SelectClausesContext clauses = context.selectClauses();
        if (clauses.qualify().size() > 1) {
            throw new SyntaxException("QUALIFY may be written once.", position(clauses.qualify(1)), "", List.of());
        }
        return new QueryBody.Select(position(context), distinct, distinctOn, items, from,
                clauses.where() == null ? Optional.empty() : expressions.optional(clauses.where().expression()),
                Optional.ofNullable(clauses.groupBy()).map(this::groupBy),
                expressions.optional(clauses.expression()), windows(clauses),
                clauses.qualify().isEmpty() ? Optional.empty()
                        : expressions.optional(clauses.qualify(0).expression()),
                Optional.ofNullable(clauses.sampleSize()).map(this::sample));
    }

    /** The star that {@code FROM t} stands for. */
    private SelectItem everything(TerminalNode from) {
        Position position = source.position(from.getSymbol());
        return new SelectItem(position,
                new SqlExpression.Star(position, List.of(), List.of(), List.of(), List.of(),
                        Optional.empty()),
                Optional.empty(), "*");
    }

    private List<SelectItem> selectItems(SelectListContext context) {
        return context.selectItem().stream().map(this::selectItem).toList();
    }

    private SelectItem selectItem(GraticuleParser.SelectItemContext context) {
        ParserRuleContext value = context.star() == null ? context.expression() : context.star();
        Optional<Identifier> alias = Optional.empty();
        if (context.label() != null) {
            alias = Optional.of(names.identifier(context.label()));
        } else if (context.string() != null) {
            alias = Optional.of(names.quoted(context.string()));
        } else if (context.bareAlias() != null) {
            alias = Optional.of(names.identifier(context.bareAlias()));
        }
        return new SelectItem(position(context), expressions.expression(value), alias, source.text(value));
    }

    private List<QueryBody.NamedWindow> windows(SelectClausesContext clauses) {
        if (clauses.windowClause() == null) {
            return List.of();
        }
        return clauses.windowClause().namedWindow().stream()
                .map(window -> new QueryBody.NamedWindow(position(window), names.identifier(window.identifier()),
                        expressions.calls().window(window.windowDefinition())))
                .toList();
    }

    private GroupBy groupBy(GraticuleParser.GroupByContext context) {
        if (context.groupingElements() == null) {
            return new GroupBy.All(position(context));
        }
        return new GroupBy.Items(position(context), context.DISTINCT() != null, grouping(context.groupingElements()));
    }

    private List<GroupingElement> grouping(GraticuleParser.GroupingElementsContext context) {
        return context.groupingElement().stream().map(this::groupingElement).toList();
    }

    private GroupingElement groupingElement(GroupingElementContext context) {
        Position position = position(context);
        return switch (context) {
            case GraticuleParser.EmptyGroupingContext _ -> new GroupingElement.Empty(position);
            case GraticuleParser.RollupContext rollup -> new GroupingElement.Rollup(position,
                    grouping(rollup.groupingElements()));
            case GraticuleParser.CubeContext cube -> new GroupingElement.Cube(position,
                    grouping(cube.groupingElements()));
            case GraticuleParser.GroupingSetsContext sets -> new GroupingElement.GroupingSets(position,
                    grouping(sets.groupingElements()));
            case GraticuleParser.GroupingExpressionContext single -> new GroupingElement.Expression(position,
                    expressions.expression(single.expression()));
            default -> throw new IllegalStateException("no grouping: " + context.getText());
        };
    }

    // ---- FROM

    private List<TableReference> from(GraticuleParser.FromContext context) {
        return context.tableReference().stream().map(this::table).toList();
    }

    TableReference table(TableReferenceContext context) {
        expressions.enter(context);
        TableReference table = primary(context.tablePrimary());
        for (JoinTailContext tail : context.joinTail()) {
            table = join(table, tail);
        }
        expressions.refuseChain(context, context.joinTail().size());
        expressions.leave();
        return table;
    }

    private TableReference join(TableReference left, JoinTailContext tail) {
        Position position = left.position().through(position(tail));
        return switch (tail) {
            case GraticuleParser.NaturalJoinContext join -> new TableReference.Join(position, left,
                    primary(join.tablePrimary()), joinType(join.joinType()),
                    new JoinCondition.Natural(source.position(join.NATURAL().getSymbol())));
            case GraticuleParser.CrossJoinContext join -> new TableReference.Join(position, left,
                    primary(join.tablePrimary()), join.CROSS() == null ? JoinType.POSITIONAL : JoinType.CROSS,
                    new JoinCondition.None(position(join)));
            case GraticuleParser.ConditionJoinContext join -> {
                JoinType type = joinType(join.joinType());
                yield new TableReference.Join(position, left, table(join.tableReference()),
                        join.ASOF() == null ? type : asof(type, join.joinType()), condition(join.joinCondition()));
            }
            default -> throw new IllegalStateException("no join: " + tail.getText());
        };
    }

    private JoinType joinType(GraticuleParser.JoinTypeContext context) {
        if (context == null || context.INNER() != null) {
            return JoinType.INNER;
        }
        if (context.SEMI() != null || context.ANTI() != null) {
            boolean right = context.RIGHT() != null;
            if (context.SEMI() != null) {
                return right ? JoinType.RIGHT_SEMI : JoinType.SEMI;
            }
            return right ? JoinType.RIGHT_ANTI : JoinType.ANTI;
        }
        if (context.LEFT() != null) {
            return JoinType.LEFT;
        }
        return context.RIGHT() == null ? JoinType.FULL : JoinType.RIGHT;
    }

    private JoinType asof(JoinType type, GraticuleParser.JoinTypeContext context) {
        return switch (type) {
            case INNER -> JoinType.ASOF;
            case LEFT -> JoinType.ASOF_LEFT;
            case RIGHT -> JoinType.ASOF_RIGHT;
            case FULL -> JoinType.ASOF_FULL;
            case SEMI -> JoinType.ASOF_SEMI;
            case ANTI -> JoinType.ASOF_ANTI;
            case CROSS, RIGHT_SEMI, RIGHT_ANTI, POSITIONAL, ASOF, ASOF_LEFT, ASOF_RIGHT, ASOF_FULL,
                    ASOF_SEMI, ASOF_ANTI ->
                throw new SyntaxException("An ASOF join is INNER, LEFT, RIGHT, FULL, SEMI or ANTI.", position(context),
                        "",
                        List.of("INNER", "LEFT", "RIGHT", "FULL", "SEMI", "ANTI"));
        };
    }

    private JoinCondition condition(GraticuleParser.JoinConditionContext context) {
        if (context.ON() != null) {
            return new JoinCondition.On(position(context), expressions.expression(context.expression()));
        }
        return new JoinCondition.Using(position(context), names.identifiers(context.label()));
    }

    private TableReference primary(GraticuleParser.TablePrimaryContext context) {
        TableReference table = source(context.tableSource());
        int sampled = 0;
        for (int i = 1; i < context.getChildCount(); i++) {
            ParserRuleContext child = (ParserRuleContext) context.getChild(i);
            Position position = table.position().through(position(child));
            if (child instanceof GraticuleParser.TableAliasContext alias) {
                Identifier name = alias.bareAlias() == null ? alias(alias.alias())
                        : names.identifier(alias.bareAlias());
                table = new TableReference.Aliased(position, table, name, names.columnNames(alias.columnNames()));
            } else {
                if (++sampled > 1) {
                    throw new SyntaxException("TABLESAMPLE may be written once for a table.", position(child), "",
                            List.of());
                }
                table = new TableReference.Sampled(position, table,
                        sample(((GraticuleParser.TableSampleContext) child).sampleSize()));
            }
        }
        return table;
    }

    private Identifier alias(GraticuleParser.AliasContext context) {
        return context.string() == null ? names.identifier(context) : names.quoted(context.string());
    }

    private TableReference source(TableSourceContext context) {
        Position position = position(context);
        return switch (context) {
            case GraticuleParser.LateralTableContext lateral -> lateral.query() == null
                    ? function(name(lateral.functionName(), lateral.part()), lateral.tableArguments(), position, true)
                    : new TableReference.Subquery(position, true, query(lateral.query()));
            case GraticuleParser.SubqueryTableContext subquery -> new TableReference.Subquery(position, false,
                    rows(subquery.rows()));
            case GraticuleParser.NestedTableContext nested -> table(nested.tableReference());
            case GraticuleParser.NamedTableContext named -> {
                List<Identifier> name = name(named.functionName(), named.part());
                yield named.tableArguments() == null ? new TableReference.Named(position, name)
                        : function(name, named.tableArguments(), position, false);
            }
            case GraticuleParser.ValuesTableContext values -> new TableReference.Subquery(position, false,
                    new QueryExpression(position, false, List.of(),
                            new QueryBody.Values(position, values.row().stream().map(this::row).toList()),
                            Optional.empty(), Optional.empty()));
            case GraticuleParser.PathTableContext path -> new TableReference.Path(position,
                    names.string(path.string()));
            default -> throw new IllegalStateException("no table: " + context.getText());
        };
    }

    List<Identifier> name(GraticuleParser.FunctionNameContext first, List<GraticuleParser.PartContext> rest) {
        List<Identifier> name = new ArrayList<>();
        name.add(names.identifier(first));
        name.addAll(names.identifiers(rest));
        return List.copyOf(name);
    }

    TableReference.Function function(List<Identifier> name, GraticuleParser.TableArgumentsContext context,
            Position position, boolean lateral) {
        return new TableReference.Function(position, lateral, name,
                context.argument().stream().map(expressions.calls()::argument).map(QueryBuilder::named).toList(),
                context.ORDINALITY() != null);
    }

    /** {@code name = value} is a named argument where a table function is called. */
    private static SqlExpression.Argument named(SqlExpression.Argument argument) {
        boolean equation = argument.name().isEmpty()
                && argument.value() instanceof SqlExpression.Binary(_, BinaryOperator operator, SqlExpression left, _)
                && operator == BinaryOperator.EQUAL && left instanceof SqlExpression.Name name
                && name.parts().size() == 1;
        if (!equation) {
            return argument;
        }
        SqlExpression.Binary binary = (SqlExpression.Binary) argument.value();
        Identifier name = ((SqlExpression.Name) binary.left()).parts().getFirst();
        return new SqlExpression.Argument(argument.position(), Optional.of(name), binary.right());
    }

    private Sample sample(GraticuleParser.SampleSizeContext context) {
        GraticuleParser.SampleAmountContext amount = context.sampleAmount();
        Optional<SqlExpression> seed = Optional.empty();
        if (context.NUMBER() != null) {
            Token number = context.NUMBER().getSymbol();
            seed = Optional.of(new SqlExpression.NumberLiteral(source.position(number), number.getText()));
        }
        if (context.expression() != null) {
            seed = Optional.of(expressions.expression(context.expression()));
        }
        SqlExpression size;
        if (amount.NUMBER() != null) {
            Token number = amount.NUMBER().getSymbol();
            size = new SqlExpression.NumberLiteral(source.position(number), number.getText());
        } else {
            size = expressions.expression(amount.parameter() == null ? amount.expression() : amount.parameter());
        }
        Sample.Unit unit = Sample.Unit.DEFAULT;
        if (amount.ROWS() != null) {
            unit = Sample.Unit.ROWS;
        } else if (amount.PERCENT() != null || amount.PERCENT_SIGN() != null) {
            unit = Sample.Unit.PERCENT;
        }
        return new Sample(position(context),
                context.identifier() == null ? Optional.empty() : Optional.of(names.identifier(context.identifier())),
                size, unit, seed);
    }
}
