package dev.graticule.python;

import dev.graticule.Engine;
import dev.graticule.spi.Dataset;
import java.util.Optional;
import java.util.concurrent.Callable;

/** An engine for Python: as the engine's own API has it, and with queries that may name Python's variables. Thread-safe. */
public final class PythonSession {
    private final Engine engine = Engine.create();
    private final ThreadLocal<NamedObjects> variables = new ThreadLocal<>();

    /** A new engine; whoever makes it closes {@link #engine} with {@link #close}. */
    public PythonSession() {
        engine.askForUnknownNames(this::variable);
    }

    private Optional<Dataset> variable(String name) {
        NamedObjects known = variables.get();
        return known == null ? Optional.empty() : Optional.ofNullable(known.find(name));
    }

    /** The engine. */
    public Engine engine() {
        return engine;
    }

    /**
     * One statement; nothing is bound yet.
     *
     * @param variables what names in FROM mean that are not registered; may be {@code null}
     * @throws dev.graticule.GraticuleException of kind SYNTAX
     */
    public PythonQuery query(String sql, NamedObjects variables) {
        return new PythonQuery(this, engine.query(sql), variables);
    }

    /** Does work on this thread while these variables are known. */
    <T> T with(NamedObjects known, Callable<T> work) throws Exception {
        variables.set(known);
        try {
            return work.call();
        } finally {
            variables.remove();
        }
    }

    /** Closes the engine, and readers that are still open, on a thread of its own; this has begun when it returns. */
    public Pending close() {
        return new Pending(() -> {
            engine.close();
            return true;
        }).begin();
    }
}
