package dev.graticule.exec.aggregate;

import dev.graticule.aggregate.AggregateCall;
import dev.graticule.aggregate.AggregateFunction;
import dev.graticule.aggregate.Aggregates;
import dev.graticule.exec.Breaker;
import dev.graticule.exec.Morsel;
import dev.graticule.exec.Operator;
import dev.graticule.exec.Source;
import dev.graticule.exec.Stage;
import dev.graticule.exec.Worker;
import dev.graticule.exec.scan.Footprint;
import dev.graticule.exec.scan.GridScanSource;
import dev.graticule.expression.Expression;
import dev.graticule.expression.ExpressionTree;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A GROUP BY that reduces on the grid: the groups of keys that vary along one axis at most are a box of codes, and keys that vary along
 * several axes multiply it by the combinations of their values.
 *
 * <p>Where the groups are kept is chosen before anything is allocated. <em>By regions</em>: the blocks that can touch the same groups
 * are one worker's work, which holds only those groups and pushes them on when the region is done ({@link #regions}). Where there
 * are fewer regions than workers, or few groups and too large regions for all workers to end at the same time, by a {@link #breaker}: <em>copies</em>, one for each worker, which are merged, while all of them
 * are a small share of the memory limit; else <em>shared</em> groups under locks. Where not even these fit, rows are hashed. Groups
 * come in the order of the axes, then of the values of the other keys.
 */
public final class GridGroupBy {
    private static final long FEW_GROUPS = 1 << 16;

    private enum Placement {
        REGIONS, COPIES, SHARED
    }

    private final GridScanSource scan;
    private final List<Operator> operators;
    private final GridKeys keys;
    private final DataKeys data;
    private final List<AggregateCall> calls;
    private final AggregateFunction countRows;
    private final GridRegions regions;
    private final Placement placement;
    private final int threads;

    private GridGroupBy(GridScanSource scan, List<Operator> operators, GridKeys keys, DataKeys data,
            List<AggregateCall> calls, AggregateFunction countRows, GridRegions regions, Placement placement,
            int threads) {
        this.scan = scan;
        this.operators = operators;
        this.keys = keys;
        this.data = data;
        this.calls = calls;
        this.countRows = countRows;
        this.regions = regions;
        this.placement = placement;
        this.threads = threads;
    }

    /**
     * The GROUP BY over a scan, or nothing where its keys do not fit the grid, or its groups not the memory limit.
     *
     * @param operators the steps between the scan and the aggregation
     * @param keys over the columns that the operators give
     * @param columns what the columns that the operators give are over the scan's columns
     * @param aggregates over the columns that the operators give
     * @param filtered whether rows may be left out between the groups' axes and the aggregation
     * @param ordered whether groups are wanted in the order of the axes
     */
    public static Optional<GridGroupBy> prepare(GridScanSource scan, List<Operator> operators, List<Expression> keys,
            List<Expression> columns, List<AggregateCall> aggregates, boolean filtered, boolean ordered,
            Worker worker) {
        if (needsRows(aggregates)) {
            return Optional.empty();
        }
        List<Expression> scanKeys = keys.stream().map(key -> ExpressionTree.substitute(key, columns)).toList();
        Optional<GridKeys> prepared = GridKeys.prepare(scan, scanKeys, worker);
        if (prepared.isEmpty() || prepared.get().groups() > Integer.MAX_VALUE) {
            return Optional.empty();
        }
        GridKeys onAxes = prepared.get();
        List<Expression> dataKeys = onAxes.dataKeys().stream().map(keys::get).toList();
        boolean constantsOnly = dataKeys.isEmpty() && onAxes.components().isEmpty() && !keys.isEmpty();
        if (constantsOnly || !DataKeys.canCode(dataKeys)) {
            return Optional.empty();
        }
        int last = scan.axisCount() - 1;
        boolean reduced = last >= 0 && onAxes.components().stream().noneMatch(each -> each.axis() == last);
        List<AggregateCall> calls = reduced ? FactorOut.of(aggregates, scan.scan(), columns) : aggregates;
        int threads = worker.query().options().threads();
        GridRegions regions = new GridRegions(scan, onAxes, ordered, threads);
        boolean counted = filtered || !dataKeys.isEmpty();
        GroupMemory memory = GroupMemory.of(calls, counted, worker);
        AggregateFunction countRows = counted ? Aggregates.countRows() : null;
        if (dataKeys.isEmpty()) {
            return placement(onAxes, regions, memory, scan, threads).map(placement -> new GridGroupBy(scan, operators,
                    onAxes, null, calls, countRows, regions, placement, threads));
        }
        long bound = DataKeys.bound(dataKeys);
        BitSet footprint = new BitSet();
        onAxes.dataKeys().forEach(key -> footprint.or(Footprint.of(scan.scan(), scanKeys.get(key))));
        int[] numbers = onAxes.dataKeys().stream().mapToInt(Integer::intValue).toArray();
        // Regions push groups on before all data is seen, so there it must be known that these are not too many.
        if (bound < Long.MAX_VALUE && regions.count() >= threads
                && memory.fits(regions.mostGroups() * bound, threads)) {
            return Optional.of(
                    new GridGroupBy(scan, operators, onAxes, new DataKeys(dataKeys, numbers, footprint, bound), calls,
                            countRows, regions, Placement.REGIONS, threads));
        }
        long most = Long.min(memory.mostBoxes(onAxes.groups(), workers(scan, threads)),
                Long.max(FEW_GROUPS, scan.rows()) / Long.max(1, onAxes.groups()));
        return most < Long.min(bound, 2) ? Optional.empty()
                : Optional.of(new GridGroupBy(scan, operators, onAxes, new DataKeys(dataKeys, numbers, footprint, most),
                        calls,
                        countRows, regions, Placement.COPIES, threads));
    }

    private static int workers(GridScanSource scan, int threads) {
        return (int) Long.max(1, Long.min(threads, scan.morsels()));
    }

    private static Optional<Placement> placement(GridKeys keys, GridRegions regions, GroupMemory memory,
            GridScanSource scan, int threads) {
        if (!keys.components().isEmpty() && regions.count() >= threads && memory.fits(regions.mostGroups(), threads)
                && (regions.occupy(threads) || keys.groups() > FEW_GROUPS)) {
            return Optional.of(Placement.REGIONS);
        }
        if (keys.components().isEmpty() || memory.copiesFit(keys.groups(), workers(scan, threads))) {
            return Optional.of(Placement.COPIES);
        }
        return memory.fits(keys.groups(), 1) ? Optional.of(Placement.SHARED) : Optional.empty();
    }

    /**
     * An aggregation without keys over any source: one group, into which batches are reduced in place. Nothing where an aggregate needs
     * rows.
     */
    public static Optional<GridGroupBy> overall(List<AggregateCall> calls, Worker worker) {
        return needsRows(calls) ? Optional.empty()
                : Optional.of(new GridGroupBy(null, List.of(), GridKeys.none(), null, calls, null, null,
                        Placement.COPIES, worker.query().options().threads()));
    }

    private static boolean needsRows(List<AggregateCall> calls) {
        return calls.stream().anyMatch(call -> call.function().dependsOnOrder());
    }

    /** Whether it runs by regions, which are a source; otherwise by a {@link #breaker}. */
    public boolean hasRegions() {
        return placement == Placement.REGIONS;
    }

    /**
     * Whether the breaker met too many combinations of values to keep them on the grid: then it has no groups, and the rows, all of
     * them again, are to be hashed. Known when its pipeline has ended.
     */
    public boolean overflowed() {
        return data != null && data.overflowed();
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
                return region < regions.count() ? new Region((int) region) : null;
            }

            @Override
            public long morsels() {
                return regions.count();
            }

            @Override
            public String describe() {
                return "group by on the grid, " + regions.count() + " regions" + byValues() + " over "
                        + scan.describe();
            }
        };
    }

    private String byValues() {
        return data == null ? ""
                : data.count() == 1 ? ", by the values of 1 key" : ", by the values of " + data.count() + " keys";
    }

    private final class Region implements Morsel {
        private final int region;

        Region(int region) {
            this.region = region;
        }

        @Override
        public long ordinal() {
            return region;
        }

        @Override
        public void run(Worker worker, Stage downstream) {
            try (GridAccumulation groups = new GridAccumulation(keys, data, calls, regions.codes(region), countRows,
                    worker.allocator())) {
                Stage stage = open(worker, groups.stage(worker));
                runBlocks(regions.blocks(region), new int[scan.axisCount()], 0, worker, stage);
                stage.finish();
                groups.emit(worker, region, downstream);
            }
        }

        private void runBlocks(int[][] blocks, int[] at, int axis, Worker worker, Stage stage) {
            if (axis == at.length) {
                scan.morsel(region, at.clone()).run(worker, stage);
                return;
            }
            int count = blocks[axis] == null ? scan.blocks(axis) : blocks[axis].length;
            for (int i = 0; i < count; i++) {
                at[axis] = blocks[axis] == null ? i : blocks[axis][i];
                runBlocks(blocks, at, axis + 1, worker, stage);
            }
        }
    }

    /** Takes the scan's batches, after the operators, into the groups. */
    public Breaker breaker() {
        return placement == Placement.SHARED
                ? new GridStripes(scan, keys, calls, countRows, workers(scan, threads)) : new Copies();
    }

    /** The groups once for each worker. */
    private final class Copies implements Breaker {
        private final List<GridAccumulation> copies = new ArrayList<>();
        private GridAccumulation merged;

        @Override
        public Stage openInput(Worker worker) {
            GridAccumulation copy = worker
                    .own(new GridAccumulation(keys, data, calls, keys.allCodes(), countRows, worker.allocator()));
            synchronized (copies) {
                copies.add(copy);
            }
            return copy.stage(worker);
        }

        @Override
        public boolean isSatisfied() {
            return overflowed();
        }

        @Override
        public void complete(Worker worker) {
            if (overflowed()) {
                copies.forEach(GridAccumulation::close);
                return;
            }
            if (copies.isEmpty() && keys.groups() > 0) {
                openInput(worker);
            }
            for (GridAccumulation copy : copies) {
                if (merged == null) {
                    merged = copy;
                } else {
                    merged.merge(copy);
                    copy.close();
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
            return "group by on the grid, " + (keys.groups() == 1 ? "1 group" : keys.groups() + " groups") + byValues()
                    + (keys.groups() == 1 && data == null ? "" : ", for each worker");
        }
    }
}
