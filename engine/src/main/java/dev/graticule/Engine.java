package dev.graticule;

import dev.graticule.batch.LastingMemory;
import dev.graticule.batch.FineRounding;
import dev.graticule.bind.Catalog;
import dev.graticule.bind.CopyFormats;
import dev.graticule.bind.Formats;
import dev.graticule.bind.Session;
import dev.graticule.bind.Settings;
import dev.graticule.exec.QueryRun;
import dev.graticule.spi.Dataset;
import dev.graticule.spi.Table;
import dev.graticule.sql.SqlParser;
import dev.graticule.sql.Statement;
import dev.graticule.sql.SyntaxException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * SQL over gridded data, inside this JVM.
 *
 * <pre>
 * try (Engine engine = Engine.create()) {
 *     engine.register("era5", ZarrTable.open(Path.of("data/era5_v3.zarr")));
 *     try (ArrowReader rows = engine.query("SELECT avg(t2m) FROM era5").run()) {
 *         while (rows.loadNextBatch()) { ... }
 *     }
 * }
 * </pre>
 *
 * <p>Thread-safe: any number of queries may run at once; they share one worker a core. Vectors that were taken from a reader may
 * be kept after everything here is closed, for as long as their owner likes.
 */
public final class Engine implements AutoCloseable {
    private final Session session;
    private final RootAllocator root;
    private final LastingMemory results;
    private final Semaphore permits;
    private final Set<QueryRun> runs = new HashSet<>();
    private final AtomicLong queries = new AtomicLong();
    private boolean closed;

    private Engine(Formats formats, QueryOptions options) {
        this.session = new Session(formats, CopyFormats.load(), new Settings(options));
        this.root = new RootAllocator(AllocationListener.NOOP, Long.MAX_VALUE, new FineRounding());
        this.results = LastingMemory.open(root, "results");
        this.permits = new Semaphore(Runtime.getRuntime().availableProcessors());
    }

    /**
     * An engine with {@link QueryOptions#defaults()}.
     *
     * @throws GraticuleException that names the JVM flags that are missing, if some are
     */
    public static Engine create() {
        return create(QueryOptions.defaults());
    }

    /**
     * An engine whose queries have these options, until SET or {@link Query#options} changes them.
     *
     * @throws GraticuleException that names the JVM flags that are missing, if some are
     */
    public static Engine create(QueryOptions options) {
        JvmFlags.check();
        return new Engine(Formats.load(), options);
    }

    /** Makes a table known under a name; a name that is known already means this one from now on. */
    public void register(String name, Table table) {
        session.catalog().put(Objects.requireNonNull(name), new Catalog.TableEntry(Objects.requireNonNull(table)));
    }

    /** Makes a dataset known under a name: with one table it is that table, with several a schema of them. */
    public void register(String name, Dataset dataset) {
        session.catalog().put(Objects.requireNonNull(name), new Catalog.DatasetEntry(Objects.requireNonNull(dataset)));
    }

    /**
     * Makes a dataset known under a name that every statement asks for anew, once, on its own thread: what it throws fails that
     * statement, what it gives is good for it alone.
     */
    public void registerSupplier(String name, Supplier<Dataset> dataset) {
        session.catalog().put(Objects.requireNonNull(name), new Catalog.DatasetEntry(Objects.requireNonNull(dataset)));
    }

    /**
     * Sets who is asked, while a statement is bound, for a table in FROM that nobody has registered; empty where it is not known
     * there either. Called on the statement's thread with the name as it is written, once a statement and name; what it throws fails
     * that statement.
     */
    public void askForUnknownNames(Function<String, Optional<Dataset>> whom) {
        session.catalog().askForUnknownNames(Objects.requireNonNull(whom));
    }

    /** A name that is given back when this is closed. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Makes a table known under a name for a while: when the registration is closed, the name means again what it meant before.
     * Where several are open on one name, they are closed in reverse order.
     */
    public Registration openRegistration(String name, Table table) {
        return session.catalog().putForNow(Objects.requireNonNull(name),
                new Catalog.TableEntry(Objects.requireNonNull(table)))::run;
    }

    /** Forgets a name, spelled exactly; false if it was not known. Queries that run already are not disturbed. */
    public boolean unregister(String name) {
        return session.catalog().remove(name);
    }

    /** The names of all tables, datasets and views, in order. */
    public List<String> tables() {
        return session.catalog().names();
    }

    /** The options that the next query has. */
    public QueryOptions options() {
        return session.settings().options();
    }

    /**
     * Changes a setting, as {@code SET name = value} does: {@code set("memory_limit", "4GB")}.
     *
     * @throws GraticuleException where there is no such setting, or the value does not fit it
     */
    public void set(String name, Object value) {
        session.settings().set(name, value, null);
    }

    /**
     * One statement. It is parsed here and now, and bound and run by {@link Query#run}.
     *
     * @throws GraticuleException of kind SYNTAX where the text is not one statement; of kind UNSUPPORTED where it is one of PostgreSQL or
     *             DuckDB that the dialect does not have
     */
    public Query query(String sql) {
        try {
            return new Query(this, sql, SqlParser.parse(Objects.requireNonNull(sql, "sql")));
        } catch (SyntaxException problem) {
            throw syntax(problem);
        }
    }

    /**
     * The statements of a script, separated by semicolons, in order. Each is bound when it runs, so that it sees what those before it
     * changed.
     *
     * @throws GraticuleException of kind SYNTAX or UNSUPPORTED, as {@link #query} does, whichever statement it is about
     */
    public List<Query> queryAll(String script) {
        try {
            List<Query> all = new ArrayList<>();
            for (Statement statement : SqlParser.parseAll(script)) {
                all.add(new Query(this, script, statement));
            }
            return List.copyOf(all);
        } catch (SyntaxException problem) {
            throw syntax(problem);
        }
    }

    private static GraticuleException syntax(SyntaxException problem) {
        if (problem.feature().isPresent()) {
            return GraticuleException.unsupported(problem.position(), problem.feature().get());
        }
        String message = problem.getMessage();
        String text = problem.suggestion().map(suggestion -> message + " " + suggestion).orElse(message);
        return GraticuleException.of(ErrorKind.SYNTAX, problem.position(), text, problem);
    }

    Session session() {
        return session;
    }

    BufferAllocator results() {
        return results.allocator();
    }

    Semaphore permits() {
        return permits;
    }

    /** The allocator of one query, with its limit; whoever asks closes it. */
    BufferAllocator openQueryAllocator(long limit) {
        synchronized (runs) {
            if (closed) {
                throw closedError();
            }
            return root.newChildAllocator("query-" + queries.incrementAndGet(), 0, limit);
        }
    }

    /** The bytes off heap that queries hold and results that were handed over and not released; asked for at any time. */
    public long allocatedBytes() {
        return root.getAllocatedMemory();
    }

    /** Knows of a run until it is closed. */
    void opened(QueryRun run) {
        synchronized (runs) {
            if (!closed) {
                runs.add(run);
                run.whenClosed(() -> forget(run));
                if (run.isClosed()) {
                    // By another thread, which may not have seen what is to be done then.
                    runs.remove(run);
                }
                return;
            }
        }
        close(run);
        throw closedError();
    }

    private void forget(QueryRun run) {
        synchronized (runs) {
            runs.remove(run);
        }
    }

    private static GraticuleException closedError() {
        return GraticuleException.binding("The engine is closed.");
    }

    /** Closes a reader, from any thread. */
    static void close(QueryRun run) {
        try {
            run.close();
        } catch (IOException problem) {
            throw GraticuleException.of(ErrorKind.INTERNAL, null, "A result cannot be closed.", problem);
        }
    }

    /**
     * Closes the engine, and readers that are still open. Vectors that were taken from readers, and arrays that were exported, stay
     * valid: their memory is freed when their owners release them.
     */
    @Override
    public void close() {
        List<QueryRun> open;
        synchronized (runs) {
            closed = true;
            open = List.copyOf(runs);
            runs.clear();
        }
        open.forEach(Engine::close);
        results.close();
        // A statement that another thread is binding keeps its allocator, and the root, until it finds the engine closed.
        if (results.isClosed() && root.getChildAllocators().isEmpty()) {
            root.close();
        }
    }
}
