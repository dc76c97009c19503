package dev.graticule.consistency;

import dev.graticule.QueryOptions;
import dev.graticule.fixture.MemoryGrid;
import java.util.List;
import java.util.function.UnaryOperator;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Options and chunks do not change what a query gives: the same rows, in the same order where the storage order is promised. */
class OptionsProperties {
    private static final QueryOptions ONE_THREAD = QueryOptions.defaults().withThreads(1);

    @Provide
    Arbitrary<List<Case>> cases() {
        return Case.inStorageOrder();
    }

    /** How far a LIMIT lets a query read is free, so one run of it may meet an error that the other does not. */
    private static void compare(Answer answer, Answer expected, QueryText query, boolean ordered, String what) {
        boolean oneFailed = (answer.error() == null) != (expected.error() == null);
        if (!oneFailed || !query.engine().contains("LIMIT")) {
            answer.assertEqual(expected, query, ordered, what);
        }
    }

    private static void same(List<Case> cases, String what, UnaryOperator<QueryOptions> change) {
        for (Case each : cases) {
            MemoryGrid table = each.grid().table();
            for (QueryText query : each.queries()) {
                Answer expected = Answer.of(query, table, ONE_THREAD);
                compare(Answer.of(query, table, change.apply(ONE_THREAD)), expected, query,
                        query.ordered() || query.storageOrdered(), what);
            }
        }
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE, afterFailure = AfterFailureMode.RANDOM_SEED)
    void fourThreadsGiveWhatOneGives(@ForAll("cases") List<Case> cases) {
        same(cases, "4 threads", options -> options.withThreads(4));
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE, afterFailure = AfterFailureMode.RANDOM_SEED)
    void withoutPruningTheAnswerIsTheSame(@ForAll("cases") List<Case> cases) {
        same(cases, "without pruning", options -> options.withPruning(false));
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE, afterFailure = AfterFailureMode.RANDOM_SEED)
    void withoutGridOperatorsTheAnswerIsTheSame(@ForAll("cases") List<Case> cases) {
        same(cases, "without grid operators", options -> options.withGridOperators(false));
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE, afterFailure = AfterFailureMode.RANDOM_SEED)
    void withoutOptimizerTheAnswerIsTheSame(@ForAll("cases") List<Case> cases) {
        for (Case each : cases) {
            MemoryGrid table = each.grid().table();
            for (QueryText query : each.queries()) {
                Answer optimized = Answer.of(query, table, ONE_THREAD);
                Answer plain = Answer.of(query, table, ONE_THREAD.withOptimizer(false));
                // What nobody needs is left out by the optimizer, with the errors that it would have had.
                if (plain.error() == null || optimized.error() != null) {
                    compare(plain, optimized, query, query.ordered() || query.storageOrdered(), "without optimizer");
                }
            }
        }
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE, afterFailure = AfterFailureMode.RANDOM_SEED)
    void batchesOfAnySizeGiveTheSameAnswer(@ForAll("cases") List<Case> cases) {
        same(cases, "batches of 1 row", options -> options.withBatchRows(1));
        same(cases, "batches of 3 rows", options -> options.withBatchRows(3).withThreads(4));
        same(cases, "batches of 4096 rows", options -> options.withBatchRows(4096));
    }

    @Provide
    Arbitrary<List<Case.Rechunked>> rechunked() {
        return Case.rechunked();
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE, afterFailure = AfterFailureMode.RANDOM_SEED)
    void anyChunksGiveTheSameRows(@ForAll("rechunked") List<Case.Rechunked> cases) {
        for (Case.Rechunked each : cases) {
            for (QueryText query : each.queries()) {
                Answer expected = Answer.of(query, each.grid().table(), ONE_THREAD);
                compare(Answer.of(query, each.other().table(), QueryOptions.defaults()), expected, query,
                        query.ordered(), "other chunks");
            }
        }
    }
}
