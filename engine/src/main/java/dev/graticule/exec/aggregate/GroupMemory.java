package dev.graticule.exec.aggregate;

import dev.graticule.aggregate.Accumulator;
import dev.graticule.aggregate.AggregateCall;
import dev.graticule.batch.FineRounding;
import dev.graticule.exec.Worker;
import java.util.List;

/**
 * What dense groups will need, known before anything is allocated.
 *
 * @param stateBytes the bytes of one group's states
 * @param limit the bytes that the query may hold
 */
record GroupMemory(long stateBytes, long limit) {
    /** What copies for each worker may take of the limit. */
    private static final int COPIES_SHARE = 8;

    /** The memory of a group of these aggregates. */
    static GroupMemory of(List<AggregateCall> calls, boolean countRows, Worker worker) {
        long bytes = countRows ? Long.BYTES : 0;
        for (AggregateCall call : calls) {
            try (Accumulator accumulator = call.function().openAccumulator(worker.allocator())) {
                bytes += accumulator.stateBytes();
            }
        }
        return new GroupMemory(bytes, worker.query().options().memoryLimit());
    }

    private double bytes(double groups) {
        // Buffers are rounded up.
        return groups * stateBytes * (groups * Long.BYTES <= FineRounding.COARSE ? 2 : 1.125);
    }

    /** Whether that many arrays of so many groups fit beside what batches and chunks take. */
    boolean fits(long groups, int arrays) {
        return bytes(groups) * arrays <= limit / 4.0 * 3;
    }

    /** Whether a copy of so many groups for each worker is a small share of the limit; a single one only has to fit. */
    boolean copiesFit(long groups, int workers) {
        return workers == 1 ? fits(groups, 1) : bytes(groups) * workers <= limit / (double) COPIES_SHARE;
    }

    /** How many boxes of so many groups a worker may have, where each worker has its own and they grow as they are met. */
    long mostBoxes(long groups, int workers) {
        // Growing doubles an array, and holds the old one meanwhile.
        double perBox = Double.max(1, 3.0 * groups * stateBytes * workers);
        return (long) Double.min(Integer.MAX_VALUE / Double.max(1, groups), limit / 2.0 / perBox);
    }
}
