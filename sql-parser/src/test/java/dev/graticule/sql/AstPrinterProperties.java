package dev.graticule.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class AstPrinterProperties {

    private static final Position NOWHERE = new Position(1, 1, 0, 0);

    @Property(tries = 1_000)
    void anExpressionPrintedAndParsedIsTheSame(@ForAll("expressions") SqlExpression expression) {
        String printed = "SELECT " + AstPrinter.toSql(expression);
        QueryBody.Select select = (QueryBody.Select) ((Statement.Query) SqlParser.parse(printed)).query().body();
        assertEquals("", Trees.difference(expression, select.items().getFirst().expression()), printed);
    }

    @Property(tries = 500)
    void aQueryPrintedAndParsedIsTheSame(@ForAll("queries") QueryExpression query) {
        String printed = AstPrinter.toSql(query);
        assertEquals("", Trees.difference(query, ((Statement.Query) SqlParser.parse(printed)).query()), printed);
    }

    @Property(tries = 1_000)
    void aTextIsParsedOrRefusedWithASyntaxExceptionInsideTheText(@ForAll("garbage") String sql) {
        try {
            List<Statement> statements = SqlParser.parseAll(sql);
            statements.forEach(statement -> assertEquals("", Trees.misplaced(statement, statement.position(), sql)));
        } catch (SyntaxException e) {
            Position position = e.position();
            assertEquals(position.textIn(sql).length(), position.end() - position.start());
            ErrorText.withCaret(sql, e);
        }
    }

    @Provide
    Arbitrary<String> garbage() {
        Arbitrary<String> pieces = Arbitraries.of("SELECT", "FROM", "WHERE", "GROUP BY", "ORDER BY", "(", ")", "[", "]",
                "{", "}", ",", "a", "b.c", "*", "t.*", "1", "'x'", "'", "\"", "\"q\"", "+", "-", "~", "=", "=>", "->",
                "::", "int", "CASE", "WHEN", "THEN", "END", "IN", "NOT", "BETWEEN", "AND", "INTERVAL", "DATE", "day",
                "VALUES", "WITH", "AS", "UNION", "JOIN", "ON", "LEFT", "f(", "OVER", "$1", "?", ":", ";", "--", "/*",
                "*/",
                "\n", "\uD83E\uDD86", "é", "2m", "0x", "$$", "ROW", "LATERAL", "EXCEPT", "EXCLUDE", "REPLACE",
                "IS NULL",
                "LIMIT", "%", "USING SAMPLE", "TABLE", "EXPLAIN", "DESCRIBE", "COPY", "TO", "SET", "CREATE", "OPTIONS");
        return pieces.list().ofMaxSize(25).map(list -> String.join(" ", list));
    }

    @Provide
    Arbitrary<Identifier> identifiers() {
        Arbitrary<Identifier> plain = Arbitraries
                .of("a", "t2m", "time", "day", "level", "values", "Größe", "row", "filter", "interval", "x_1", "name")
                .map(name -> new Identifier(NOWHERE, name, false));
        Arbitrary<Identifier> quoted = Arbitraries.of("2m_temperature", "select", "a \"b\"", "x.zarr", "T", " ", "'")
                .map(name -> new Identifier(NOWHERE, name, true));
        return Arbitraries.oneOf(plain, quoted);
    }

    private Arbitrary<List<Identifier>> names() {
        return identifiers().list().ofMinSize(1).ofMaxSize(3);
    }

    private Arbitrary<TypeName> types() {
        Arbitrary<TypeName> simple = Arbitraries.of("INTEGER", "VARCHAR", "DOUBLE PRECISION", "DOUBLE", "my_type",
                "TIMESTAMP WITH TIME ZONE", "DATE", "INTEGER UNSIGNED", "INTERVAL")
                .map(name -> new TypeName.Simple(NOWHERE, name, List.of()));
        return Arbitraries.lazyOf(() -> simple,
                () -> Arbitraries.just(new TypeName.Simple(NOWHERE, "DECIMAL", List.of(10, 2))),
                () -> Arbitraries.just(new TypeName.Simple(NOWHERE, "TIMESTAMP WITH TIME ZONE", List.of(3))),
                () -> Combinators.combine(types(), Arbitraries.integers().between(-1, 5))
                        .as((element, size) -> new TypeName.Array(NOWHERE, element, size == 0 ? -1 : size)),
                () -> Combinators.combine(types(), types()).as((key, value) -> new TypeName.Map(NOWHERE, key, value)),
                () -> Combinators.combine(identifiers(), types())
                        .as((name, type) -> new TypeName.Field(NOWHERE, name, type)).list().ofMinSize(1).ofMaxSize(2)
                        .map(fields -> new TypeName.Struct(NOWHERE, fields)));
    }

    private Arbitrary<SqlExpression> leaves() {
        return Arbitraries.oneOf(
                Arbitraries.of("0", "1.5", ".5", "1e-3", "0x1F", "1_000")
                        .map(text -> new SqlExpression.NumberLiteral(NOWHERE, text)),
                Arbitraries.strings().ofMaxLength(6).filter(text -> text.indexOf('\0') < 0)
                        .map(text -> new SqlExpression.StringLiteral(NOWHERE, text)),
                Arbitraries.just(new SqlExpression.NullLiteral(NOWHERE)),
                Arbitraries.of(true, false).map(value -> new SqlExpression.BooleanLiteral(NOWHERE, value)),
                names().map(parts -> new SqlExpression.Name(NOWHERE, parts)),
                Arbitraries.integers().between(1, 9).map(i -> new SqlExpression.Parameter(NOWHERE, "", i)),
                Arbitraries.just(new SqlExpression.Parameter(NOWHERE, "start", 0)),
                Arbitraries.of("DATE", "TIMESTAMP", "SMALLINT")
                        .map(name -> new SqlExpression.TypedLiteral(NOWHERE,
                                new TypeName.Simple(NOWHERE, name, List.of()), "2020")),
                Arbitraries.of(IntervalUnit.values())
                        .map(unit -> new SqlExpression.Interval(NOWHERE,
                                new SqlExpression.StringLiteral(NOWHERE, "1"), Optional.of(unit), Optional.empty())));
    }

    @Provide
    Arbitrary<SqlExpression> expressions() {
        return expressions(4);
    }

    private Arbitrary<SqlExpression> expressions(int depth) {
        if (depth == 0) {
            return leaves();
        }
        Arbitrary<SqlExpression> one = expressions(depth - 1);
        Arbitrary<Boolean> flag = Arbitraries.of(true, false);
        return Arbitraries.lazyOf(this::leaves,
                () -> Combinators.combine(Arbitraries.of(BinaryOperator.values()), one, one)
                        .as((operator, left, right) -> new SqlExpression.Binary(NOWHERE, operator, left, right)),
                () -> Combinators.combine(Arbitraries.of(SqlExpression.UnaryOperator.values()), one)
                        .as((operator, operand) -> new SqlExpression.Unary(NOWHERE, operator, operand)),
                () -> one.list().ofMinSize(2).ofMaxSize(3).map(list -> new SqlExpression.And(NOWHERE, list)),
                () -> one.list().ofMinSize(2).ofMaxSize(3).map(list -> new SqlExpression.Or(NOWHERE, list)),
                () -> one.map(operand -> new SqlExpression.Not(NOWHERE, operand)),
                () -> Combinators.combine(one, flag)
                        .as((operand, negated) -> new SqlExpression.IsNull(NOWHERE, operand, negated)),
                () -> Combinators.combine(one, Arbitraries.of(SqlExpression.Truth.values()), flag)
                        .as((operand, truth, negated) -> new SqlExpression.IsTruth(NOWHERE, operand, truth, negated)),
                () -> Combinators.combine(one, one, flag)
                        .as((left, right, negated) -> new SqlExpression.IsDistinct(NOWHERE, left, right, negated)),
                () -> Combinators.combine(one, one, one, flag, flag)
                        .as((operand, low, high, symmetric, negated) -> new SqlExpression.Between(NOWHERE, operand, low,
                                high, symmetric, negated)),
                () -> Combinators.combine(one, one.list().ofMinSize(1).ofMaxSize(3), flag)
                        .as((operand, list, negated) -> new SqlExpression.InList(NOWHERE, operand, list, negated)),
                () -> Combinators.combine(Arbitraries.of(SqlExpression.LikeOperator.values()), one, one,
                        one.optional(), flag)
                        .as((operator, operand, pattern, escape, negated) -> new SqlExpression.Like(NOWHERE, operator,
                                operand, pattern, escape, negated)),
                () -> Combinators.combine(one, one, flag, flag)
                        .as((operand, patterns, all, negated) -> new SqlExpression.QuantifiedLike(NOWHERE,
                                SqlExpression.LikeOperator.ILIKE, operand,
                                all ? SqlExpression.Quantifier.ALL : SqlExpression.Quantifier.ANY, patterns, negated)),
                () -> Combinators.combine(one, one.list().ofMinSize(1).ofMaxSize(3))
                        .as((operand, list) -> new SqlExpression.QuantifiedCollection(NOWHERE, BinaryOperator.LESS,
                                operand, SqlExpression.Quantifier.ANY, new SqlExpression.Row(NOWHERE, list))),
                () -> one.map(operand -> new SqlExpression.FieldStar(NOWHERE, operand)),
                () -> Combinators.combine(one, types(), Arbitraries.of(SqlExpression.CastForm.values()))
                        .as((operand, type, form) -> new SqlExpression.Cast(NOWHERE, operand, type, form)),
                () -> Combinators.combine(one.optional(), one, one, one.optional())
                        .as((operand, condition, result, otherwise) -> new SqlExpression.Case(NOWHERE, operand,
                                List.of(new SqlExpression.When(NOWHERE, condition, result)), otherwise)),
                () -> calls(one, flag),
                () -> one.list().ofMaxSize(3).map(list -> new SqlExpression.Array(NOWHERE, list)),
                () -> one.list().ofMaxSize(3).map(list -> new SqlExpression.Row(NOWHERE, list)),
                () -> Combinators.combine(identifiers(), one)
                        .as((name, value) -> new SqlExpression.StructField(NOWHERE, name, value)).list().ofMaxSize(2)
                        .map(fields -> new SqlExpression.Struct(NOWHERE, fields)),
                () -> Combinators.combine(one, one)
                        .as((operand, index) -> new SqlExpression.Subscript(NOWHERE, operand, index)),
                () -> Combinators.combine(one, one.optional(), one.optional())
                        .as((operand, from, to) -> new SqlExpression.Slice(NOWHERE, operand, from, to,
                                Optional.empty())),
                () -> Combinators.combine(one, identifiers())
                        .as((operand, field) -> new SqlExpression.FieldAccess(NOWHERE, operand, field)),
                () -> Combinators.combine(one, one)
                        .as((operand, zone) -> new SqlExpression.AtTimeZone(NOWHERE, operand, zone)),
                () -> Combinators.combine(one, names())
                        .as((operand, name) -> new SqlExpression.Collate(NOWHERE, operand, name)),
                () -> Combinators.combine(identifiers(), one)
                        .as((field, source) -> new SqlExpression.Extract(NOWHERE, field, source)));
    }

    private Arbitrary<SqlExpression> calls(Arbitrary<SqlExpression> one, Arbitrary<Boolean> flag) {
        Arbitrary<Identifier> function = Arbitraries.of("avg", "hour", "replace", "first", "coalesce", "min")
                .map(name -> new Identifier(NOWHERE, name, false));
        Arbitrary<SqlExpression.Argument> argument = Combinators
                .combine(identifiers().optional(0.2), one, flag, identifiers())
                .as((name, value, lambda, variable) -> new SqlExpression.Argument(NOWHERE, name,
                        lambda && name.isEmpty() ? new SqlExpression.Lambda(NOWHERE, List.of(variable), value)
                                : value));
        Arbitrary<WindowSpecification> window = Combinators.combine(one.list().ofMaxSize(1), sortItems(one, 0))
                .as((partitionBy, orderBy) -> new WindowSpecification(NOWHERE, true, Optional.empty(), partitionBy,
                        orderBy, Optional.empty()));
        return Combinators.combine(function, flag, argument.list().ofMaxSize(2), sortItems(one, 0), one.optional(0.2),
                Arbitraries.of(SqlExpression.NullTreatment.values()), window.optional(0.2))
                .as((name, distinct, arguments, orderBy, filter, nulls, over) -> new SqlExpression.FunctionCall(NOWHERE,
                        List.of(name), distinct, arguments, orderBy, List.of(), filter, nulls, over));
    }

    private Arbitrary<List<SortItem>> sortItems(Arbitrary<SqlExpression> one, int minimum) {
        return Combinators
                .combine(one, Arbitraries.of(SortItem.Direction.values()), Arbitraries.of(SortItem.NullOrder.values()))
                .as((expression, direction, nulls) -> new SortItem(NOWHERE, expression, direction, nulls)).list()
                .ofMinSize(minimum).ofMaxSize(2);
    }

    @Provide
    Arbitrary<QueryExpression> queries() {
        return queries(2);
    }

    private Arbitrary<QueryExpression> queries(int depth) {
        Arbitrary<SqlExpression> one = expressions(1);
        Arbitrary<QueryBody> select = select(depth, one);
        Arbitrary<QueryBody> body = depth == 0 ? select
                : Arbitraries.oneOf(select, queries(depth - 1).map(query -> new QueryBody.Nested(NOWHERE, query)),
                        Combinators.combine(Arbitraries.of(QueryBody.SetOperator.values()),
                                Arbitraries.of(true, false), Arbitraries.of(true, false), select, select)
                                .as((operator, all, byName, left, right) -> new QueryBody.SetOperation(NOWHERE,
                                        operator,
                                        all, byName, left, right)));
        Arbitrary<Optional<OrderBy>> orderBy = sortItems(one, 1)
                .map(items -> (OrderBy) new OrderBy.Items(NOWHERE, items)).optional();
        Arbitrary<Optional<QueryExpression.Limit>> limit = Combinators.combine(one.optional(), one.optional())
                .as((count, offset) -> new QueryExpression.Limit(NOWHERE, limited(count), false, false,
                        limited(offset)))
                .optional();
        return Combinators.combine(body, orderBy, limit)
                .as((rows, order, count) -> new QueryExpression(NOWHERE, false, List.of(), rows, order, count));
    }

    /** LIMIT takes what binds tighter than a predicate without parentheses; a call holds anything. */
    private static Optional<SqlExpression> limited(Optional<SqlExpression> expression) {
        return expression.map(value -> new SqlExpression.Array(NOWHERE, List.of(value)));
    }

    private Arbitrary<QueryBody> select(int depth, Arbitrary<SqlExpression> one) {
        Arbitrary<QueryBody.SelectItem> item = Combinators.combine(one, identifiers().optional())
                .as((expression, alias) -> new QueryBody.SelectItem(NOWHERE, expression, alias, ""));
        Arbitrary<GroupBy> groupBy = Combinators
                .combine(Arbitraries.of(true, false), one.list().ofMinSize(1).ofMaxSize(2))
                .as((each, list) -> new GroupBy.Items(NOWHERE, each,
                        list.stream().map(
                                expression -> (GroupingElement) new GroupingElement.Expression(NOWHERE, expression))
                                .toList()));
        return Combinators
                .combine(Arbitraries.of(true, false), item.list().ofMinSize(1).ofMaxSize(3),
                        tables(depth).list().ofMaxSize(2), one.optional(), groupBy.optional(), one.optional(),
                        one.optional(0.2))
                .as((distinct, items, from, where, grouping, having, qualify) -> new QueryBody.Select(NOWHERE, distinct,
                        List.of(), items, from, where, grouping, having, List.of(), qualify, Optional.empty()));
    }

    private Arbitrary<TableReference> tables(int depth) {
        Arbitrary<TableReference> named = names().map(name -> new TableReference.Named(NOWHERE, name));
        if (depth == 0) {
            return Arbitraries.oneOf(named,
                    Arbitraries.of("x.zarr", "it's").map(path -> new TableReference.Path(NOWHERE, path)));
        }
        Arbitrary<TableReference> inner = tables(depth - 1);
        return Arbitraries.oneOf(named,
                Combinators.combine(inner, identifiers(), identifiers().list().ofMaxSize(2))
                        .as((table, alias, columns) -> new TableReference.Aliased(NOWHERE,
                                table instanceof TableReference.Aliased ? ((TableReference.Aliased) table).table()
                                        : table,
                                alias, columns)),
                queries(depth - 1).map(query -> new TableReference.Subquery(NOWHERE, false, query)),
                Combinators
                        .combine(inner, inner,
                                Arbitraries.of(TableReference.JoinType.INNER, TableReference.JoinType.LEFT,
                                        TableReference.JoinType.SEMI, TableReference.JoinType.ASOF),
                                identifiers().list().ofMinSize(1).ofMaxSize(2))
                        .as((left, right, type, columns) -> new TableReference.Join(NOWHERE, left, right, type,
                                new TableReference.JoinCondition.Using(NOWHERE, columns))));
    }
}
