package dev.graticule.exec.aggregate;

import dev.graticule.aggregate.AggregateCall;
import dev.graticule.aggregate.AggregateFunction;
import dev.graticule.batch.Box;
import dev.graticule.batch.IndexSet;
import dev.graticule.exec.Breaker;
import dev.graticule.exec.Morsel;
import dev.graticule.exec.Operator;
import dev.graticule.exec.Source;
import dev.graticule.exec.Stage;
import dev.graticule.exec.Worker;
import dev.graticule.exec.scan.GridScanSource;
import dev.graticule.expression.Expression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * A GROUP BY that reduces on the grid: every key varies along one axis at most, so the groups are a box of codes.
 *
 * <p>Runs in one of two ways. <em>By regions</em>: the blocks that can touch the same groups are one worker's work, which holds only
 * those groups and pushes them on when the region is done ({@link #regions}). <em>By copies</em>: where there are fewer regions than
 * workers, each worker has all groups and the copies are merged ({@link #copies}). Either way groups come in the order of the
 * axes.
 */
public final class GridGroupBy {
    private static final int REGIONS_PER_WORKER = 4;
    private static final int SMALL_REGION_GROUPS = 1 << 14;

    private final GridScanSource scan;
    private final List<Operator> operators;
    private final GridKeys keys;
    private final List<AggregateCall> calls;
    private final AggregateFunction countRows;
    private final List<int[]> regions;

    private GridGroupBy(GridScanSource scan, List<Operator> operators, GridKeys keys, List<AggregateCall> calls,
            AggregateFunction countRows,
            int threads) {
        this.scan = scan;
        this.operators = operators;
        this.keys = keys;
        this.calls = calls;
        this.countRows = countRows;
        this.regions = regionsOf(threads);
    }

    /**
     * The GROUP BY over a scan, or nothing where its keys do not fit the grid.
     *
     * @param operators the steps between the scan and the aggregation
     * @param keys over the scan's columns
     * @param calls over the columns that the operators give
     * @param countRows {@code count(*)} where rows may be left out between the groups' axes and the aggregation, else {@code null}
     */
    public static Optional<GridGroupBy> prepare(GridScanSource scan, List<Operator> operators, List<Expression> keys,
            List<AggregateCall> calls,
            AggregateFunction countRows, Worker worker) {
        if (needsRows(calls)) {
            return Optional.empty();
        }
        Optional<GridKeys> prepared = GridKeys.prepare(scan, keys, worker);
        boolean constantsOnly = prepared.isPresent() && prepared.get().components().isEmpty() && !keys.isEmpty();
        if (prepared.isEmpty() || constantsOnly || prepared.get().groups() > Integer.MAX_VALUE) {
            return Optional.empty();
        }
        return Optional.of(
                new GridGroupBy(scan, operators, prepared.get(), calls, countRows, worker.query().options().threads()));
    }

    /**
     * An aggregation without keys over any source: one group, into which batches are reduced in place. Nothing where an aggregate needs
     * rows.
     */
    public static Optional<GridGroupBy> overall(List<AggregateCall> calls, Worker worker) {
        return needsRows(calls) ? Optional.empty()
                : Optional.of(new GridGroupBy(null, List.of(), GridKeys.none(), calls, null,
                        worker.query().options().threads()));
    }

    private static boolean needsRows(List<AggregateCall> calls) {
        return calls.stream().anyMatch(call -> call.function().dependsOnOrder());
    }

    /** Whether there are enough regions to keep all workers busy. */
    public boolean hasRegions(int threads) {
        return !keys.components().isEmpty() && regions.size() >= threads;
    }

    /**
     * The regions: for each the blocks of the first component's axis. Blocks that share a code are in one region; small regions that
     * follow each other are joined. Codes are renumbered so that groups come in one order whatever the number of workers.
     */
    private List<int[]> regionsOf(int threads) {
        if (keys.components().isEmpty() || scan.rows() == 0) {
            return List.of();
        }
        GridKeys.Component first = keys.components().getFirst();
        int blocks = scan.blocks(first.axis());
        int[] parent = new int[blocks];
        int[] blockOfCode = new int[first.codes()];
        Arrays.fill(blockOfCode, -1);
        for (int block = 0; block < blocks; block++) {
            parent[block] = block;
            IndexSet indices = scan.block(first.axis(), block);
            for (int i = 0; i < indices.size(); i++) {
                int code = first.code(indices.at(i));
                if (blockOfCode[code] < 0) {
                    blockOfCode[code] = block;
                } else {
                    parent[root(parent, block)] = root(parent, blockOfCode[code]);
                }
            }
        }
        int[] size = new int[blocks];
        for (int block = 0; block < blocks; block++) {
            size[root(parent, block)]++;
        }
        List<int[]> connected = new ArrayList<>();
        int[] regionOfRoot = new int[blocks];
        int[] filled = new int[blocks];
        Arrays.fill(regionOfRoot, -1);
        for (int block = 0; block < blocks; block++) {
            int root = root(parent, block);
            if (regionOfRoot[root] < 0) {
                regionOfRoot[root] = connected.size();
                connected.add(new int[size[root]]);
            }
            connected.get(regionOfRoot[root])[filled[root]++] = block;
        }
        first.renumber(connected.stream().flatMapToInt(this::codesOfBlocks).toArray());
        return join(connected, threads);
    }

    /** The codes of the first component in these blocks, ascending. */
    private IntStream codesOfBlocks(int[] blocks) {
        GridKeys.Component first = keys.components().getFirst();
        return Arrays.stream(blocks).flatMap(block -> {
            IndexSet indices = scan.block(first.axis(), block);
            return IntStream.range(0, indices.size()).map(i -> first.code(indices.at(i)));
        }).sorted().distinct();
    }

    private static int root(int[] parent, int block) {
        while (parent[block] != block) {
            parent[block] = parent[parent[block]];
            block = parent[block];
        }
        return block;
    }

    private List<int[]> join(List<int[]> connected, int threads) {
        long groupsEach = Long.max(1, keys.groups() / connected.size());
        int most = (int) Long.max(1,
                Long.min(SMALL_REGION_GROUPS / groupsEach, connected.size() / (REGIONS_PER_WORKER * threads)));
        List<int[]> joined = new ArrayList<>();
        for (int from = 0; from < connected.size(); from += most) {
            joined.add(connected.subList(from, Integer.min(connected.size(), from + most)).stream()
                    .flatMapToInt(Arrays::stream).toArray());
        }
        return joined;
    }

    private Box allCodes() {
        if (keys.components().isEmpty()) {
            return Box.rows(0, 1);
        }
        List<IndexSet> sets = new ArrayList<>();
        for (GridKeys.Component component : keys.components()) {
            sets.add(new IndexSet.Range(0, component.codes()));
        }
        return new Box(sets);
    }

    private Box codesOf(int[] blocks) {
        int[] codes = codesOfBlocks(blocks).toArray();
        List<IndexSet> sets = new ArrayList<>(allCodes().axes());
        boolean range = codes[codes.length - 1] - codes[0] == codes.length - 1;
        sets.set(0, range ? new IndexSet.Range(codes[0], codes.length) : new IndexSet.Listed(codes, 0, codes.length));
        return new Box(sets);
    }

    private Stage open(Worker worker, Stage last) {
        Stage stage = last;
        for (Operator operator : operators.reversed()) {
            stage = operator.open(worker, stage);
        }
        return stage;
    }

    /** The groups, region by region. */
    public Source regions() {
        AtomicLong next = new AtomicLong();
        return new Source() {
            @Override
            public Morsel next() {
                long region = next.getAndIncrement();
                return region < regions.size() ? new Region(region) : null;
            }

            @Override
            public long morsels() {
                return regions.size();
            }

            @Override
            public String describe() {
                return "group by on the grid, " + regions.size() + " regions over " + scan.describe();
            }
        };
    }

    private final class Region implements Morsel {
        private final long ordinal;

        Region(long ordinal) {
            this.ordinal = ordinal;
        }

        @Override
        public long ordinal() {
            return ordinal;
        }

        @Override
        public void run(Worker worker, Stage downstream) {
            int[] blocks = regions.get((int) ordinal);
            int axis = keys.components().getFirst().axis();
            try (GridAccumulation groups = new GridAccumulation(keys, calls, codesOf(blocks), countRows,
                    worker.allocator())) {
                Stage stage = open(worker, groups.stage(worker));
                int[] at = new int[scan.axisCount()];
                for (int block : blocks) {
                    at[axis] = block;
                    runBlocks(at, 0, axis, worker, stage);
                }
                stage.finish();
                groups.emit(worker, ordinal, downstream);
            }
        }

        private void runBlocks(int[] at, int axis, int fixed, Worker worker, Stage stage) {
            if (axis == at.length) {
                scan.morsel(ordinal, at.clone()).run(worker, stage);
            } else if (axis == fixed) {
                runBlocks(at, axis + 1, fixed, worker, stage);
            } else {
                for (at[axis] = 0; at[axis] < scan.blocks(axis); at[axis]++) {
                    runBlocks(at, axis + 1, fixed, worker, stage);
                }
            }
        }
    }

    /** Takes the scan's batches (after the operators) into a copy of the groups for each worker. */
    public Breaker copies() {
        return new Copies();
    }

    private final class Copies implements Breaker {
        private final List<GridAccumulation> copies = new ArrayList<>();
        private GridAccumulation merged;

        @Override
        public Stage openInput(Worker worker) {
            GridAccumulation copy = worker
                    .own(new GridAccumulation(keys, calls, allCodes(), countRows, worker.allocator()));
            synchronized (copies) {
                copies.add(copy);
            }
            return copy.stage(worker);
        }

        @Override
        public void complete(Worker worker) {
            if (copies.isEmpty() && keys.groups() > 0) {
                copies.add(worker.own(new GridAccumulation(keys, calls, allCodes(), countRows, worker.allocator())));
            }
            for (GridAccumulation copy : copies) {
                if (merged == null) {
                    merged = copy;
                } else {
                    merged.merge(copy);
                }
            }
        }

        @Override
        public Source output() {
            AtomicLong next = new AtomicLong();
            return new Source() {
                @Override
                public Morsel next() {
                    return merged == null || next.getAndIncrement() > 0 ? null : new Morsel() {
                        @Override
                        public long ordinal() {
                            return 0;
                        }

                        @Override
                        public void run(Worker worker, Stage stage) {
                            merged.emit(worker, 0, stage);
                        }
                    };
                }

                @Override
                public String describe() {
                    return "groups";
                }
            };
        }

        @Override
        public String describe() {
            return "group by on the grid, " + keys.groups() + (keys.groups() == 1 ? " group" : " groups");
        }
    }
}
