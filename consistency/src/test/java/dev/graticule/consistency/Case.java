package dev.graticule.consistency;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;

/**
 * A grid, how it is kept, and a query over it.
 *
 * @param other the same grid in other chunks, kept otherwise
 * @param kind the table that a law about one kind of table looks at
 */
record Case(StoreRecipe store, StoreRecipe other, GridPath.Kind kind, QueryText query) {

    private interface Grids {
        GridRecipe of(Choices choices);
    }

    private interface Queries {
        QueryText of(Choices choices, GridRecipe grid);
    }

    private static Arbitrary<List<Integer>> choices(int most) {
        return Arbitraries.integers().between(0, 1023).withDistribution(RandomDistribution.uniform()).withoutEdgeCases()
                .list().ofMinSize(0).ofMaxSize(most).withSizeDistribution(RandomDistribution.uniform());
    }

    private static Arbitrary<Case> with(Grids grids, Queries queries) {
        return Combinators.combine(choices(80), choices(40), choices(40), choices(120))
                .as((shape, kept, others, text) -> {
                    Choices how = new Choices(kept);
                    int kind = how.below(60);
                    StoreRecipe store = StoreRecipe.of(grids.of(new Choices(shape)), how);
                    StoreRecipe other = store.rechunked(new Choices(others));
                    List<GridPath.Kind> kinds = GridPath.kinds(store);
                    // A store has the most to go wrong.
                    GridPath.Kind drawn = store.isStorable() && kind % 3 == 2 ? GridPath.Kind.ZARR
                            : kinds.get(kind % kinds.size());
                    return new Case(store, other, drawn,
                            queries.of(new Choices(text), store.grid()));
                });
    }

    /** Grids that every kind of table can hold, and queries with one answer each, up to the order of rows. */
    static Arbitrary<Case> onEveryPath() {
        return with(RandomGrid::storable, RandomQuery::of);
    }

    /** Any grids, and queries with one answer each, up to the order of rows. */
    static Arbitrary<Case> any() {
        return with(RandomGrid::of, RandomQuery::of);
    }

    /** Groups of axes. */
    static Arbitrary<Case> ofAxes() {
        return with(RandomGrid::storable, RandomQuery::ofAxes);
    }

    /** Grids of both sorts, and queries whose rows may depend on the storage order. */
    static Arbitrary<Case> inStorageOrder() {
        return Arbitraries.oneOf(with(RandomGrid::storable, RandomQuery::inStorageOrder),
                with(RandomGrid::of, RandomQuery::inStorageOrder));
    }

    @Override
    public String toString() {
        return kind + " of" + store + "\n  or in other chunks: " + other.kept() + "\n " + query;
    }
}
