package dev.graticule;

import dev.graticule.batch.Values;
import dev.graticule.bind.BindStatement;
import dev.graticule.bind.BoundStatement;
import dev.graticule.bind.Parameters;
import dev.graticule.compile.Compiler;
import dev.graticule.compile.Explain;
import dev.graticule.exec.ExportedRows;
import dev.graticule.exec.QueryContext;
import dev.graticule.exec.QueryRun;
import dev.graticule.exec.copy.PlanCopySource;
import dev.graticule.expression.Expression;
import dev.graticule.optimize.Optimizer;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.spi.CopySource;
import dev.graticule.spi.CopyTarget;
import dev.graticule.sql.Statement;
import dev.graticule.type.SqlType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * One statement of an engine: parsed once, and bound and run anew at each {@link #run}, with the values that its parameters have
 * then.
 *
 * <p>Methods that change it give it back. Thread-safe; several runs may be open at once.
 */
public final class Query implements AutoCloseable {
    private final Engine engine;
    private final String sql;
    private final Statement statement;
    private final Map<String, Object> named = new HashMap<>();
    private final Map<Integer, Object> positional = new HashMap<>();
    private final List<QueryRun> runs = new ArrayList<>();
    private UnaryOperator<QueryOptions> changes = UnaryOperator.identity();
    private BindStatement lastBinding;
    private QueryContext lastContext;
    private int cancellations;
    private QueryContext explained;
    private QueryContext copying;
    private final Set<String> copyNotices = new LinkedHashSet<>();

    /** What a call that runs something found when it began; a {@link #cancel} since then stops it. */
    private record Call(QueryOptions options, Parameters parameters, int cancelledBefore) {
    }

    /** What is done with the rows of a plan. */
    @FunctionalInterface
    private interface Work<T, E extends Exception> {
        T on(CopySource source) throws E;
    }

    Query(Engine engine, String sql, Statement statement) {
        this.engine = engine;
        this.sql = sql;
        this.statement = statement;
    }

    /** The text that positions in errors refer to: of a script, the whole. */
    public String sql() {
        return sql;
    }

    /** The statement's own part of the text. */
    public String text() {
        return sql.substring(statement.position().start(), statement.position().end());
    }

    /**
     * Gives {@code $name} a value: null, a boolean, number, character, string, byte array or java.time value. A plain number counts as a
     * literal. A name that the query does not have is an error when it runs.
     */
    public synchronized Query bind(String name, Object value) {
        Objects.requireNonNull(name, "the name of a parameter");
        named.put(name.startsWith("$") ? name.substring(1) : name, value);
        return this;
    }

    /** Gives {@code $1}, or the first {@code ?}, and so on, a value; positions count from 1. */
    public synchronized Query bind(int position, Object value) {
        if (position < 1) {
            throw GraticuleException.binding("Parameters are counted from 1.");
        }
        positional.put(position, value);
        return this;
    }

    /** All options of this query, in place of the engine's. */
    public synchronized Query options(QueryOptions options) {
        Objects.requireNonNull(options, "options");
        changes = unused -> options;
        return this;
    }

    private synchronized Query change(UnaryOperator<QueryOptions> change) {
        UnaryOperator<QueryOptions> before = changes;
        changes = options -> change.apply(before.apply(options));
        return this;
    }

    /** How many workers it has, at least 1. */
    public Query threads(int count) {
        return change(options -> options.withThreads(count));
    }

    /** How many bytes off heap it may hold. */
    public Query memoryLimit(long bytes) {
        return change(options -> options.withMemoryLimit(bytes));
    }

    /** Whether conditions on axes leave chunks unread; the answer is the same. */
    public Query pruning(boolean on) {
        return change(options -> options.withPruning(on));
    }

    /** Whether GROUP BY works on the grid; the answer is the same. */
    public Query gridOperators(boolean on) {
        return change(options -> options.withGridOperators(on));
    }

    /** Whether the plan is rewritten; the answer is the same. */
    public Query optimizer(boolean on) {
        return change(options -> options.withOptimizer(on));
    }

    /**
     * Binds the statement and begins a run; the caller closes the reader. A query does its work while batches are loaded; another
     * statement (CREATE, SET, ...) has done it when this returns, and its reader has no rows.
     *
     * <p>Batches belong to the reader's root. Their vectors may be transferred away and are then their owner's, for as long as it
     * likes: they outlive the reader, this query and the engine. Closing the reader, from any thread, ends a load that is under way, and
     * so does interrupting the thread that waits for it: that query is cancelled, and the thread stays interrupted.
     *
     * @throws GraticuleException for every error of the statement's text; errors of data and sources come when batches are loaded, as
     *             the same exception
     */
    public ArrowReader run() {
        try {
            return bindAndOpen();
        } catch (RuntimeException | StackOverflowError problem) {
            throw QueryRun.error(problem);
        }
    }

    private ArrowReader bindAndOpen() {
        Call call = call();
        return open(rows(bind(call, binder -> binder.bind(statement)), call), call);
    }

    /** While this is locked. */
    private void cancelIfStopped(QueryContext context, Call call) {
        if (cancellations != call.cancelledBefore) {
            context.cancel();
        }
    }

    private synchronized Call call() {
        return new Call(changes.apply(engine.options()),
                new Parameters(new HashMap<>(named), new HashMap<>(positional)), cancellations);
    }

    private BoundStatement bind(Call call, Function<BindStatement, BoundStatement> how) {
        try (BufferAllocator allocator = engine.openQueryAllocator(call.options.memoryLimit())) {
            BindStatement binder = new BindStatement(engine.session(), call.options, call.parameters, allocator);
            synchronized (this) {
                lastBinding = binder;
                lastContext = null;
                copyNotices.clear();
            }
            return how.apply(binder);
        }
    }

    /** The plan of the rows that a statement gives, after it had its effect. */
    private LogicalPlan rows(BoundStatement bound, Call call) {
        return switch (bound) {
            case BoundStatement.Rows rows -> rows.plan();
            case BoundStatement.Explain explain -> explain(explain, call);
            case BoundStatement.Derived derived -> derived.result().apply(onlyRow(derived.plan(), call));
            case BoundStatement.Copy copy -> {
                long count = copy(copy, call);
                yield new LogicalPlan.Values(List.of(List.of(new Expression.Literal(count, SqlType.BIGINT))),
                        List.of(new LogicalPlan.OutputColumn("Count", SqlType.BIGINT)));
            }
            case BoundStatement.Effect effect -> {
                effect.change().run();
                yield new LogicalPlan.Values(List.of(), List.of());
            }
        };
    }

    /**
     * Runs the statement and writes its rows to a file, as {@code COPY (statement) TO 'target' (options)} would; any statement that
     * gives rows will do. Blocks until the file is complete. What stood there is replaced then, and stays where this fails or is
     * cancelled.
     *
     * @param target a path whose ending says the format, unless {@code options} has a {@code format}
     * @param options the names in lower case, as COPY has them; values are String, Long, Double, Boolean, List or Map of those
     * @return how many rows were written
     * @throws GraticuleException for every error of the statement, its sources and the file
     */
    public long copyTo(String target, Map<String, Object> options) {
        Call call = call();
        try {
            BoundStatement.Copy copy = (BoundStatement.Copy) bind(call,
                    binder -> binder.copy(null, rows(binder.bind(statement), call), target, options));
            return copy(copy, call);
        } catch (RuntimeException | StackOverflowError problem) {
            throw QueryRun.error(problem);
        }
    }

    /**
     * Binds the statement and hands its rows to a function, with what is known of their columns before they are read: which come from
     * axes, and the coordinates of these. Runs nothing by itself, but {@link #cancel} stops what the function does. What the function
     * keeps may open readers after the call too, and these may outlive it; {@link CopySource#run} and the allocator are for the
     * function alone. Called on this thread.
     *
     * @throws GraticuleException for every error of the statement's text, and whatever the function throws, as the query's error
     */
    public <T> T withRows(Function<CopySource, T> function) {
        Call call = call();
        try {
            return withSource(rows(bind(call, binder -> binder.bind(statement)), call), call, function::apply);
        } catch (RuntimeException | StackOverflowError problem) {
            throw QueryRun.error(problem);
        }
    }

    private long copy(BoundStatement.Copy copy, Call call) {
        try (CopyTarget target = CopyTarget.open(copy.target())) {
            return withSource(copy.plan(), call, source -> {
                long rows = copy.writer().write(source, target.path());
                source.checkRunning();
                target.commit();
                return rows;
            });
        } catch (IOException problem) {
            throw unwritten(copy.location(), problem);
        }
    }

    private <T, E extends Exception> T withSource(LogicalPlan plan, Call call, Work<T, E> work) throws E {
        try (BufferAllocator allocator = engine.openQueryAllocator(call.options.memoryLimit())) {
            QueryContext context = new QueryContext(call.options, allocator);
            synchronized (this) {
                copying = context;
                cancelIfStopped(context, call);
            }
            try {
                return work.on(new PlanCopySource(plan, context, each -> open(each, call),
                        (each, last) -> Compiler.run(each, context, engine.permits(), last)));
            } finally {
                synchronized (this) {
                    copying = null;
                    context.notices().forEach(copyNotices::add);
                    if (lastContext != null) {
                        lastContext.notices().forEach(copyNotices::add);
                    }
                }
            }
        }
    }

    private static GraticuleException unwritten(String location, IOException problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof GraticuleException known) {
                return known;
            }
        }
        String message = problem.getMessage() == null ? problem.getClass().getSimpleName() : problem.getMessage();
        return GraticuleException.source(message.startsWith("cannot write") ? "C" + message.substring(1) + "."
                : "'" + location + "' cannot be written: " + message + ".", problem);
    }

    /** Begins a run of a plan as it was bound. */
    private QueryRun open(LogicalPlan bound, Call call) {
        LogicalPlan plan = Optimizer.optimize(bound, call.options);
        BufferAllocator allocator = engine.openQueryAllocator(call.options.memoryLimit());
        try {
            QueryContext context = new QueryContext(call.options, allocator);
            QueryRun run = Compiler.open(plan, context, engine.results(), engine.permits());
            synchronized (this) {
                runs.removeIf(QueryRun::isClosed);
                runs.add(run);
                lastContext = context;
                cancelIfStopped(context, call);
            }
            engine.opened(run);
            return run;
        } catch (Throwable problem) {
            allocator.close();
            throw problem;
        }
    }

    /** The values of the one row that a plan gives. */
    private List<Object> onlyRow(LogicalPlan plan, Call call) {
        List<Object> values = new ArrayList<>();
        try (ArrowReader reader = open(plan, call)) {
            while (values.isEmpty() && reader.loadNextBatch()) {
                if (reader.getVectorSchemaRoot().getRowCount() > 0) {
                    for (FieldVector vector : reader.getVectorSchemaRoot().getFieldVectors()) {
                        values.add(Values.of(vector).object(0));
                    }
                }
            }
        } catch (IOException problem) {
            throw GraticuleException.of(ErrorKind.INTERNAL, null, "A result cannot be read.", problem);
        }
        return values;
    }

    private LogicalPlan explain(BoundStatement.Explain explain, Call call) {
        LogicalPlan plan = Optimizer.optimize(explain.plan(), call.options);
        String text;
        try (BufferAllocator allocator = engine.openQueryAllocator(call.options.memoryLimit())) {
            QueryContext context = new QueryContext(call.options, allocator);
            synchronized (this) {
                explained = context;
                cancelIfStopped(context, call);
            }
            text = explain.analyze() ? Explain.analyze(plan, context, engine.permits()) : Explain.text(plan, context);
        }
        List<List<Expression>> lines = text.lines()
                .map(line -> List.<Expression>of(new Expression.Literal(line, SqlType.VARCHAR))).toList();
        return new LogicalPlan.Values(lines, List.of(new LogicalPlan.OutputColumn("plan", SqlType.VARCHAR)));
    }

    /**
     * Begins a run and exports its result as a stream of the Arrow C Data Interface at an address, where the consumer releases it.
     * Work is done while batches are asked for; releasing the stream, at any time, or closing the query stops it.
     *
     * <p>Batches are not copied. They are the consumer's, and outlive the stream, the query and the engine. Errors after this are
     * the stream's, with the exception's message.
     *
     * @param address that of a {@code struct ArrowArrayStream}, 40 bytes that hold no stream, or a released one; a wrong one ends
     *            the JVM
     * @throws GraticuleException as {@link #run} does; the address then holds no stream
     */
    public void export(long address) {
        if (address == 0) {
            throw GraticuleException.binding("The address of a stream is 0.");
        }
        ExportedRows.export(run(), address);
    }

    /** Stops every run that is open: the next batch asked for is an error of kind CANCELLED. */
    public void cancel() {
        synchronized (this) {
            cancellations++;
            if (explained != null) {
                explained.cancel();
            }
            if (copying != null) {
                copying.cancel();
            }
        }
        open().forEach(QueryRun::cancel);
    }

    /** The share from 0 to 1 that is done of the step that the run opened last is in; 0 where that is not known. Thread-safe. */
    public synchronized double progress() {
        if (copying != null && copying.progress() > 0) {
            return copying.progress();
        }
        return lastContext == null ? 0 : lastContext.progress();
    }

    private synchronized List<QueryRun> open() {
        return runs.stream().filter(run -> !run.isClosed()).toList();
    }

    /** What is allowed in the last run and probably not meant, each text once; complete when its last batch was loaded. */
    public synchronized List<String> notices() {
        Set<String> notices = new LinkedHashSet<>();
        if (lastBinding != null) {
            notices.addAll(lastBinding.notices());
        }
        notices.addAll(copyNotices);
        if (lastContext != null) {
            lastContext.notices().forEach(notices::add);
        }
        return List.copyOf(notices);
    }

    /** Closes readers that are still open, from any thread; vectors that were taken from them stay valid. */
    @Override
    public void close() {
        open().forEach(Engine::close);
    }
}
