package dev.graticule.consistency;

import dev.graticule.QueryOptions;
import dev.graticule.consistency.GridPath.Kind;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * A query gives the same rows over each kind of table that holds a grid, and they are DuckDB's over the flattened rows (SEMANTICS 1, 8, 9,
 * 10, 12, 13, 24).
 */
class PathsProperties {
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
    Arbitrary<Case> onEveryPath() {
        return Case.onEveryPath();
    }

    @Provide
    Arbitrary<Case> any() {
        return Case.any();
    }

    @Property(edgeCases = EdgeCasesMode.NONE, afterFailure = AfterFailureMode.RANDOM_SEED)
    void storesStreamsArraysAndBlocksGiveWhatDuckDbGives(@ForAll("onEveryPath") Case given) {
        Law.check("paths", given, PathsProperties::agree);
    }

    @Property(edgeCases = EdgeCasesMode.NONE, afterFailure = AfterFailureMode.RANDOM_SEED)
    void tablesWithTextAndBothMeaningsOfNanGiveWhatDuckDbGives(@ForAll("any") Case given) {
        Law.check("mixed", given, PathsProperties::agree);
    }

    @Provide
    Arbitrary<Case> ofAxes() {
        return Case.ofAxes();
    }

    @Property(edgeCases = EdgeCasesMode.NONE, afterFailure = AfterFailureMode.RANDOM_SEED)
    void groupsOfAxesComeInTheOrderOfTheAxes(@ForAll("ofAxes") Case given) {
        Law.check("axis order", given, PathsProperties::inAxisOrder);
    }

    /** The keys come as the table's rows first have them, whichever of these rows a condition takes out. */
    private static void inAxisOrder(Case given) {
        GridRecipe grid = given.store().grid();
        Kind kind = given.kind().isGrid() ? given.kind() : Kind.ZARR;
        List<Integer> axes = kind == Kind.ZARR ? given.store().axisOrder()
                : IntStream.range(0, grid.axes().size()).boxed().toList();
        if (!given.query().axisOrdered()) {
            return;
        }
        List<Integer> keys = given.query().columns().stream().map(column -> grid.names().indexOf(column.engine()))
                .takeWhile(column -> column >= 0 && column < grid.axes().size()).toList();
        Set<List<Object>> order = new LinkedHashSet<>();
        grid.rowsBy(axes).forEach(row -> order.add(keys.stream().map(key -> Answer.plain(row.get(key))).toList()));
        try (GridPath path = GridPath.open(kind, given.store())) {
            Answer answer = Answer.of(given.query(), path, QueryOptions.defaults());
            List<List<Object>> got = answer.rows().stream().map(row -> row.subList(0, keys.size())).toList();
            order.retainAll(new HashSet<>(got));
            if (!got.equals(List.copyOf(order))) {
                throw new AssertionError(kind + ": groups come as " + got + ", axes have " + order);
            }
        }
    }

    private static void agree(Case given) {
        QueryText query = given.query();
        Answer expected = duck.run(given.store().grid(), query);
        Map<Kind, Answer> answers = new EnumMap<>(Kind.class);
        for (Kind kind : GridPath.kinds(given.store())) {
            try (GridPath path = GridPath.open(kind, given.store())) {
                Answer answer = Answer.of(query, path, QueryOptions.defaults());
                if (!query.maySpareAnError(expected, answer)) {
                    answer.assertEqual(expected, query, query.ordered(), kind + " and DuckDB");
                }
                answers.put(kind, answer);
            }
        }
        // Where the engine did not need what DuckDB could not compute, its paths still agree.
        if (expected.error() != null && !query.readsAsItLikes()) {
            Answer first = answers.get(Kind.FIXTURE);
            answers.forEach((kind, answer) -> answer.assertEqual(first, query, query.ordered(), kind + " and FIXTURE"));
        }
    }
}
