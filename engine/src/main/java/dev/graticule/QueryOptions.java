package dev.graticule;

/**
 * What may be set for one query; the answer is the same for all of them.
 *
 * @param threads how many workers, at least 1
 * @param memoryLimit the bytes that the query may hold off heap
 * @param pruning whether axis predicates leave chunks unread, and row sources are told of predicates
 * @param gridOperators whether GROUP BY works on the grid; otherwise on flattened rows
 * @param optimizer whether the plan is rewritten
 * @param batchRows about how many rows a batch has
 * @param integerDivision whether {@code /} of two integers truncates
 * @param temporaryDirectory where operators may spill, or an empty string for the system's
 */
public record QueryOptions(int threads, long memoryLimit, boolean pruning, boolean gridOperators, boolean optimizer,
        int batchRows,
        boolean integerDivision, String temporaryDirectory) {

    /** @throws GraticuleException of kind BINDING where there is no worker, no row a batch, or a negative limit */
    public QueryOptions {
        if (threads < 1 || batchRows < 1 || memoryLimit < 0) {
            throw GraticuleException
                    .binding("A query has at least one thread and one row a batch, and no negative limit"
                            + " of memory; these were " + threads + ", " + batchRows + " and " + memoryLimit + ".");
        }
    }

    /** One worker a core, as many bytes off heap as the JVM's heap may have, everything on. */
    public static QueryOptions defaults() {
        return new QueryOptions(Runtime.getRuntime().availableProcessors(), Runtime.getRuntime().maxMemory(), true,
                true, true, 1 << 16, true, "");
    }

    /** The same with that many workers, at least 1. */
    public QueryOptions withThreads(int count) {
        return new QueryOptions(count, memoryLimit, pruning, gridOperators, optimizer, batchRows, integerDivision,
                temporaryDirectory);
    }

    /** The same with that many bytes off heap. */
    public QueryOptions withMemoryLimit(long bytes) {
        return new QueryOptions(threads, bytes, pruning, gridOperators, optimizer, batchRows, integerDivision,
                temporaryDirectory);
    }

    /** The same with pruning by axis predicates on or off. */
    public QueryOptions withPruning(boolean on) {
        return new QueryOptions(threads, memoryLimit, on, gridOperators, optimizer, batchRows, integerDivision,
                temporaryDirectory);
    }

    /** The same with GROUP BY on the grid on or off. */
    public QueryOptions withGridOperators(boolean on) {
        return new QueryOptions(threads, memoryLimit, pruning, on, optimizer, batchRows, integerDivision,
                temporaryDirectory);
    }

    /** The same with rewriting of plans on or off. */
    public QueryOptions withOptimizer(boolean on) {
        return new QueryOptions(threads, memoryLimit, pruning, gridOperators, on, batchRows, integerDivision,
                temporaryDirectory);
    }

    /** The same with batches of about that many rows. */
    public QueryOptions withBatchRows(int rows) {
        return new QueryOptions(threads, memoryLimit, pruning, gridOperators, optimizer, rows, integerDivision,
                temporaryDirectory);
    }

    /** The same where {@code /} of two integers truncates, or divides. */
    public QueryOptions withIntegerDivision(boolean truncates) {
        return new QueryOptions(threads, memoryLimit, pruning, gridOperators, optimizer, batchRows, truncates,
                temporaryDirectory);
    }

    /** The same with a folder to spill to; an empty string is the system's. */
    public QueryOptions withTemporaryDirectory(String directory) {
        return new QueryOptions(threads, memoryLimit, pruning, gridOperators, optimizer, batchRows, integerDivision,
                directory);
    }
}
