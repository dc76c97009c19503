package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.QueryOptions;
import dev.graticule.aggregate.Aggregates;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expressions;
import dev.graticule.function.Functions;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.spi.Dataset;
import dev.graticule.spi.NearestName;
import dev.graticule.spi.Table;
import dev.graticule.sql.Identifier;
import dev.graticule.sql.Position;
import dev.graticule.sql.QueryBody;
import dev.graticule.sql.QueryExpression;
import dev.graticule.sql.SqlExpression;
import dev.graticule.sql.SqlNode;
import dev.graticule.sql.Statement;
import dev.graticule.sql.TableReference;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Binds one statement: resolves its names and types against a session's tables. Every error that a user can make in a query is
 * raised here. Nothing is read but metadata, and the coordinates that {@code nearest} asks for.
 */
public final class BindStatement {
    private final Session session;
    private final BindContext context;

    /**
     * @param options what the query runs with
     * @param allocator for what is read while binding; it holds nothing afterwards
     */
    public BindStatement(Session session, QueryOptions options, Parameters parameters, BufferAllocator allocator) {
        this.session = session;
        this.context = new BindContext(session, options, parameters, allocator);
    }

    /** What is allowed in the statement and probably not meant. */
    public List<String> notices() {
        return context.notices();
    }

    public BoundStatement bind(Statement statement) {
        context.parameters().check(statement, null);
        return switch (bound(statement)) {
            case BoundStatement.Rows rows -> new BoundStatement.Rows(BindNulls.fix(rows.plan()));
            case BoundStatement.Explain explain ->
                new BoundStatement.Explain(BindNulls.fix(explain.plan()), explain.analyze());
            case BoundStatement.Derived derived ->
                new BoundStatement.Derived(BindNulls.fix(derived.plan()), derived.result());
            case BoundStatement.Copy copy -> new BoundStatement.Copy(BindNulls.fix(copy.plan()), copy.format(),
                    copy.writer(), copy.target(), copy.location());
            case BoundStatement.Effect effect -> effect;
        };
    }

    private BoundStatement bound(Statement statement) {
        return switch (statement) {
            case Statement.Query query -> new BoundStatement.Rows(query(query.query()));
            case Statement.Explain explain -> explain(explain);
            case Statement.CreateTable create -> createTable(create);
            case Statement.CreateView create -> createView(create);
            case Statement.Drop drop -> drop(drop);
            case Statement.Look look -> new BindLook(context).bind(look);
            case Statement.Attach attach -> attach(attach);
            case Statement.Detach detach -> new BoundStatement.Effect(
                    () -> remove(detach.name().name(), detach.ifExists(), detach.name().position()));
            case Statement.SetOption set -> set(set);
            case Statement.ResetOption reset -> {
                String name = join(reset.name());
                yield new BoundStatement.Effect(() -> session.settings().reset(name, reset.position()));
            }
            case Statement.Prepare prepare -> {
                prepare.types().forEach(BindType::bind);
                yield new BoundStatement.Effect(
                        () -> session.prepared().put(prepare.name().name().toLowerCase(Locale.ROOT), prepare));
            }
            case Statement.Execute execute -> execute(execute);
            case Statement.Deallocate deallocate -> new BoundStatement.Effect(() -> {
                if (session.prepared().remove(deallocate.name().name().toLowerCase(Locale.ROOT)) == null) {
                    throw unprepared(deallocate.name());
                }
            });
            case Statement.CreateTableAs create ->
                throw GraticuleException.unsupported(create.position(), "CREATE TABLE AS");
            case Statement.Copy copy -> copy(copy.position(), copyRows(copy), copy.path(), options(copy.options()));
            case Statement.Use use -> throw GraticuleException.unsupported(use.position(), "USE");
            case Statement.Insert insert -> throw GraticuleException.unsupported(insert.position(), "INSERT");
            case Statement.Update update -> throw GraticuleException.unsupported(update.position(), "UPDATE");
            case Statement.Delete delete -> throw GraticuleException.unsupported(delete.position(), "DELETE");
        };
    }

    private LogicalPlan query(QueryExpression query) {
        return new BindQuery(context, null, 0).bind(query);
    }

    private BoundStatement explain(Statement.Explain explain) {
        for (Statement.Option option : explain.options()) {
            boolean plain = option.value() instanceof SqlExpression.BooleanLiteral truth && truth.value();
            if (!option.key().equalsIgnoreCase("analyze") || !plain) {
                throw GraticuleException.unsupported(option.position(),
                        "EXPLAIN with the option " + option.key().toUpperCase(Locale.ROOT));
            }
        }
        boolean analyze = explain.analyze() || !explain.options().isEmpty();
        return switch (bound(explain.statement())) {
            case BoundStatement.Rows rows -> new BoundStatement.Explain(rows.plan(), analyze);
            case BoundStatement.Derived derived -> new BoundStatement.Explain(derived.plan(), analyze);
            case BoundStatement.Copy copy when analyze ->
                throw GraticuleException.unsupported(explain.statement().position(), "EXPLAIN ANALYZE of COPY");
            case BoundStatement.Copy copy -> new BoundStatement.Explain(copy.plan(), false);
            case BoundStatement.Explain inner -> inner;
            case BoundStatement.Effect effect ->
                throw GraticuleException.binding(explain.statement().position(), "Only a query can be explained.");
        };
    }

    // ---- definitions

    private BoundStatement createTable(Statement.CreateTable create) {
        String name = single(create.name(), create.position());
        if (create.location().isEmpty()) {
            throw GraticuleException.unsupported(create.position(), "tables without LOCATION");
        }
        if (!create.columns().isEmpty()) {
            throw GraticuleException.unsupported(create.columns().getFirst().position(),
                    "declared columns of an external table");
        }
        Map<String, Object> options = options(create.options());
        Object inner = options.remove("table");
        String location = create.location().get();
        return new BoundStatement.Effect(() -> {
            if (skip(name, create.ifNotExists())) {
                return;
            }
            Dataset dataset = create.format().isPresent()
                    ? session.formats().open(create.format().get().name(), location, options,
                            create.format().get().position())
                    : session.formats().open(location, create.position());
            Catalog.Entry entry = new Catalog.DatasetEntry(dataset);
            if (inner != null) {
                entry = new Catalog.TableEntry(
                        dataset.tables().stream().filter(table -> table.name().equalsIgnoreCase(inner.toString()))
                                .findFirst()
                                .orElseThrow(() -> GraticuleException.binding(create.position(),
                                        "'" + location + "' holds no table " + inner + "."
                                                + NearestName.questionOrList(inner.toString(),
                                                        dataset.tables().stream().map(Table::name).toList(), "It holds",
                                                        20))));
            }
            define(name, entry, create.orReplace(), create.position());
        });
    }

    private Map<String, Object> options(List<Statement.Option> written) {
        BindOption values = new BindOption(context);
        Map<String, Object> options = new HashMap<>();
        for (Statement.Option option : written) {
            Object value = values.value(option.value());
            if (value != null) {
                options.put(option.key().toLowerCase(Locale.ROOT), value);
            }
        }
        return options;
    }

    private BoundStatement createView(Statement.CreateView create) {
        String name = single(create.name(), create.position());
        refuseParameters(create.query());
        return new BoundStatement.Effect(() -> {
            if (skip(name, create.ifNotExists())) {
                return;
            }
            LogicalPlan plan = query(create.query());
            if (create.columns().size() > plan.output().size()) {
                throw GraticuleException.binding(create.columns().get(plan.output().size()).position(),
                        "The query has " + plan.output().size() + " columns, and "
                                + create.columns().size() + " names are given.");
            }
            define(name, new Catalog.ViewEntry(create.query(), create.columns()), create.orReplace(),
                    create.position());
        });
    }

    private static void refuseParameters(SqlNode node) {
        SqlTree.walkAll(node, each -> {
            if (each instanceof SqlExpression.Parameter parameter) {
                throw GraticuleException.binding(parameter.position(), "A view cannot have parameters.");
            }
        });
    }

    private boolean skip(String name, boolean ifNotExists) {
        return ifNotExists && session.catalog().find(name, null).isPresent();
    }

    private void define(String name, Catalog.Entry entry, boolean replace, Position position) {
        Optional<Catalog.Named> known = session.catalog().find(name, position);
        if (replace) {
            known.ifPresent(old -> session.catalog().remove(old.name()));
            session.catalog().put(name, entry);
        } else if (known.isPresent() || !session.catalog().putIfAbsent(name, entry)) {
            throw GraticuleException.binding(position,
                    "There is a " + known.map(old -> old.entry().kind()).orElse("table") + " named " + name
                            + " already. Write CREATE OR REPLACE, or DROP it first.");
        }
    }

    private BoundStatement drop(Statement.Drop drop) {
        if (drop.kind() == Statement.DropKind.SCHEMA) {
            throw GraticuleException.unsupported(drop.position(), "DROP SCHEMA (DETACH takes a dataset away)");
        }
        List<String> names = drop.names().stream().map(name -> single(name, drop.position())).toList();
        return new BoundStatement.Effect(() -> {
            for (String name : names) {
                Catalog.Named known = session.catalog().find(name, drop.position()).orElse(null);
                boolean isView = known != null && known.entry() instanceof Catalog.ViewEntry;
                if (known != null && isView != (drop.kind() == Statement.DropKind.VIEW)) {
                    throw GraticuleException.binding(drop.position(),
                            known.name() + " is a " + known.entry().kind() + ": write DROP "
                                    + (isView ? "VIEW " : "TABLE ") + known.name() + ".");
                }
                remove(name, drop.ifExists(), drop.position());
            }
        });
    }

    private void remove(String name, boolean ifExists, Position position) {
        Optional<Catalog.Named> known = session.catalog().find(name, position);
        if (known.isPresent()) {
            session.catalog().remove(known.get().name());
        } else if (!ifExists) {
            throw GraticuleException.binding(position,
                    "No table named " + name + "."
                            + NearestName.questionOrList(name, session.catalog().names(), "There is", 10));
        }
    }

    private BoundStatement attach(Statement.Attach attach) {
        if (attach.orReplace() && attach.ifNotExists()) {
            throw GraticuleException.binding(attach.position(), "OR REPLACE and IF NOT EXISTS contradict each other.");
        }
        String name = attach.alias().map(Identifier::name).orElse(BindFrom.stem(attach.path()));
        Map<String, Object> options = options(attach.options());
        Object type = options.remove("type");
        return new BoundStatement.Effect(() -> {
            if (!skip(name, attach.ifNotExists())) {
                Dataset dataset = type != null || !options.isEmpty()
                        ? session.formats().open(type == null ? format(attach) : type.toString(), attach.path(),
                                options, attach.position())
                        : session.formats().open(attach.path(), attach.position());
                define(name, new Catalog.DatasetEntry(dataset), attach.orReplace(), attach.position());
            }
        });
    }

    /** The format of what is attached; where none recognizes it, opening it without options says what it is. */
    private String format(Statement.Attach attach) {
        return session.formats().formatOf(attach.path()).orElseGet(() -> {
            session.formats().open(attach.path(), attach.position());
            return "";
        });
    }

    private static String single(List<Identifier> name, Position position) {
        if (name.size() > 1) {
            throw GraticuleException.unsupported(position, "names with a schema in definitions");
        }
        return name.getFirst().name();
    }

    // ---- copies

    private LogicalPlan copyRows(Statement.Copy copy) {
        List<SqlExpression> columns = copy.columns().stream()
                .<SqlExpression>map(column -> new SqlExpression.Name(column.position(), List.of(column))).toList();
        return query(columns.isEmpty() ? BindLook.asQuery(copy.source()) : BindLook.asQuery(copy.source(), columns));
    }

    /**
     * What writes the rows of a plan.
     *
     * @param options as of COPY, FORMAT among them, their names in lower case
     */
    public BoundStatement.Copy copy(Position position, LogicalPlan rows, String location,
            Map<String, Object> options) {
        return new BindCopy(session.copyFormats(), position).bind(rows, location, options);
    }

    // ---- settings, prepared statements

    private BoundStatement set(Statement.SetOption set) {
        String name = join(set.name());
        if (set.values().size() != 1) {
            throw GraticuleException.binding(set.position(), name + " takes one value.");
        }
        Object value = new BindOption(context).value(set.values().getFirst());
        return new BoundStatement.Effect(() -> session.settings().set(name, value, set.position()));
    }

    private BoundStatement execute(Statement.Execute execute) {
        Statement.Prepare prepared = session.prepared().get(execute.name().name().toLowerCase(Locale.ROOT));
        if (prepared == null) {
            throw unprepared(execute.name());
        }
        Map<String, Object> named = new HashMap<>();
        Map<Integer, Object> positional = new HashMap<>();
        BindExpression binder = new BindExpression(context, Scope.EMPTY, List.of(), null, "EXECUTE");
        for (SqlExpression.Argument argument : execute.arguments()) {
            Expression bound = binder.bind(argument.value());
            if (argument.name().isEmpty() && positional.size() < prepared.types().size()) {
                bound = Casts.explicit(bound, BindType.bind(prepared.types().get(positional.size())), false,
                        argument.position());
            }
            Literal value = bound instanceof Literal literal ? literal
                    : new Literal(Expressions.value(bound), bound.type());
            if (argument.name().isPresent()) {
                named.put(argument.name().get().name(), value);
            } else {
                positional.put(positional.size() + 1, value);
            }
        }
        Parameters given = new Parameters(named, positional);
        given.check(prepared.statement(), execute.position());
        BindStatement inner = new BindStatement(session, context.options(), given, context.allocator());
        BoundStatement bound;
        try {
            bound = inner.bound(prepared.statement());
        } catch (GraticuleException problem) {
            throw GraticuleException.of(problem.kind(), execute.position(),
                    "In " + execute.name().name() + ": " + problem.getMessage(), problem);
        }
        inner.notices().forEach(context::notice);
        return bound;
    }

    private GraticuleException unprepared(Identifier name) {
        return GraticuleException.binding(name.position(),
                "No prepared statement named " + name.name() + "."
                        + NearestName.questionOrList(name.name(), session.prepared().keySet(), "There is", 10));
    }

    static String join(List<Identifier> name) {
        return String.join(".", name.stream().map(Identifier::name).toList());
    }
}
