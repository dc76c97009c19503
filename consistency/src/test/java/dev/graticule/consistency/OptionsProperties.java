package dev.graticule.consistency;

import dev.graticule.QueryOptions;
import java.util.function.UnaryOperator;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Options and chunks do not change what a query gives over any kind of table: the same rows, in the same order where the storage order
 * or the order of axes is promised (SEMANTICS 12, 13, 16, 17, 19).
 */
class OptionsProperties {
    private static final QueryOptions ONE_THREAD = QueryOptions.defaults().withThreads(1);

    @Provide
    Arbitrary<Case> cases() {
        return Case.inStorageOrder();
    }

    @Provide
    Arbitrary<Case> certain() {
        return Case.onEveryPath();
    }

    /** How far a LIMIT lets a query read is free, so one run of it may meet an error that the other does not. */
    private static void compare(Answer answer, Answer expected, QueryText query, boolean ordered, String what) {
        boolean oneFailed = (answer.error() == null) != (expected.error() == null);
        if (!oneFailed || !query.readsAsItLikes()) {
            answer.assertEqual(expected, query, ordered, what);
        }
    }

    private static boolean ordered(Case given, boolean grouped) {
        QueryText query = given.query();
        return query.ordered() || query.storageOrdered()
                || grouped && query.axisOrdered() && given.kind().isGrid();
    }

    private static void same(String law, Case given, UnaryOperator<QueryOptions> change) {
        Law.check(law, given, each -> {
            try (GridPath path = GridPath.open(each.kind(), each.store())) {
                Answer expected = Answer.of(each.query(), path, ONE_THREAD);
                Answer answer = Answer.of(each.query(), path, change.apply(ONE_THREAD));
                compare(answer, expected, each.query(), ordered(each, true), law);
            }
        });
    }

    @Property(edgeCases = EdgeCasesMode.NONE, afterFailure = AfterFailureMode.RANDOM_SEED)
    void fourThreadsGiveWhatOneGives(@ForAll("cases") Case given) {
        same("threads", given, options -> options.withThreads(4));
    }

    @Property(edgeCases = EdgeCasesMode.NONE, afterFailure = AfterFailureMode.RANDOM_SEED)
    void withoutPruningTheAnswerIsTheSame(@ForAll("cases") Case given) {
        same("pruning", given, options -> options.withPruning(false));
    }

    @Property(edgeCases = EdgeCasesMode.NONE, afterFailure = AfterFailureMode.RANDOM_SEED)
    void withEverythingFlattenedTheAnswerIsTheSame(@ForAll("cases") Case given) {
        Law.check("flattened", given, each -> {
            try (GridPath path = GridPath.open(each.kind(), each.store())) {
                Answer expected = Answer.of(each.query(), path, ONE_THREAD);
                Answer answer = Answer.of(each.query(), path, ONE_THREAD.withGridOperators(false));
                compare(answer, expected, each.query(), ordered(each, false), "flattened");
            }
        });
    }

    @Property(edgeCases = EdgeCasesMode.NONE, afterFailure = AfterFailureMode.RANDOM_SEED)
    void withoutOptimizerTheAnswerIsTheSame(@ForAll("cases") Case given) {
        Law.check("optimizer", given, each -> {
            try (GridPath path = GridPath.open(each.kind(), each.store())) {
                Answer optimized = Answer.of(each.query(), path, ONE_THREAD);
                Answer plain = Answer.of(each.query(), path, ONE_THREAD.withOptimizer(false));
                // What nobody needs is left out by the optimizer, with the errors that it would have had.
                if (plain.error() == null || optimized.error() != null) {
                    compare(plain, optimized, each.query(), ordered(each, true), "without optimizer");
                }
            }
        });
    }

    @Property(edgeCases = EdgeCasesMode.NONE, afterFailure = AfterFailureMode.RANDOM_SEED)
    void batchesOfOneRowGiveTheSameAnswer(@ForAll("cases") Case given) {
        same("batches of 1 row", given, options -> options.withBatchRows(1));
    }

    @Property(edgeCases = EdgeCasesMode.NONE, afterFailure = AfterFailureMode.RANDOM_SEED)
    void batchesOfThreeRowsGiveTheSameAnswer(@ForAll("cases") Case given) {
        same("batches of 3 rows", given, options -> options.withBatchRows(3).withThreads(4));
    }

    @Property(edgeCases = EdgeCasesMode.NONE, afterFailure = AfterFailureMode.RANDOM_SEED)
    void batchesOf4096RowsGiveTheSameAnswer(@ForAll("cases") Case given) {
        same("batches of 4096 rows", given, options -> options.withBatchRows(4096));
    }

    @Property(edgeCases = EdgeCasesMode.NONE, afterFailure = AfterFailureMode.RANDOM_SEED)
    void anyChunksAndCodecsGiveTheSameRows(@ForAll("certain") Case given) {
        Law.check("chunks", given, each -> {
            Answer expected;
            try (GridPath path = GridPath.open(each.kind(), each.store())) {
                expected = Answer.of(each.query(), path, ONE_THREAD);
            }
            try (GridPath path = GridPath.open(each.kind(), each.other())) {
                Answer answer = Answer.of(each.query(), path, QueryOptions.defaults());
                boolean ordered = each.query().ordered() || each.query().axisOrdered() && each.kind().isGrid();
                compare(answer, expected, each.query(), ordered, "other chunks");
            }
        });
    }
}
