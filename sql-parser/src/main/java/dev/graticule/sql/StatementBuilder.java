package dev.graticule.sql;

import dev.graticule.sql.GraticuleParser.StatementContext;
import dev.graticule.sql.Statement.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Makes one statement of its parse tree. */
final class StatementBuilder extends GraticuleParserBaseVisitor<Statement> {

    private final SourceText source;
    private final NameBuilder names;
    private final QueryBuilder queries;
    private final ExpressionBuilder expressions;

    StatementBuilder(SourceText source) {
        this.source = source;
        this.names = new NameBuilder(source);
        this.queries = new QueryBuilder(source, names);
        this.expressions = queries.expressions();
    }

    Statement statement(StatementContext context) {
        return context.accept(this);
    }

    private Position position(ParserRuleContext context) {
        return source.position(context);
    }

    @Override
    public Statement visitQueryStatement(GraticuleParser.QueryStatementContext context) {
        return new Statement.Query(position(context), queries.query(context.query()));
    }

    @Override
    public Statement visitExplain(GraticuleParser.ExplainContext context) {
        List<Statement.Option> options = new ArrayList<>();
        if (context.VERBOSE() != null) {
            Position verbose = source.position(context.VERBOSE().getSymbol());
            options.add(new Statement.Option(verbose, "verbose", new SqlExpression.BooleanLiteral(verbose, true)));
        }
        if (context.FORMAT() != null) {
            Identifier format = names.identifier(context.label());
            options.add(new Statement.Option(source.position(context.FORMAT().getSymbol(), context.label().getStop()),
                    "format", new SqlExpression.Name(format.position(), List.of(format))));
        }
        options.addAll(options(context.optionList()));
        return new Statement.Explain(position(context), context.ANALYZE() != null, List.copyOf(options),
                statement(context.statement()));
    }

    // ---- definition

    @Override
    public Statement visitCreate(GraticuleParser.CreateContext context) {
        boolean orReplace = context.OR() != null;
        boolean temporary = context.TEMP() != null || context.TEMPORARY() != null;
        if (context.createTable() != null) {
            return createTable(context.createTable(), position(context), orReplace, temporary);
        }
        GraticuleParser.CreateViewContext view = context.createView();
        return new Statement.CreateView(position(context), orReplace, temporary, view.IF() != null,
                names.parts(view.qualifiedName()), names.columnNames(view.columnNames()),
                queries.query(view.query()));
    }

    private Statement createTable(GraticuleParser.CreateTableContext context, Position position, boolean orReplace,
            boolean temporary) {
        Optional<Identifier> format = Optional.empty();
        Optional<String> location = Optional.empty();
        List<Statement.Option> options = new ArrayList<>();
        for (GraticuleParser.TableClauseContext clause : context.tableClause()) {
            if (clause.LOCATION() != null) {
                location = Optional.of(names.string(clause.string()));
            } else if (clause.identifier() != null) {
                format = Optional.of(names.identifier(clause.identifier()));
            } else {
                options.addAll(options(clause.optionList()));
            }
        }
        List<Identifier> name = names.parts(context.qualifiedName());
        boolean ifNotExists = context.IF() != null;
        if (context.query() == null) {
            return new Statement.CreateTable(position, orReplace, temporary, context.EXTERNAL() != null,
                    ifNotExists, name, context.columnDefinition().stream().map(this::column).toList(), format,
                    location, List.copyOf(options));
        }
        if (!context.tableClause().isEmpty() || context.EXTERNAL() != null) {
            ParserRuleContext wrong = context.tableClause().isEmpty() ? context : context.tableClause(0);
            throw new SyntaxException("A table made by AS has no STORED AS, LOCATION or OPTIONS.", position(wrong),
                    "Use COPY (query) TO 'path' to write a file.", List.of());
        }
        for (GraticuleParser.ColumnDefinitionContext column : context.columnDefinition()) {
            if (column.typeName() != null || !column.columnConstraint().isEmpty()) {
                throw new SyntaxException("Columns of a table made by AS take names only.", position(column),
                        "Give the type in the query with CAST.", List.of());
            }
        }
        return new Statement.CreateTableAs(position, orReplace, temporary, ifNotExists, name,
                context.columnDefinition().stream().map(column -> names.identifier(column.label())).toList(),
                queries.query(context.query()), context.NO() == null);
    }

    private Statement.ColumnDefinition column(GraticuleParser.ColumnDefinitionContext context) {
        if (context.typeName() == null) {
            throw new SyntaxException("Column " + context.label().getText() + " needs a type.", position(context), "",
                    List.of("a type"));
        }
        boolean notNull = false;
        boolean primaryKey = false;
        boolean unique = false;
        Optional<SqlExpression> defaultValue = Optional.empty();
        for (GraticuleParser.ColumnConstraintContext constraint : context.columnConstraint()) {
            notNull |= constraint.NOT() != null;
            primaryKey |= constraint.PRIMARY() != null;
            unique |= constraint.UNIQUE() != null;
            if (constraint.DEFAULT() != null) {
                defaultValue = Optional.of(expressions.expression(constraint.valueExpression()));
            }
        }
        return new Statement.ColumnDefinition(position(context), names.identifier(context.label()),
                names.type(context.typeName()), notNull, primaryKey, unique, defaultValue);
    }

    @Override
    public Statement visitDrop(GraticuleParser.DropContext context) {
        Statement.DropKind kind = Statement.DropKind.SCHEMA;
        if (context.TABLE() != null) {
            kind = Statement.DropKind.TABLE;
        } else if (context.VIEW() != null) {
            kind = Statement.DropKind.VIEW;
        }
        return new Statement.Drop(position(context), kind, context.IF() != null,
                context.qualifiedName().stream().map(names::parts).toList(), context.CASCADE() != null);
    }

    private List<Statement.Option> options(GraticuleParser.OptionListContext context) {
        return context == null ? List.of() : context.option().stream().map(this::option).toList();
    }

    private Statement.Option option(GraticuleParser.OptionContext context) {
        GraticuleParser.OptionKeyContext key = context.optionKey();
        String name = key.STRING() == null
                ? String.join(".", names.parts(key).stream().map(Identifier::name).toList())
                : NameBuilder.plain(key.getText());
        SqlExpression value = context.expression() == null
                ? new SqlExpression.BooleanLiteral(position(context), true)
                : expressions.expression(context.expression());
        if (value instanceof SqlExpression.Row row) {
            value = new SqlExpression.Array(row.position(), row.elements());
        }
        return new Statement.Option(position(context), name, value);
    }

    // ---- looking at things

    @Override
    public Statement visitLookStatement(GraticuleParser.LookStatementContext context) {
        return queries.looks().look(context.look());
    }

    // ---- stores, files, session

    @Override
    public Statement visitAttach(GraticuleParser.AttachContext context) {
        return new Statement.Attach(position(context), context.OR() != null, context.IF() != null,
                names.string(context.string()),
                context.identifier() == null ? Optional.empty() : Optional.of(names.identifier(context.identifier())),
                options(context.optionList()));
    }

    @Override
    public Statement visitDetach(GraticuleParser.DetachContext context) {
        return new Statement.Detach(position(context), context.IF() != null, names.identifier(context.identifier()));
    }

    @Override
    public Statement visitCopy(GraticuleParser.CopyContext context) {
        GraticuleParser.CopySourceContext from = context.copySource();
        Statement.Relation relation = from.query() != null
                ? new Statement.Relation.Subquery(position(from), queries.query(from.query()))
                : from.string() != null ? new Statement.Relation.Path(position(from), names.string(from.string()))
                        : new Statement.Relation.Table(position(from), names.parts(from.qualifiedName()));
        List<Statement.Option> options = new ArrayList<>();
        for (GraticuleParser.CopyClauseContext clause : context.copyClause()) {
            if (clause.identifier() != null) {
                Identifier format = names.identifier(clause.identifier());
                options.add(new Statement.Option(position(clause), "format",
                        new SqlExpression.Name(format.position(), List.of(format))));
            } else {
                options.addAll(options(clause.optionList()));
            }
        }
        return new Statement.Copy(position(context), relation, names.columnNames(from.columnNames()),
                names.string(context.string()), List.copyOf(options));
    }

    @Override
    public Statement visitSetOption(GraticuleParser.SetOptionContext context) {
        List<Identifier> name;
        if (context.qualifiedName() == null) {
            Position words = source.position(context.TIME().getSymbol(), context.ZONE().getSymbol());
            name = List.of(new Identifier(words, "timezone", false));
        } else {
            name = names.parts(context.qualifiedName());
        }
        Scope scope = scope(context.SESSION(), context.LOCAL(), context.GLOBAL());
        if (context.settingValue().size() == 1 && context.settingValue(0).DEFAULT() != null) {
            return new Statement.ResetOption(position(context), scope, name);
        }
        return new Statement.SetOption(position(context), scope, name,
                context.settingValue().stream().map(this::settingValue).toList());
    }

    private SqlExpression settingValue(GraticuleParser.SettingValueContext context) {
        if (context.expression() != null) {
            return expressions.expression(context.expression());
        }
        return new SqlExpression.Name(position(context), List.of(new Identifier(position(context),
                context.getText().toLowerCase(Locale.ROOT), false)));
    }

    @Override
    public Statement visitResetOption(GraticuleParser.ResetOptionContext context) {
        return new Statement.ResetOption(position(context),
                scope(context.SESSION(), context.LOCAL(), context.GLOBAL()),
                names.partsIfAny(context.qualifiedName()));
    }

    private static Scope scope(TerminalNode session, TerminalNode local, TerminalNode global) {
        if (session != null) {
            return Scope.SESSION;
        }
        if (local != null) {
            return Scope.LOCAL;
        }
        return global == null ? Scope.DEFAULT : Scope.GLOBAL;
    }

    @Override
    public Statement visitPrepare(GraticuleParser.PrepareContext context) {
        return new Statement.Prepare(position(context), names.identifier(context.identifier()),
                context.typeName().stream().map(names::type).toList(),
                statement(context.statement()));
    }

    @Override
    public Statement visitExecute(GraticuleParser.ExecuteContext context) {
        return new Statement.Execute(position(context), names.identifier(context.identifier()),
                context.argument().stream().map(expressions.calls()::argument).toList());
    }

    @Override
    public Statement visitDeallocate(GraticuleParser.DeallocateContext context) {
        return new Statement.Deallocate(position(context), names.identifier(context.identifier()));
    }

    @Override
    public Statement visitUse(GraticuleParser.UseContext context) {
        return new Statement.Use(position(context), names.parts(context.qualifiedName()));
    }

    // ---- changing rows

    @Override
    public Statement visitInsert(GraticuleParser.InsertContext context) {
        return new Statement.Insert(position(context), names.parts(context.qualifiedName()),
                names.columnNames(context.columnNames()),
                context.query() == null ? Optional.empty() : Optional.of(queries.query(context.query())));
    }

    @Override
    public Statement visitUpdate(GraticuleParser.UpdateContext context) {
        return new Statement.Update(position(context), names.parts(context.qualifiedName()),
                context.assignment().stream().map(assignment -> new Statement.Assignment(position(assignment),
                        names.identifier(assignment.label()), expressions.expression(assignment.expression())))
                        .toList(),
                where(context.where()));
    }

    @Override
    public Statement visitDelete(GraticuleParser.DeleteContext context) {
        return new Statement.Delete(position(context), names.parts(context.qualifiedName()), where(context.where()));
    }

    private Optional<SqlExpression> where(GraticuleParser.WhereContext context) {
        return context == null ? Optional.empty() : expressions.optional(context.expression());
    }
}
