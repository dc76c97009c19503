package dev.graticule.consistency;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;

/** A grid and queries over it. */
record Case(GridRecipe grid, List<QueryText> queries) {

    /** How many cases a try of a property takes: {@code -Dgraticule.tries=50} for a long search. */
    private static final int CASES = Integer.getInteger("graticule.tries", 1);

    private interface Queries {
        QueryText of(Choices choices, GridRecipe grid);
    }

    private static Arbitrary<List<Integer>> choices(int most) {
        return Arbitraries.integers().between(0, 1023).withDistribution(RandomDistribution.uniform()).withoutEdgeCases()
                .list().ofMinSize(0).ofMaxSize(most)
                .withSizeDistribution(RandomDistribution.uniform());
    }

    private static Arbitrary<Case> with(Queries queries, int most) {
        return Combinators.combine(choices(80), choices(120).list().ofMinSize(1).ofMaxSize(most)).as((shape, texts) -> {
            GridRecipe grid = RandomGrid.of(new Choices(shape));
            return new Case(grid, texts.stream().map(text -> queries.of(new Choices(text), grid)).toList());
        });
    }

    /** Queries with one answer each, up to the order of rows where they are not ordered. */
    static Arbitrary<List<Case>> certain() {
        return with(RandomQuery::of, 3).list().ofSize(CASES);
    }

    /** Queries whose rows may depend on the storage order. */
    static Arbitrary<List<Case>> inStorageOrder() {
        return with(RandomQuery::inStorageOrder, 2).list().ofSize(CASES);
    }

    /** A grid, the same in other chunks, and queries with one answer each. */
    record Rechunked(GridRecipe grid, GridRecipe other, List<QueryText> queries) {
        @Override
        public String toString() {
            return grid + "\n" + other + "\n" + queries;
        }
    }

    /** Queries with one answer each, over a grid in two kinds of chunks. */
    static Arbitrary<List<Rechunked>> rechunked() {
        return Combinators.combine(with(RandomQuery::of, 2), choices(30))
                .as((each, chunks) -> new Rechunked(each.grid(), RandomGrid.rechunked(each.grid(), new Choices(chunks)),
                        each.queries()))
                .list().ofSize(CASES);
    }

    @Override
    public String toString() {
        return grid + "\n" + queries;
    }
}
