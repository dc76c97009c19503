package dev.graticule.benchmarks.grid;

import dev.graticule.benchmarks.grid.FloorLoops.Moments;
import dev.graticule.benchmarks.grid.FloorLoops.Sum;
import dev.graticule.benchmarks.grid.FloorLoops.Top;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The floor: for each question the best loop that we can write by hand for a generated store, knowing its layout. {@link ChunkReader}
 * reads and decodes a chunk into a native buffer that each thread reuses, {@link FloorLoops} has the loops over runs of its cells; here is
 * which run goes where. Answers are rows of numbers, keys first.
 */
final class Floor {
    private static final int HOURS = 24;
    /** The rows of a batch of a result that is drained. */
    private static final int BATCH = 1 << 16;

    private final Path store;
    private final Layout layout;
    private final GridShape shape;
    private final int threads;

    /** The loops over a store. */
    Floor(Path store, Layout layout, GridShape shape, int threads) {
        this.store = store;
        this.layout = layout;
        this.shape = shape;
        this.threads = threads;
    }

    private ChunkReader reader(String variable) {
        return new ChunkReader(store, layout, shape, variable);
    }

    /** What a thread of a reduction has: where its chunk is, and what it has found so far. */
    private record Part<S>(ChunkReader reader, S found) {
    }

    /** Runs tasks 0..count-1 on all threads, each with a state of its own; gives the states. */
    private <S> List<S> parallel(int count, Supplier<S> begin, BiConsumer<S, Integer> task) {
        AtomicInteger next = new AtomicInteger();
        List<S> states = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                S state = begin.get();
                states.add(state);
                running.add(workers.submit(() -> {
                    for (int number = next.getAndIncrement(); number < count; number = next.getAndIncrement()) {
                        task.accept(state, number);
                    }
                }));
            }
            for (Future<?> worker : running) {
                worker.get();
            }
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException("The loop did not end", failure);
        }
        return states;
    }

    /** Where a run of cells of one time lies: it begins at a cell of the chunk, in this time and latitude of the grid. */
    private interface Run {
        void take(MemorySegment data, int start, int count, int time, int latitude);
    }

    /** Gives the rows of a chunk, without padding. */
    private static void rows(ChunkReader reader, int number, Run run) {
        ChunkGrid chunks = reader.chunks();
        ChunkGrid.Part part = chunks.part(number);
        MemorySegment data = reader.read(number);
        for (int time = 0; time < part.times(); time++) {
            for (int row = 0; row < part.latitudes(); row++) {
                run.take(data, time * chunks.blockCells() + row * chunks.longitudes(), part.longitudes(),
                        part.time() + time, part.latitude() + row);
            }
        }
    }

    /** Gives runs that may reach over several latitudes: all of a time at once where no longitude is padded. */
    private static void times(ChunkReader reader, int number, Run run) {
        ChunkGrid chunks = reader.chunks();
        ChunkGrid.Part part = chunks.part(number);
        if (part.longitudes() < chunks.longitudes()) {
            rows(reader, number, run);
            return;
        }
        MemorySegment data = reader.read(number);
        for (int time = 0; time < part.times(); time++) {
            run.take(data, time * chunks.blockCells(), part.latitudes() * chunks.longitudes(), part.time() + time,
                    part.latitude());
        }
    }

    private static <T> T[] filled(T[] states, Supplier<T> begin) {
        Arrays.setAll(states, i -> begin.get());
        return states;
    }

    private static Sum[] sums(int count) {
        return filled(new Sum[count], Sum::new);
    }

    private interface SumOfChunk {
        void add(ChunkReader reader, int number, Sum[] sums);
    }

    /** Sums of a variable by group, each thread its own, merged at the end. */
    private Sum[] sums(String variable, int groups, SumOfChunk task) {
        List<Part<Sum[]>> parts = parallel(layout.chunks(variable, shape).count(),
                () -> new Part<>(reader(variable), sums(groups)),
                (part, number) -> task.add(part.reader(), number, part.found()));
        Sum[] total = sums(groups);
        parts.forEach(part -> Arrays.setAll(total, i -> {
            total[i].add(part.found()[i]);
            return total[i];
        }));
        return total;
    }

    private double[][] byLatitude(Sum[] sums) {
        double[][] rows = new double[sums.length][];
        Arrays.setAll(rows, latitude -> new double[]{shape.latitude(latitude), sums[latitude].mean()});
        return rows;
    }

    double[][] globalMean() {
        Sum[] sums = sums("t2m", 1, (reader, number, into) -> times(reader, number,
                (data, start, count, time, latitude) -> FloorLoops.add(data, start, count, into[0])));
        return new double[][]{{sums[0].mean()}};
    }

    double[][] meanByLatitude() {
        return byLatitude(sums("t2m", shape.latitudes(), (reader, number, into) -> rows(reader, number,
                (data, start, count, time, latitude) -> FloorLoops.add(data, start, count, into[latitude]))));
    }

    double[][] meanByTime() {
        Sum[] sums = sums("t2m", shape.times(), (reader, number, into) -> times(reader, number,
                (data, start, count, time, latitude) -> FloorLoops.add(data, start, count, into[time])));
        double[][] rows = new double[sums.length][];
        Arrays.setAll(rows, time -> new double[]{shape.microseconds(time), sums[time].mean()});
        return rows;
    }

    /** A block of chunks and the hours of the day that its chunks have: what one thread has the sums of at a time. */
    private final class Cells {
        private final ChunkReader reader = reader("t2m");
        private final MemorySegment sums = Arena.ofAuto().allocate(reader.chunks().cells() * 8L, 64);
        private final MemorySegment batch = Arena.ofAuto().allocate(4L * BATCH * 8, 64);
        private final Sum total = new Sum();
        private int rows;

        /** Adds all chunks of a block whose first hour of the day is that of a region. */
        void add(int region) {
            ChunkGrid chunks = reader.chunks();
            int regionsADay = HOURS / chunks.times();
            int block = region / regionsADay;
            sums.fill((byte) 0);
            for (int along = region % regionsADay; along < chunks.along(); along += regionsADay) {
                int first = along * chunks.times();
                times(reader, along * chunks.blocks() + block, (data, start, count, time, latitude) -> {
                    if (FloorLoops.accumulate(data, start, count, sums, start)) {
                        throw new IllegalStateException("A value is missing at time " + (first + time));
                    }
                });
            }
        }

        /** The mean of the means of the region that was added last. */
        void addMeans(int region) {
            means(region, (from, count, days, hour, latitude, longitude) -> {
                total.sum += FloorLoops.sum(sums, from, count) / days;
                total.count += count;
            });
        }

        /** Writes hour, latitude, longitude and mean of each cell into a batch that is written anew when it is full. */
        void writeMeans(int region) {
            means(region, (from, count, days, hour, latitude, longitude) -> {
                for (int i = 0; i < count; i++) {
                    batch.setAtIndex(ValueLayout.JAVA_LONG, rows, hour);
                    batch.setAtIndex(ValueLayout.JAVA_DOUBLE, BATCH + rows, shape.latitude(latitude));
                    batch.setAtIndex(ValueLayout.JAVA_DOUBLE, 2L * BATCH + rows, shape.longitude(longitude + i));
                    batch.setAtIndex(ValueLayout.JAVA_DOUBLE, 3L * BATCH + rows,
                            sums.getAtIndex(ValueLayout.JAVA_DOUBLE, from + i) / days);
                    rows = rows + 1 < BATCH ? rows + 1 : 0;
                }
                total.count += count;
            });
        }

        private void means(int region, MeansOfRow row) {
            ChunkGrid chunks = reader.chunks();
            int regionsADay = HOURS / chunks.times();
            ChunkGrid.Part part = chunks.part(region / regionsADay);
            for (int time = 0; time < chunks.times(); time++) {
                int hour = region % regionsADay * chunks.times() + time;
                int days = (shape.times() - hour + HOURS - 1) / HOURS;
                for (int latitude = 0; latitude < part.latitudes() && days > 0; latitude++) {
                    row.take(time * chunks.blockCells() + latitude * chunks.longitudes(), part.longitudes(), days, hour,
                            part.latitude() + latitude, part.longitude());
                }
            }
        }
    }

    private interface MeansOfRow {
        void take(int from, int count, int days, int hour, int latitude, int longitude);
    }

    private Sum means(BiConsumer<Cells, Integer> region) {
        ChunkGrid chunks = layout.chunks("t2m", shape);
        Sum total = new Sum();
        parallel(chunks.blocks() * (HOURS / chunks.times()), Cells::new, region)
                .forEach(cells -> total.add(cells.total));
        return total;
    }

    double[][] meanOfMeansByCellAndHour() {
        Sum total = means((cells, region) -> {
            cells.add(region);
            cells.addMeans(region);
        });
        return new double[][]{{total.mean()}};
    }

    /** How many rows of means were written; not the rows, of which there are millions. */
    double[][] meansByCellAndHour() {
        Sum total = means((cells, region) -> {
            cells.add(region);
            cells.writeMeans(region);
        });
        return new double[][]{{total.count}};
    }

    /** What a thread has that reads both variables. */
    private record Both<S>(ChunkReader temperature, ChunkReader humidity, S found) {
    }

    private <S> List<S> both(Supplier<S> begin, BiConsumer<Both<S>, Integer> task) {
        return parallel(layout.chunks("t2m", shape).count(),
                () -> new Both<>(reader("t2m"), reader("rh"), begin.get()), task).stream().map(Both::found).toList();
    }

    double[][] meanWhereWarm() {
        Sum total = new Sum();
        both(Sum::new, (both, number) -> {
            MemorySegment humidity = both.humidity().read(number);
            times(both.temperature(), number, (data, start, count, time, latitude) -> FloorLoops.addWhere(data, start,
                    280, humidity, start, count, both.found()));
        }).forEach(total::add);
        return new double[][]{{total.mean()}};
    }

    double[][] momentsOfDayByLatitude() {
        List<Part<Moments[]>> parts = parallel(layout.chunks("t2m", shape).blocks() * ceiling(HOURS),
                () -> new Part<>(reader("t2m"), filled(new Moments[shape.latitudes()], Moments::new)),
                (part, number) -> rows(part.reader(), number, (data, start, count, time, latitude) -> {
                    if (time < HOURS) {
                        FloorLoops.addMoments(data, start, count, part.found()[latitude]);
                    }
                }));
        double[][] rows = new double[shape.latitudes()][];
        Arrays.setAll(rows, latitude -> {
            Moments total = new Moments();
            parts.forEach(part -> total.add(part.found()[latitude]));
            return new double[]{shape.latitude(latitude), total.count, total.least, total.greatest, total.mean(),
                    total.deviation()};
        });
        return rows;
    }

    /** How many chunks along time hold the first hours. */
    private int ceiling(int hours) {
        int times = layout.chunks("t2m", shape).times();
        return (Math.min(hours, shape.times()) + times - 1) / times;
    }

    double[][] meanOfBox(double south, double north, double west, double east) {
        int firstRow = first(row -> shape.latitude(row) <= north);
        int rows = first(row -> shape.latitude(row) < south) - firstRow;
        int firstColumn = first(column -> shape.longitude(column) >= west);
        int columns = first(column -> shape.longitude(column) > east) - firstColumn;
        ChunkGrid chunks = layout.chunks("t2m", shape);
        List<Integer> numbers = new ArrayList<>();
        for (int number = 0; number < chunks.count(); number++) {
            ChunkGrid.Part part = chunks.part(number);
            if (part.latitude() < firstRow + rows && firstRow < part.latitude() + part.latitudes()
                    && part.longitude() < firstColumn + columns && firstColumn < part.longitude() + part.longitudes()) {
                numbers.add(number);
            }
        }
        Sum total = new Sum();
        parallel(numbers.size(), () -> new Part<>(reader("t2m"), new Sum()), (state, i) -> {
            ChunkGrid.Part part = chunks.part(numbers.get(i));
            int row = Math.max(firstRow - part.latitude(), 0);
            int column = Math.max(firstColumn - part.longitude(), 0);
            int height = Math.min(firstRow + rows - part.latitude(), part.latitudes()) - row;
            int width = Math.min(firstColumn + columns - part.longitude(), part.longitudes()) - column;
            int from = row * chunks.longitudes() + column;
            int span = (part.times() - 1) * chunks.blockCells() + (height - 1) * chunks.longitudes() + width;
            MemorySegment data = state.reader().read(numbers.get(i), from, span);
            for (int time = 0; time < part.times(); time++) {
                for (int y = 0; y < height; y++) {
                    FloorLoops.add(data, from + time * chunks.blockCells() + y * chunks.longitudes(), width,
                            state.found());
                }
            }
        }).forEach(state -> total.add(state.found()));
        return new double[][]{{total.mean()}};
    }

    private interface Place {
        boolean test(int index);
    }

    private static int first(Place place) {
        int index = 0;
        while (!place.test(index)) {
            index++;
        }
        return index;
    }

    private static int zone(double latitude) {
        return (int) Math.floor(latitude / 10);
    }

    /** From 90 S to 90 N: the pole in the north has a zone of its own. */
    private static final int ZONES = 19;

    double[][] monthlyMaximumByZone() {
        int months = shape.month(shape.times() - 1);
        float[] none = new float[months * ZONES];
        Arrays.fill(none, Float.NEGATIVE_INFINITY);
        List<Part<float[]>> parts = parallel(layout.chunks("t2m", shape).count(),
                () -> new Part<>(reader("t2m"), none.clone()),
                (part, number) -> rows(part.reader(), number, (data, start, count, time, latitude) -> {
                    int group = (shape.month(time) - 1) * ZONES + zone(shape.latitude(latitude)) + 9;
                    part.found()[group] = Math.max(part.found()[group], FloorLoops.greatest(data, start, count));
                }));
        return groups(none.length, group -> {
            float greatest = Float.NEGATIVE_INFINITY;
            for (Part<float[]> part : parts) {
                greatest = Math.max(greatest, part.found()[group]);
            }
            return greatest == Float.NEGATIVE_INFINITY ? Stream.empty()
                    : Stream.of(new double[]{1 + group / ZONES, group % ZONES - 9, greatest});
        });
    }

    private static double[][] groups(int count, Function<Integer, Stream<double[]>> row) {
        return Stream.iterate(0, group -> group < count, group -> group + 1).flatMap(row).toArray(double[][]::new);
    }

    double[][] weightedMeanByTime() {
        double[] weights = new double[shape.latitudes()];
        Arrays.setAll(weights, row -> Math.cos(Math.toRadians(shape.latitude(row))));
        double weight = Arrays.stream(weights).sum() * shape.longitudes();
        List<Part<double[]>> parts = parallel(layout.chunks("t2m", shape).count(),
                () -> new Part<>(reader("t2m"), new double[shape.times()]), (part, number) -> {
                    Sum row = new Sum();
                    rows(part.reader(), number, (data, start, count, time, latitude) -> {
                        row.sum = 0;
                        FloorLoops.add(data, start, count, row);
                        part.found()[time] += row.sum * weights[latitude];
                    });
                });
        return groups(shape.times(), time -> Stream.of(new double[]{shape.microseconds(time),
                parts.stream().mapToDouble(part -> part.found()[time]).sum() / weight}));
    }

    double[][] hottestOfTheDry(int count) {
        Top total = new Top(count);
        both(() -> new Top(count), (both, number) -> {
            MemorySegment humidity = both.humidity().read(number);
            times(both.temperature(), number, (data, start, cells, time, latitude) -> FloorLoops.offer(data, 300,
                    humidity, 30, start, cells, both.found()));
        }).forEach(total::add);
        return Arrays.stream(total.descending()).mapToObj(kelvin -> new double[]{(float) kelvin - 273.15f})
                .toArray(double[][]::new);
    }

    double[][] shareOfHumidByHourAndZone() {
        Sum[] sums = sums("rh", HOURS * ZONES, (reader, number, into) -> rows(reader, number,
                (data, start, count, time, latitude) -> FloorLoops.countAbove(data, start, count, 90,
                        into[time % HOURS * ZONES + zone(shape.latitude(latitude)) + 9])));
        return groups(sums.length, group -> sums[group].count == 0 ? Stream.empty()
                : Stream.of(new double[]{group / ZONES, group % ZONES - 9, sums[group].mean()}));
    }

    /** The means of both variables by latitude where the mask is 1; their chunks may differ. */
    double[][] meansByLatitudeOverLand() {
        MemorySegment mask = mask();
        double[][] temperature = byLatitude(maskedSums("t2m", mask));
        double[][] humidity = byLatitude(maskedSums("rh", mask));
        return groups(shape.latitudes(), row -> Double.isNaN(temperature[row][1]) ? Stream.empty()
                : Stream.of(new double[]{temperature[row][0], temperature[row][1], humidity[row][1]}));
    }

    private Sum[] maskedSums(String variable, MemorySegment mask) {
        return sums(variable, shape.latitudes(), (reader, number, into) -> {
            int longitude = reader.chunks().part(number).longitude();
            rows(reader, number, (data, start, count, time, latitude) -> FloorLoops.addWhere(mask,
                    (long) latitude * shape.longitudes() + longitude, 0.5f, data, start, count, into[latitude]));
        });
    }

    /** The mask as REALs. */
    private MemorySegment mask() {
        try {
            byte[] stored = Files.readAllBytes(store.resolve("mask/c/0/0"));
            MemorySegment mask = Arena.ofAuto().allocate(stored.length * 4L, 64);
            for (int cell = 0; cell < stored.length; cell++) {
                mask.setAtIndex(ValueLayout.JAVA_FLOAT, cell, stored[cell]);
            }
            return mask;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
