package dev.graticule.expression;

import dev.graticule.batch.Scratch;

/** Evaluates bound expressions over batches, each on its footprint. Belongs to one worker. */
public final class Evaluator {
    private final Scratch scratch;

    /** An evaluator whose temporaries come from the worker's pool. */
    public Evaluator(Scratch scratch) {
        this.scratch = scratch;
    }
}
