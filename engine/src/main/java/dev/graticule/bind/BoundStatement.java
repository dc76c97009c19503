package dev.graticule.bind;

import dev.graticule.plan.LogicalPlan;
import dev.graticule.spi.CopyFormat;
import dev.graticule.spi.CopyWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** A statement whose names and types are resolved: what is left to do. */
public sealed interface BoundStatement {

    /** Rows to be computed. */
    record Rows(LogicalPlan plan) implements BoundStatement {
    }

    /** The plan as text; with {@code analyze} it runs, and the text says what it did. */
    record Explain(LogicalPlan plan, boolean analyze) implements BoundStatement {
    }

    /** A plan of exactly one row, whose values (objects as {@code Values.object} gives them) make the result. */
    record Derived(LogicalPlan plan, Function<List<Object>, LogicalPlan.Values> result) implements BoundStatement {
    }

    /**
     * A plan whose rows are written to a file or folder; the result is how many there were.
     *
     * @param target a path of the local file system
     * @param location the target as it was written, for messages
     */
    record Copy(LogicalPlan plan, CopyFormat format, CopyWriter writer, Path target, String location)
            implements BoundStatement {
    }

    /** A change of the engine, made when the statement runs; without rows. */
    record Effect(Runnable change) implements BoundStatement {
    }
}
