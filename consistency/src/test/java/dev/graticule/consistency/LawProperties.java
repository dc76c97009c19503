package dev.graticule.consistency;

import dev.graticule.Engine;
import dev.graticule.QueryOptions;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What a failing case prints asks for what failed. */
class LawProperties {
    @Provide
    Arbitrary<Case> onEveryPath() {
        return Case.onEveryPath();
    }

    @Provide
    Arbitrary<Case> any() {
        return Case.any();
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE, afterFailure = AfterFailureMode.RANDOM_SEED)
    void theScriptOverAStoreGivesTheRowsOfTheCase(@ForAll("onEveryPath") Case given) {
        compare(given, GridPath.Kind.ZARR);
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE, afterFailure = AfterFailureMode.RANDOM_SEED)
    void theScriptOverRowsGivesTheRowsOfTheCase(@ForAll("any") Case given) {
        compare(given, given.store().isStorable() ? GridPath.Kind.ZARR : GridPath.Kind.STREAM);
    }

    private static void compare(Case given, GridPath.Kind kind) {
        QueryText query = given.query();
        try (GridPath path = GridPath.open(kind, given.store()); Engine engine = Engine.create()) {
            Answer expected = Answer.of(query, path, QueryOptions.defaults());
            Answer answer = Answer.of(query, Law.script("scripts", given), engine);
            answer.assertEqual(expected, query, query.ordered(), "the script");
        } finally {
            GridPath.delete(Law.folder("scripts", given));
        }
    }
}
