package dev.graticule.exec;

import dev.graticule.batch.Batch;

/** A running step of one worker. Called on that worker's thread only. */
public interface Stage {
    /**
     * Takes a batch, which is lent until this returns. A step with outputs calls {@code push} of the next one, as often as it
     * likes.
     *
     * @return false if no more batches of this morsel are wanted
     */
    boolean push(Batch batch);

    /** The worker's input has ended; called once, unless the query failed. A step calls {@code finish} of the next one. */
    void finish();
}
