package dev.graticule.sql;

import dev.graticule.sql.QueryBody.SelectItem;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;

/** Makes the statements that look at tables of the parse tree: SHOW, DESCRIBE, SUMMARIZE. */
final class LookBuilder extends GraticuleParserBaseVisitor<Statement.Look> {

    private final SourceText source;
    private final NameBuilder names;
    private final QueryBuilder queries;

    LookBuilder(SourceText source, NameBuilder names, QueryBuilder queries) {
        this.source = source;
        this.names = names;
        this.queries = queries;
    }

    Statement.Look look(GraticuleParser.LookContext context) {
        return context.accept(this);
    }

    private Position position(ParserRuleContext context) {
        return source.position(context);
    }

    @Override
    public Statement.Look visitShow(GraticuleParser.ShowContext context) {
        Position position = position(context);
        if (context.TABLES() != null) {
            return new Statement.ShowTables(position, context.ALL() != null,
                    names.partsIfAny(context.qualifiedName()));
        }
        if (context.COLUMNS() != null) {
            return new Statement.ShowColumns(position, relation(context.relation()));
        }
        if (context.FUNCTIONS() != null) {
            return new Statement.ShowFunctions(position);
        }
        if (context.query() != null) {
            return new Statement.Describe(position, relation(context.query()));
        }
        return context.ALL() == null ? new Statement.Show(position, names.parts(context.qualifiedName()))
                : new Statement.ShowAll(position);
    }

    @Override
    public Statement.Look visitDescribe(GraticuleParser.DescribeContext context) {
        if (context.relation() == null) {
            return new Statement.ShowTables(position(context), false, List.of());
        }
        return new Statement.Describe(position(context), relation(context.relation()));
    }

    @Override
    public Statement.Look visitSummarize(GraticuleParser.SummarizeContext context) {
        return new Statement.Summarize(position(context), relation(context.relation()));
    }

    private Statement.Relation relation(GraticuleParser.RelationContext context) {
        Position position = position(context);
        if (context.query() != null) {
            return relation(context.query());
        }
        if (context.string() != null) {
            return new Statement.Relation.Path(position, names.string(context.string()));
        }
        List<Identifier> name = queries.name(context.functionName(), context.part());
        if (context.tableArguments() != null) {
            SelectItem everything = new SelectItem(position,
                    new SqlExpression.Star(position, List.of(), List.of(), List.of(), List.of(), Optional.empty()),
                    Optional.empty(), "*");
            QueryBody body = new QueryBody.Select(position, false, List.of(), List.of(everything),
                    List.of(queries.function(name, context.tableArguments(), position, false)), Optional.empty(),
                    Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Optional.empty());
            return new Statement.Relation.Subquery(position, new QueryExpression(position, false, List.of(), body,
                    Optional.empty(), Optional.empty()));
        }
        return new Statement.Relation.Table(position, name);
    }

    private Statement.Relation relation(GraticuleParser.QueryContext context) {
        QueryExpression query = queries.query(context);
        if (query.body() instanceof QueryBody.TableRows rows && query.with().isEmpty() && query.orderBy().isEmpty()
                && query.limit().isEmpty()) {
            return new Statement.Relation.Table(position(context), rows.name());
        }
        return new Statement.Relation.Subquery(position(context), query);
    }
}
