package dev.graticule.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Prints a tree back as SQL: on one line, with every operator in parentheses. Parsing what is printed gives the same tree,
 * positions and the texts of select items aside.
 */
public final class AstPrinter {

    private AstPrinter() {
    }

    /** The statement as SQL, without a semicolon. */
    public static String toSql(Statement statement) {
        return switch (statement) {
            case Statement.Query query -> toSql(query.query());
            case Statement.Explain explain -> "EXPLAIN " + when(explain.analyze(), "ANALYZE ")
                    + options("", explain.options(), " ") + toSql(explain.statement());
            case Statement.CreateTable create -> createTable(create);
            case Statement.CreateTableAs create -> "CREATE " + when(create.orReplace(), "OR REPLACE ")
                    + when(create.temporary(), "TEMPORARY ") + "TABLE " + when(create.ifNotExists(), "IF NOT EXISTS ")
                    + dotted(create.name()) + columns(create.columns()) + " AS " + toSql(create.query())
                    + when(!create.withData(), " WITH NO DATA");
            case Statement.CreateView create -> "CREATE " + when(create.orReplace(), "OR REPLACE ")
                    + when(create.temporary(), "TEMPORARY ") + "VIEW " + when(create.ifNotExists(), "IF NOT EXISTS ")
                    + dotted(create.name()) + columns(create.columns()) + " AS " + toSql(create.query());
            case Statement.Drop drop -> "DROP " + drop.kind() + " " + when(drop.ifExists(), "IF EXISTS ")
                    + joined(drop.names(), AstPrinter::dotted) + when(drop.cascade(), " CASCADE");
            case Statement.ShowTables show -> "SHOW " + when(show.all(), "ALL ") + "TABLES"
                    + when(!show.schema().isEmpty(), " FROM " + dotted(show.schema()));
            case Statement.ShowColumns show -> "SHOW COLUMNS FROM " + relation(show.table());
            case Statement.ShowFunctions _ -> "SHOW FUNCTIONS";
            case Statement.ShowAll _ -> "SHOW ALL";
            case Statement.Show show -> "SHOW " + dotted(show.name());
            case Statement.Describe describe -> "DESCRIBE " + relation(describe.relation());
            case Statement.Summarize summarize -> "SUMMARIZE " + relation(summarize.relation());
            case Statement.Attach attach ->
                "ATTACH " + when(attach.orReplace(), "OR REPLACE ") + when(attach.ifNotExists(), "IF NOT EXISTS ")
                        + string(attach.path()) + attach.alias().map(alias -> " AS " + name(alias)).orElse("")
                        + options(" ", attach.options(), "");
            case Statement.Detach detach -> "DETACH DATABASE " + when(detach.ifExists(), "IF EXISTS ")
                    + name(detach.name());
            case Statement.Copy copy -> "COPY " + copySource(copy) + " TO " + string(copy.path())
                    + options(" ", copy.options(), "");
            case Statement.SetOption set -> "SET " + scope(set.scope()) + dotted(set.name()) + " = "
                    + joined(set.values(), AstPrinter::toSql);
            case Statement.ResetOption reset -> "RESET " + scope(reset.scope())
                    + (reset.name().isEmpty() ? "ALL" : dotted(reset.name()));
            case Statement.Prepare prepare -> "PREPARE " + name(prepare.name())
                    + when(!prepare.types().isEmpty(), " (" + joined(prepare.types(), AstPrinter::type) + ")") + " AS "
                    + toSql(prepare.statement());
            case Statement.Execute execute -> "EXECUTE " + name(execute.name()) + when(
                    !execute.arguments().isEmpty(),
                    "(" + joined(execute.arguments(), ExpressionPrinter::argument) + ")");
            case Statement.Deallocate deallocate -> "DEALLOCATE " + name(deallocate.name());
            case Statement.Use use -> "USE " + dotted(use.name());
            case Statement.Insert insert -> "INSERT INTO " + dotted(insert.table()) + columns(insert.columns()) + " "
                    + insert.query().map(AstPrinter::toSql).orElse("DEFAULT VALUES");
            case Statement.Update update -> "UPDATE " + dotted(update.table()) + " SET "
                    + joined(update.assignments(), item -> name(item.column()) + " = " + toSql(item.value()))
                    + clause(" WHERE ", update.where());
            case Statement.Delete delete -> "DELETE FROM " + dotted(delete.table())
                    + clause(" WHERE ", delete.where());
        };
    }

    /** The query as SQL, without parentheses around it. */
    public static String toSql(QueryExpression query) {
        StringBuilder text = new StringBuilder();
        if (!query.with().isEmpty()) {
            text.append("WITH ").append(when(query.recursive(), "RECURSIVE "))
                    .append(joined(query.with(), AstPrinter::commonTable)).append(' ');
        }
        text.append(body(query.body()));
        query.orderBy().ifPresent(orderBy -> text.append(" ORDER BY ").append(switch (orderBy) {
            case OrderBy.Items items -> joined(items.items(), AstPrinter::sortItem);
            case OrderBy.All all -> "ALL" + order(all.direction(), all.nullOrder());
        }));
        query.limit().ifPresent(limit -> text.append(limit(limit)));
        return text.toString();
    }

    /** The expression as SQL. */
    public static String toSql(SqlExpression expression) {
        return ExpressionPrinter.text(expression);
    }

    // ---- statements

    private static String createTable(Statement.CreateTable create) {
        StringBuilder text = new StringBuilder("CREATE ");
        text.append(when(create.orReplace(), "OR REPLACE ")).append(when(create.temporary(), "TEMPORARY "))
                .append(when(create.external(), "EXTERNAL ")).append("TABLE ")
                .append(when(create.ifNotExists(), "IF NOT EXISTS ")).append(dotted(create.name()));
        if (!create.columns().isEmpty()) {
            text.append(" (").append(joined(create.columns(), AstPrinter::column)).append(')');
        }
        create.format().ifPresent(format -> text.append(" STORED AS ").append(name(format)));
        create.location().ifPresent(location -> text.append(" LOCATION ").append(string(location)));
        return text.append(options(" OPTIONS ", create.options(), "")).toString();
    }

    private static String column(Statement.ColumnDefinition column) {
        return name(column.name()) + " " + type(column.type()) + when(column.notNull(), " NOT NULL")
                + when(column.primaryKey(), " PRIMARY KEY") + when(column.unique(), " UNIQUE")
                + clause(" DEFAULT ", column.defaultValue());
    }

    private static String options(String before, List<Statement.Option> options, String after) {
        return options.isEmpty() ? ""
                : before + "(" + joined(options, option -> string(option.key()) + " = " + toSql(option.value())) + ")"
                        + after;
    }

    private static String relation(Statement.Relation relation) {
        return switch (relation) {
            case Statement.Relation.Table table -> dotted(table.name());
            case Statement.Relation.Path path -> string(path.path());
            case Statement.Relation.Subquery subquery -> toSql(subquery.query());
        };
    }

    private static String copySource(Statement.Copy copy) {
        return switch (copy.source()) {
            case Statement.Relation.Subquery subquery -> "(" + toSql(subquery.query()) + ")";
            case Statement.Relation.Table table -> dotted(table.name()) + columns(copy.columns());
            case Statement.Relation.Path path -> string(path.path()) + columns(copy.columns());
        };
    }

    private static String scope(Statement.Scope scope) {
        return scope == Statement.Scope.DEFAULT ? "" : scope + " ";
    }

    // ---- queries

    private static String commonTable(QueryExpression.CommonTable table) {
        String materialization = switch (table.materialization()) {
            case DEFAULT -> "";
            case MATERIALIZED -> "MATERIALIZED ";
            case NOT_MATERIALIZED -> "NOT MATERIALIZED ";
        };
        return name(table.name()) + columns(table.columns())
                + when(!table.key().isEmpty(), " USING KEY (" + joined(table.key(), AstPrinter::toSql) + ")") + " AS "
                + materialization + "(" + toSql(table.query()) + ")"
                + table.search().map(search -> " SEARCH " + (search.depthFirst() ? "DEPTH" : "BREADTH") + " FIRST BY "
                        + joined(search.columns(), AstPrinter::name) + " SET " + name(search.order())).orElse("")
                + table.cycle().map(cycle -> " CYCLE " + joined(cycle.columns(), AstPrinter::name) + " SET "
                        + name(cycle.mark()) + clause(" TO ", cycle.marked()) + clause(" DEFAULT ", cycle.unmarked())
                        + " USING " + name(cycle.path())).orElse("");
    }

    private static String limit(QueryExpression.Limit limit) {
        String offset = clause(" OFFSET ", limit.offset());
        if (limit.withTies()) {
            return offset + " FETCH FIRST " + limit.count().map(AstPrinter::toSql).orElse("1")
                    + when(limit.percent(), " PERCENT") + " ROWS WITH TIES";
        }
        if (limit.count().isEmpty() && limit.offset().isPresent()) {
            return offset;
        }
        return " LIMIT " + limit.count().map(AstPrinter::toSql).orElse("ALL") + when(limit.percent(), " PERCENT")
                + offset;
    }

    private static String body(QueryBody body) {
        return switch (body) {
            case QueryBody.Select select -> select(select);
            case QueryBody.Values values -> "VALUES "
                    + joined(values.rows(), row -> "(" + joined(row, AstPrinter::toSql) + ")");
            case QueryBody.TableRows table -> "TABLE " + dotted(table.name());
            case QueryBody.Look look -> toSql(look.statement());
            case QueryBody.Nested nested -> "(" + toSql(nested.query()) + ")";
            case QueryBody.SetOperation operation -> body(operation.left()) + " " + operation.operator()
                    + when(operation.all(), " ALL") + when(operation.byName(), " BY NAME") + " "
                    + body(operation.right());
        };
    }

    private static String select(QueryBody.Select select) {
        StringBuilder text = new StringBuilder("SELECT ");
        text.append(when(select.distinct(), "DISTINCT "));
        if (!select.distinctOn().isEmpty()) {
            text.append("ON (").append(joined(select.distinctOn(), AstPrinter::toSql)).append(") ");
        }
        text.append(joined(select.items(), item -> toSql(item.expression())
                + item.alias().map(alias -> " AS " + name(alias)).orElse("")));
        if (!select.from().isEmpty()) {
            text.append(" FROM ").append(joined(select.from(), AstPrinter::table));
        }
        text.append(clause(" WHERE ", select.where()));
        select.groupBy().ifPresent(groupBy -> text.append(" GROUP BY ").append(switch (groupBy) {
            case GroupBy.All _ -> "ALL";
            case GroupBy.Items items ->
                when(items.distinct(), "DISTINCT ") + joined(items.elements(), AstPrinter::grouping);
        }));
        text.append(clause(" HAVING ", select.having()));
        if (!select.windows().isEmpty()) {
            text.append(" WINDOW ").append(
                    joined(select.windows(), window -> name(window.name()) + " AS " + window(window.window())));
        }
        text.append(clause(" QUALIFY ", select.qualify()));
        select.sample().ifPresent(sample -> text.append(" USING SAMPLE ").append(sample(sample)));
        return text.toString();
    }

    private static String grouping(GroupingElement element) {
        return switch (element) {
            case GroupingElement.Expression single -> toSql(single.expression());
            case GroupingElement.Empty _ -> "()";
            case GroupingElement.Rollup rollup -> "ROLLUP (" + joined(rollup.elements(), AstPrinter::grouping) + ")";
            case GroupingElement.Cube cube -> "CUBE (" + joined(cube.elements(), AstPrinter::grouping) + ")";
            case GroupingElement.GroupingSets sets -> "GROUPING SETS ("
                    + joined(sets.elements(), AstPrinter::grouping) + ")";
        };
    }

    private static String table(TableReference table) {
        return switch (table) {
            case TableReference.Named named -> dotted(named.name());
            case TableReference.Path path -> string(path.path());
            case TableReference.Subquery subquery -> when(subquery.lateral(), "LATERAL ") + "("
                    + toSql(subquery.query()) + ")";
            case TableReference.Function function -> when(function.lateral(), "LATERAL ") + dotted(function.name())
                    + "(" + joined(function.arguments(), ExpressionPrinter::argument) + ")"
                    + when(function.withOrdinality(), " WITH ORDINALITY");
            case TableReference.Join join -> "(" + join(join) + ")";
            case TableReference.Aliased aliased -> table(aliased.table()) + " AS " + name(aliased.alias())
                    + columns(aliased.columns());
            case TableReference.Sampled sampled -> table(sampled.table()) + " TABLESAMPLE " + sample(sampled.sample());
        };
    }

    private static String join(TableReference.Join join) {
        String condition = switch (join.condition()) {
            case TableReference.JoinCondition.None _,TableReference.JoinCondition.Natural _ -> "";
            case TableReference.JoinCondition.On on -> " ON " + toSql(on.predicate());
            case TableReference.JoinCondition.Using using -> " USING " + columns(using.columns()).trim();
        };
        boolean natural = join.condition() instanceof TableReference.JoinCondition.Natural;
        return table(join.left()) + when(natural, " NATURAL") + " " + join.type().name().replace('_', ' ') + " JOIN "
                + table(join.right()) + condition;
    }

    private static String sample(Sample sample) {
        String amount = (sample.size() instanceof SqlExpression.NumberLiteral
                || sample.size() instanceof SqlExpression.Parameter ? toSql(sample.size())
                        : "(" + toSql(sample.size()) + ")")
                + switch (sample.unit()) {
                    case DEFAULT -> "";
                    case ROWS -> " ROWS";
                    case PERCENT -> " PERCENT";
                };
        return sample.method().map(method -> name(method) + "(" + amount + ")").orElse(amount)
                + sample.seed().map(seed -> " REPEATABLE (" + toSql(seed) + ")").orElse("");
    }

    static String window(WindowSpecification window) {
        if (!window.parenthesised()) {
            return window.base().map(AstPrinter::name).orElseThrow();
        }
        List<String> parts = new ArrayList<>();
        window.base().ifPresent(base -> parts.add(name(base)));
        if (!window.partitionBy().isEmpty()) {
            parts.add("PARTITION BY " + joined(window.partitionBy(), AstPrinter::toSql));
        }
        if (!window.orderBy().isEmpty()) {
            parts.add("ORDER BY " + joined(window.orderBy(), AstPrinter::sortItem));
        }
        window.frame().ifPresent(frame -> parts.add(frame.unit() + " BETWEEN " + bound(frame.start()) + " AND "
                + bound(frame.end()) + " EXCLUDE " + frame.exclusion().name().replace('_', ' ')));
        return "(" + String.join(" ", parts) + ")";
    }

    private static String bound(WindowSpecification.FrameBound bound) {
        return switch (bound) {
            case WindowSpecification.FrameBound.UnboundedPreceding _ -> "UNBOUNDED PRECEDING";
            case WindowSpecification.FrameBound.Preceding preceding -> toSql(preceding.offset()) + " PRECEDING";
            case WindowSpecification.FrameBound.CurrentRow _ -> "CURRENT ROW";
            case WindowSpecification.FrameBound.Following following -> toSql(following.offset()) + " FOLLOWING";
            case WindowSpecification.FrameBound.UnboundedFollowing _ -> "UNBOUNDED FOLLOWING";
        };
    }

    static String sortItem(SortItem item) {
        return toSql(item.expression()) + order(item.direction(), item.nullOrder());
    }

    private static String order(SortItem.Direction direction, SortItem.NullOrder nullOrder) {
        return switch (direction) {
            case DEFAULT -> "";
            case ASCENDING -> " ASC";
            case DESCENDING -> " DESC";
        } + switch (nullOrder) {
            case DEFAULT -> "";
            case FIRST -> " NULLS FIRST";
            case LAST -> " NULLS LAST";
        };
    }

    // ---- names, types, pieces

    static String type(TypeName type) {
        return switch (type) {
            case TypeName.Simple simple -> simple(simple);
            case TypeName.Array array -> type(array.element()) + "[" + (array.size() < 0 ? "" : array.size()) + "]";
            case TypeName.Struct struct -> "STRUCT("
                    + joined(struct.fields(), field -> name(field.name()) + " " + type(field.type())) + ")";
            case TypeName.Union union -> "UNION("
                    + joined(union.members(), field -> name(field.name()) + " " + type(field.type())) + ")";
            case TypeName.Enumeration enumeration -> "ENUM(" + joined(enumeration.values(), AstPrinter::string) + ")";
            case TypeName.Map map -> "MAP(" + type(map.key()) + ", " + type(map.value()) + ")";
        };
    }

    /** The arguments of TIMESTAMP (3) WITH TIME ZONE stand after its first word. */
    private static String simple(TypeName.Simple type) {
        String modifiers = type.modifiers().isEmpty() ? "" : "(" + joined(type.modifiers(), String::valueOf) + ")";
        boolean plain = type.name().chars().allMatch(c -> c == ' ' || c == '_' || c == '.'
                || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z');
        if (!plain) {
            return "\"" + type.name().replace("\"", "\"\"") + "\"" + modifiers;
        }
        int space = type.name().indexOf(" WITH");
        if (space < 0) {
            space = type.name().indexOf(" UNSIGNED");
        }
        return space < 0 ? type.name() + modifiers
                : type.name().substring(0, space) + modifiers + type.name().substring(space);
    }

    static String name(Identifier identifier) {
        return identifier.quoted() ? "\"" + identifier.name().replace("\"", "\"\"") + "\"" : identifier.name();
    }

    static String dotted(List<Identifier> parts) {
        return parts.stream().map(AstPrinter::name).collect(Collectors.joining("."));
    }

    static String string(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    private static String columns(List<Identifier> columns) {
        return columns.isEmpty() ? "" : " (" + joined(columns, AstPrinter::name) + ")";
    }

    private static String clause(String before, Optional<SqlExpression> expression) {
        return expression.map(value -> before + toSql(value)).orElse("");
    }

    static String when(boolean condition, String text) {
        return condition ? text : "";
    }

    static <T> String joined(List<T> items, Function<? super T, String> text) {
        return items.stream().map(text).collect(Collectors.joining(", "));
    }
}
