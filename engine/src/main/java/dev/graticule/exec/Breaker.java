package dev.graticule.exec;

/** Ends a pipeline by keeping what it needs, and is the source of the next. */
public interface Breaker {
    /** The stage that takes a worker's batches; called once a worker, on its thread. */
    Stage openInput(Worker worker);

    /** All batches of a morsel were pushed. Thread-safe; called on the thread of the worker that pushed them. */
    default void finishMorsel(long ordinal) {
    }

    /** Whether no further input can change the result: workers then take no new morsel. Thread-safe. */
    default boolean isSatisfied() {
        return false;
    }

    /** All workers have finished; called once, on one thread. */
    void complete(Worker worker);

    /** What it gives, after {@link #complete}. */
    Source output();

    /** One line for EXPLAIN. */
    String describe();
}
