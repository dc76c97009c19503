package dev.graticule.compile;

import dev.graticule.aggregate.Aggregates;
import dev.graticule.exec.Breaker;
import dev.graticule.exec.FilterOperator;
import dev.graticule.exec.Morsel;
import dev.graticule.exec.Operator;
import dev.graticule.exec.Pipeline;
import dev.graticule.exec.ProjectOperator;
import dev.graticule.exec.QueryContext;
import dev.graticule.exec.QueryRun;
import dev.graticule.exec.Source;
import dev.graticule.exec.UnionSource;
import dev.graticule.exec.Worker;
import dev.graticule.exec.aggregate.AxisOrder;
import dev.graticule.exec.aggregate.GridGroupBy;
import dev.graticule.exec.aggregate.HashAggregateBreaker;
import dev.graticule.exec.limit.LimitBreaker;
import dev.graticule.exec.scan.FetchOperator;
import dev.graticule.exec.scan.GridScanSource;
import dev.graticule.exec.scan.RowScanSource;
import dev.graticule.exec.scan.ScanOrder;
import dev.graticule.exec.scan.ValuesSource;
import dev.graticule.exec.sort.SortBreaker;
import dev.graticule.exec.sort.TopNBreaker;
import dev.graticule.expression.Expression;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.spi.Closing;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Cuts a logical plan into pipelines at its breakers and has each run before what follows is compiled: so a later pipeline sees what
 * the earlier ones found. Used by one thread, once.
 */
public final class Compiler {
    private static final BitSet NONE = new BitSet();

    private final Worker worker;
    private final Consumer<Pipeline> runner;
    private Map<LogicalPlan.RowScan, BitSet> folded = Map.of();

    /**
     * A plan's running form so far: a source and the steps that its batches take.
     *
     * @param scan the grid scan that {@code source} is, or {@code null}
     * @param columns what the steps' output columns are over the scan's columns; {@code null} without a scan
     * @param filtered whether rows may be left out by a bitmap on the way
     */
    private record Fragment(Source source, List<Operator> operators, GridScanSource scan, List<Expression> columns,
            boolean filtered) {
        static Fragment of(Source source) {
            return new Fragment(source, List.of(), null, null, true);
        }

        Fragment then(Operator operator, List<Expression> newColumns, boolean filters) {
            List<Operator> more = new ArrayList<>(operators);
            more.add(operator);
            return new Fragment(source, more, scan, newColumns, filtered || filters);
        }
    }

    /**
     * @param worker on whose thread plans are prepared (coordinates read, axis predicates evaluated), and who owns what they keep
     * @param runner runs a pipeline to its end
     */
    public Compiler(Worker worker, Consumer<Pipeline> runner) {
        this.worker = worker;
        this.runner = runner;
    }

    /**
     * A run of a plan, to be closed by the caller, and with it the allocator of {@code query}; nothing happens before its first batch
     * is asked for.
     *
     * @param results the allocator of the batches, which outlives the query
     * @param permits one for each core that the engine may use, shared by its queries
     */
    public static QueryRun open(LogicalPlan plan, QueryContext query, BufferAllocator results, Semaphore permits) {
        if (plan instanceof LogicalPlan.Limit top) {
            boolean cautious = top.limit() <= query.options().batchRows();
            return new QueryRun((worker, runner, last) -> new Compiler(worker, runner).run(top.input(), last, cautious),
                    plan.output(), top.limit(),
                    top.offset(), query, results, permits);
        }
        return new QueryRun((worker, runner, last) -> new Compiler(worker, runner).run(plan, last, false),
                plan.output(), Long.MAX_VALUE, 0, query,
                results, permits);
    }

    /** Runs a plan into the last breaker to its end, on the calling thread and others. */
    public static void run(LogicalPlan plan, QueryContext query, Semaphore permits, Breaker last) {
        run(plan, query, last, (pipeline, workers) -> QueryRun.run(pipeline, workers, permits));
    }

    /** The same with another way to run each pipeline on the workers. */
    static void run(LogicalPlan plan, QueryContext query, Breaker last, BiConsumer<Pipeline, List<Worker>> runner) {
        List<Worker> workers = new ArrayList<>();
        try {
            for (int i = 0; i < query.options().threads(); i++) {
                workers.add(new Worker(i, query));
            }
            new Compiler(workers.getFirst(), pipeline -> runner.accept(pipeline, workers)).run(plan, last, false);
        } finally {
            Closing.all(workers.reversed());
        }
    }

    /** Runs a plan into the last breaker; {@code cautious} where few morsels are likely to be enough for it. */
    public void run(LogicalPlan plan, Breaker last, boolean cautious) {
        folded = worker.query().options().gridOperators() ? FoldedColumns.of(plan) : Map.of();
        Fragment fragment = build(plan, ScanOrder.STORAGE);
        runner.accept(new Pipeline(fragment.source(), fragment.operators(), last, true, cautious));
    }

    /** @param order the order of a grid's rows that what follows depends on */
    private Fragment build(LogicalPlan plan, ScanOrder order) {
        return build(plan, order, false);
    }

    /** @param once whether an axis along which no column of a grid scan varies may be taken once, as its first index */
    private Fragment build(LogicalPlan plan, ScanOrder order, boolean once) {
        return switch (plan) {
            case LogicalPlan.GridScan scan -> gridScan(scan, Expression.Literal.TRUE, order, once);
            case LogicalPlan.RowScan scan -> Fragment.of(new RowScanSource(scan, folded.getOrDefault(scan, NONE)));
            case LogicalPlan.Values values -> Fragment.of(new ValuesSource(values));
            case LogicalPlan.Filter(LogicalPlan.GridScan scan, Expression predicate) ->
                gridScan(scan, predicate, order, once);
            case LogicalPlan.Filter filter -> {
                Fragment input = build(filter.input(), order, once);
                yield input.then(new FilterOperator(filter.predicate()), input.columns(), true);
            }
            case LogicalPlan.Project project -> {
                Fragment input = build(project.input(), order, once);
                List<Expression> columns = input.scan() == null ? null
                        : project.expressions().stream().map(each -> ExpressionTree.substitute(each, input.columns()))
                                .toList();
                yield input.then(new ProjectOperator(project.expressions()), columns, false);
            }
            case LogicalPlan.Aggregate aggregate -> aggregate(aggregate, order);
            case LogicalPlan.Sort sort -> sort(sort);
            case LogicalPlan.Fetch fetch -> build(fetch.input(), order).then(new FetchOperator(fetch), null, false);
            case LogicalPlan.Limit limit -> breakWith(build(limit.input(), ScanOrder.STORAGE),
                    new LimitBreaker(limit.limit(), limit.offset(), types(limit.input())), true,
                    limit.limit() <= worker.query().options().batchRows());
            case LogicalPlan.Union union -> {
                List<UnionSource.Input> inputs = new ArrayList<>();
                for (LogicalPlan each : union.inputs()) {
                    Fragment input = build(each, order);
                    inputs.add(new UnionSource.Input(input.source(), input.operators()));
                }
                yield Fragment.of(new UnionSource(inputs));
            }
        };
    }

    private Fragment sort(LogicalPlan.Sort sort) {
        boolean topN = sort.limit() != Long.MAX_VALUE;
        List<SqlType> types = types(sort.input());
        Optional<Fragment> inOrder = inAxisOrder(sort);
        if (inOrder.isPresent()) {
            return topN ? breakWith(inOrder.get(), new LimitBreaker(sort.limit(), 0, types), true, true)
                    : inOrder.get();
        }
        Breaker breaker = topN ? new TopNBreaker(sort.keys(), sort.limit(), types)
                : new SortBreaker(sort.keys(), types);
        return breakWith(build(sort.input(), ScanOrder.STORAGE), breaker, false, false);
    }

    /** ORDER BY the axes in their order, along which the coordinates are sorted already: the scan in the array's order. */
    private Optional<Fragment> inAxisOrder(LogicalPlan.Sort sort) {
        if (!worker.query().options().optimizer() || !(below(sort.input()) instanceof LogicalPlan.GridScan scan)) {
            return Optional.empty();
        }
        int keys = Integer.min(scan.table().axes().size(), sort.keys().size());
        for (int key = 0; key < keys; key++) {
            if (axisOf(overBelow(sort.keys().get(key).expression(), sort.input()), scan).orElse(-1) != key) {
                return Optional.empty();
            }
        }
        // Making the scan reads coordinates: not for an order that it cannot have.
        Fragment input = build(sort.input(), ScanOrder.ARRAY);
        for (int key = 0; key < keys; key++) {
            if (!input.scan().isSorted(key, sort.keys().get(key).descending())) {
                return Optional.empty();
            }
        }
        return Optional.of(input);
    }

    /** The axis whose coordinate an expression over a scan is, where it is one. */
    private static OptionalInt axisOf(Expression expression, LogicalPlan.GridScan scan) {
        int number = stored(expression) instanceof Expression.ColumnReference column
                ? scan.columns().get(column.index()) : Integer.MAX_VALUE;
        return number < scan.table().axes().size() ? OptionalInt.of(number) : OptionalInt.empty();
    }

    /** What an expression keeps the order of: a coordinate's stored values, where only NaN is made a NULL. */
    private static Expression stored(Expression expression) {
        return expression instanceof Expression.Unpack unpack && !unpack.unpacking().scaled()
                && unpack.unpacking().sentinels().isEmpty() ? unpack.stored() : expression;
    }

    /** What is below a plan's projections and filters. */
    private static LogicalPlan below(LogicalPlan plan) {
        return plan instanceof LogicalPlan.Project || plan instanceof LogicalPlan.Filter
                ? below(plan.inputs().getFirst()) : plan;
    }

    /** An expression over a plan's columns as one over those of what is {@link #below}. */
    private static Expression overBelow(Expression expression, LogicalPlan plan) {
        return plan instanceof LogicalPlan.Project project
                ? overBelow(ExpressionTree.substitute(expression, project.expressions()), project.input())
                : plan instanceof LogicalPlan.Filter filter ? overBelow(expression, filter.input()) : expression;
    }

    private static List<SqlType> types(LogicalPlan plan) {
        return plan.output().stream().map(LogicalPlan.OutputColumn::type).toList();
    }

    private Fragment gridScan(LogicalPlan.GridScan scan, Expression predicate, ScanOrder order, boolean once) {
        GridScanSource source = new GridScanSource(scan, predicate, order, once, worker);
        return new Fragment(source, List.of(), source, references(scan), predicate != Expression.Literal.TRUE);
    }

    private Fragment aggregate(LogicalPlan.Aggregate written, ScanOrder order) {
        boolean ordered = written.aggregates().stream().anyMatch(call -> call.function().dependsOnOrder());
        boolean once = worker.query().options().gridOperators()
                && written.aggregates().stream().allMatch(Aggregates::canBeRepeated);
        Fragment input = build(written.input(), ordered ? ScanOrder.STORAGE : ScanOrder.ANY, once);
        LogicalPlan.Aggregate aggregate = written;
        if (input.scan() != null) {
            new RepeatNotice(input.scan(), input.columns()).of(written).forEach(worker.query()::notice);
            aggregate = repeated(written, input.scan().repeats());
        }
        if (input.scan() != null && worker.query().options().gridOperators()) {
            Optional<GridGroupBy> grid = onGrid(aggregate, input, order != ScanOrder.ANY);
            if (grid.isPresent()) {
                if (grid.get().hasRegions()) {
                    return Fragment.of(grid.get().regions());
                }
                Fragment groups = breakWith(input, grid.get().breaker(), false, false);
                if (!grid.get().overflowed()) {
                    return groups;
                }
                // The values of some keys are too many for the grid: the rows are read again.
                input = build(aggregate.input(), ordered ? ScanOrder.STORAGE : ScanOrder.ANY, once);
            }
        }
        if (order != ScanOrder.ANY && isByClaimedAxes(aggregate)) {
            return inOrderOfRows(aggregate, input);
        }
        Optional<GridGroupBy> overall = aggregate.keys().isEmpty() ? GridGroupBy.overall(aggregate.aggregates(), worker)
                : Optional.empty();
        Breaker rows = overall.isPresent() ? overall.get().breaker()
                : new HashAggregateBreaker(aggregate.keys(), aggregate.aggregates());
        Fragment groups = breakWith(input, rows, false, false);
        return order == ScanOrder.ANY || input.scan() == null ? groups : inAxisOrder(aggregate, input, groups);
    }

    /** Whether the keys are coordinates by which a stream's metadata number its rows: then the order of the axes is that of the rows. */
    private static boolean isByClaimedAxes(LogicalPlan.Aggregate aggregate) {
        if (aggregate.keys().isEmpty() || !(below(aggregate.input()) instanceof LogicalPlan.RowScan scan)) {
            return false;
        }
        return scan.table().grid().filter(grid -> aggregate.keys().stream().allMatch(
                key -> overBelow(key, aggregate.input()) instanceof Expression.ColumnReference column
                        && grid.isAxis(scan.columns().get(column.index()),
                                scan.table().columns().get(scan.columns().get(column.index())).name())))
                .isPresent();
    }

    /** Groups on rows in the order in which these have them first, however many they are. */
    private Fragment inOrderOfRows(LogicalPlan.Aggregate aggregate, Fragment input) {
        HashAggregateBreaker breaker = new HashAggregateBreaker(aggregate.keys(), aggregate.aggregates(), true);
        Fragment groups = breakWith(input, breaker, false, false);
        List<SqlType> types = new ArrayList<>(types(aggregate));
        int number = types.size();
        types.add(SqlType.BIGINT);
        if (breaker.partitioned()) {
            groups = breakWith(groups, new SortBreaker(List.of(new LogicalPlan.SortKey(
                    new Expression.ColumnReference(number, "first", SqlType.BIGINT), false, false)), types), false,
                    false);
        }
        return groups.then(new ProjectOperator(references(aggregate)), null, false);
    }

    private static LogicalPlan.Aggregate repeated(LogicalPlan.Aggregate aggregate, long times) {
        return new LogicalPlan.Aggregate(aggregate.input(), aggregate.keys(),
                aggregate.aggregates().stream().map(call -> Aggregates.repeated(call, times)).toList(),
                aggregate.output());
    }

    /** Groups that were hashed, in the order of the axes where the keys are axes, as those on the grid are by themselves. */
    private Fragment inAxisOrder(LogicalPlan.Aggregate aggregate, Fragment input, Fragment groups) {
        GridScanSource scan = input.scan();
        List<Expression> keys = aggregate.keys().stream()
                .map(key -> ExpressionTree.substitute(key, input.columns())).toList();
        SortedMap<Integer, LogicalPlan.SortKey> byAxis = new TreeMap<>();
        boolean sorted = true;
        for (int key = 0; key < keys.size(); key++) {
            OptionalInt axis = axisOf(keys.get(key), scan.scan());
            if (axis.isEmpty()) {
                return groups;
            }
            boolean descends = !scan.isSorted(axis.getAsInt(), false);
            sorted &= !descends || scan.isSorted(axis.getAsInt(), true);
            LogicalPlan.OutputColumn output = aggregate.output().get(key);
            byAxis.put(axis.getAsInt(), new LogicalPlan.SortKey(
                    new Expression.ColumnReference(key, output.name(), output.type()), descends, false));
        }
        List<SqlType> types = types(aggregate);
        if (sorted) {
            return byAxis.isEmpty() ? groups
                    : breakWith(groups, new SortBreaker(List.copyOf(byAxis.values()), types), false, false);
        }
        return AxisOrder.of(scan, keys, worker).map(places -> {
            List<SqlType> withPlaces = new ArrayList<>(types);
            withPlaces.addAll(places.types());
            Fragment placed = groups.then(places, null, false);
            Fragment ordered = breakWith(placed, new SortBreaker(places.sortKeys(types.size()), withPlaces), false,
                    false);
            return ordered.then(new ProjectOperator(references(aggregate)), null, false);
        }).orElse(groups);
    }

    private static List<Expression> references(LogicalPlan plan) {
        List<Expression> columns = new ArrayList<>();
        for (LogicalPlan.OutputColumn column : plan.output()) {
            columns.add(new Expression.ColumnReference(columns.size(), column.name(), column.type()));
        }
        return columns;
    }

    private Optional<GridGroupBy> onGrid(LogicalPlan.Aggregate aggregate, Fragment input, boolean ordered) {
        return GridGroupBy.prepare(input.scan(), input.operators(), aggregate.keys(), input.columns(),
                aggregate.aggregates(), input.filtered(), ordered, worker);
    }

    private Fragment breakWith(Fragment input, Breaker breaker, boolean ordered, boolean cautious) {
        runner.accept(new Pipeline(input.source(), input.operators(), breaker, ordered, cautious));
        return Fragment.of(new Output(breaker));
    }

    /** What a breaker gives, asked for when the first morsel is wanted: EXPLAIN never does. */
    private static final class Output implements Source {
        private final Breaker breaker;
        private Source source;

        Output(Breaker breaker) {
            this.breaker = breaker;
        }

        @Override
        public synchronized Morsel next() {
            if (source == null) {
                source = breaker.output();
            }
            return source.next();
        }

        @Override
        public synchronized void end() {
            if (source != null) {
                source.end();
            }
        }

        @Override
        public String describe() {
            return "output of " + breaker.describe();
        }
    }
}
