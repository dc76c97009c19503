package dev.graticule.consistency;

import dev.graticule.QueryOptions;
import dev.graticule.fixture.MemoryGrid;
import java.util.List;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Queries over a grid give what DuckDB gives over its flattened rows. */
class DuckDbProperties {
    private static DuckDb duck;

    @BeforeContainer
    static void open() {
        duck = new DuckDb();
    }

    @AfterContainer
    static void close() {
        duck.close();
    }

    @Provide
    Arbitrary<List<Case>> cases() {
        return Case.certain();
    }

    @Property(tries = 600, edgeCases = EdgeCasesMode.NONE, afterFailure = AfterFailureMode.RANDOM_SEED)
    void queriesGiveWhatDuckDbGivesOnTheFlattenedTable(@ForAll("cases") List<Case> cases) {
        for (Case each : cases) {
            MemoryGrid table = each.grid().table();
            duck.load(each.grid());
            for (QueryText query : each.queries()) {
                Answer expected = duck.run(query);
                Answer answer = Answer.of(query, table, QueryOptions.defaults());
                if (expected.error() == null) {
                    answer.assertEqual(expected, query, query.ordered(), "Graticule");
                }
            }
        }
    }
}
