package dev.graticule.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The floor: for each question of the comparison the best loop that we can write by hand for the generated store, knowing its
 * layout: a chunk file is read into a reused native buffer and reduced with the Vector API; NaN does not count.
 */
final class HandWrittenLoops {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = FLOATS.length();
    private static final int TIMES = GridShape.TIMES;
    private static final int LATITUDES = GridShape.LATITUDES;
    private static final int LONGITUDES = GridShape.LONGITUDES;
    private static final int CELLS = LATITUDES * LONGITUDES;

    private final Path store;
    private final int threads;

    HandWrittenLoops(Path store, int threads) {
        this.store = store;
        this.threads = threads;
    }

    /** A sum and how many numbers it has. */
    private static final class Sum {
        private double sum;
        private long count;
    }

    /** Reads chunk files into one native buffer, 64-byte aligned. */
    private final class ChunkBuffer {
        private final MemorySegment memory;
        private final ByteBuffer bytes;

        ChunkBuffer(int cells) {
            memory = Arena.ofAuto().allocate(cells * 4L, 64);
            bytes = memory.asByteBuffer();
        }

        MemorySegment read(String chunk) {
            return read(chunk, 0, (int) memory.byteSize());
        }

        MemorySegment read(String chunk, long position, int size) {
            try (FileChannel file = FileChannel.open(store.resolve(chunk))) {
                bytes.clear().limit(size);
                while (bytes.hasRemaining()) {
                    if (file.read(bytes, position + bytes.position()) < 0) {
                        throw new IOException("Chunk " + chunk + " is too short");
                    }
                }
                return memory;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    /** Runs tasks 0..count-1 on all threads; each thread makes its own task runner. */
    private void parallel(int count, Supplier<IntConsumer> runner) {
        AtomicInteger next = new AtomicInteger();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            workers.add(Thread.ofPlatform().start(() -> {
                IntConsumer task = runner.get();
                for (int number = next.getAndIncrement(); number < count; number = next.getAndIncrement()) {
                    task.accept(number);
                }
            }));
        }
        for (Thread worker : workers) {
            try {
                worker.join();
            } catch (InterruptedException interruption) {
                throw new IllegalStateException(interruption);
            }
        }
    }

    private static void add(MemorySegment data, long start, int count, Sum into) {
        DoubleVector even = DoubleVector.zero(DOUBLES);
        DoubleVector odd = DoubleVector.zero(DOUBLES);
        int missing = 0;
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            FloatVector values = FloatVector.fromMemorySegment(FLOATS, data, (start + i) * 4, ByteOrder.LITTLE_ENDIAN);
            VectorMask<Float> nan = values.test(VectorOperators.IS_NAN);
            if (nan.anyTrue()) {
                missing += nan.trueCount();
                values = values.blend(0, nan);
            }
            even = even.add(values.convertShape(VectorOperators.F2D, DOUBLES, 0));
            odd = odd.add(values.convertShape(VectorOperators.F2D, DOUBLES, 1));
        }
        double sum = even.add(odd).reduceLanes(VectorOperators.ADD);
        for (; i < count; i++) {
            float value = data.getAtIndex(ValueLayout.JAVA_FLOAT, start + i);
            if (Float.isNaN(value)) {
                missing++;
            } else {
                sum += value;
            }
        }
        into.sum += sum;
        into.count += count - missing;
    }

    private static void addMasked(MemorySegment data, long start, MemorySegment mask, long maskStart, int count,
            Sum into) {
        DoubleVector even = DoubleVector.zero(DOUBLES);
        DoubleVector odd = DoubleVector.zero(DOUBLES);
        long counted = 0;
        double sum = 0;
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            FloatVector values = FloatVector.fromMemorySegment(FLOATS, data, (start + i) * 4, ByteOrder.LITTLE_ENDIAN);
            VectorMask<Float> counts = FloatVector
                    .fromMemorySegment(FLOATS, mask, (maskStart + i) * 4, ByteOrder.LITTLE_ENDIAN)
                    .compare(VectorOperators.GT, 0.5f).andNot(values.test(VectorOperators.IS_NAN));
            counted += counts.trueCount();
            FloatVector kept = FloatVector.zero(FLOATS).blend(values, counts);
            even = even.add(kept.convertShape(VectorOperators.F2D, DOUBLES, 0));
            odd = odd.add(kept.convertShape(VectorOperators.F2D, DOUBLES, 1));
        }
        for (; i < count; i++) {
            float value = data.getAtIndex(ValueLayout.JAVA_FLOAT, start + i);
            if (mask.getAtIndex(ValueLayout.JAVA_FLOAT, maskStart + i) > 0.5f && !Float.isNaN(value)) {
                sum += value;
                counted++;
            }
        }
        into.sum += sum + even.add(odd).reduceLanes(VectorOperators.ADD);
        into.count += counted;
    }

    private static void accumulate(MemorySegment sums, MemorySegment data, int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector values = FloatVector.fromMemorySegment(FLOATS, data, i * 4L, ByteOrder.LITTLE_ENDIAN);
            DoubleVector.fromMemorySegment(DOUBLES, sums, i * 8L, ByteOrder.LITTLE_ENDIAN)
                    .add(values.convertShape(VectorOperators.F2D, DOUBLES, 0))
                    .intoMemorySegment(sums, i * 8L, ByteOrder.LITTLE_ENDIAN);
            long odd = (i + DOUBLES.length()) * 8L;
            DoubleVector.fromMemorySegment(DOUBLES, sums, odd, ByteOrder.LITTLE_ENDIAN)
                    .add(values.convertShape(VectorOperators.F2D, DOUBLES, 1))
                    .intoMemorySegment(sums, odd, ByteOrder.LITTLE_ENDIAN);
        }
    }

    private static Sum[] sums(int count) {
        Sum[] sums = new Sum[count];
        for (int i = 0; i < count; i++) {
            sums[i] = new Sum();
        }
        return sums;
    }

    private static double[] merge(List<Sum[]> parts) {
        double[] means = new double[parts.getFirst().length];
        for (int i = 0; i < means.length; i++) {
            double sum = 0;
            long count = 0;
            for (Sum[] part : parts) {
                sum += part[i].sum;
                count += part[i].count;
            }
            means[i] = count == 0 ? Double.NaN : sum / count;
        }
        return means;
    }

    /** One sum array a thread, merged at the end: {@code task} adds chunk {@code number} to it. */
    private double[] reduce(int tasks, int groups, int bufferCells, ChunkTask task) {
        List<Sum[]> parts = new ArrayList<>();
        parallel(tasks, () -> {
            Sum[] own = sums(groups);
            synchronized (parts) {
                parts.add(own);
            }
            ChunkBuffer buffer = new ChunkBuffer(bufferCells);
            return number -> task.add(number, buffer, own);
        });
        return merge(parts);
    }

    private interface ChunkTask {
        void add(int number, ChunkBuffer buffer, Sum[] sums);
    }

    /** The mean of t2m. */
    double[] globalMean() {
        return reduce(TIMES, 1, CELLS,
                (time, buffer, sums) -> add(buffer.read("t2m/c/" + time + "/0/0"), 0, CELLS, sums[0]));
    }

    /** The mean of t2m by latitude, from north to south. */
    double[] meanByLatitude() {
        return reduce(TIMES, LATITUDES, CELLS, (time, buffer, sums) -> {
            MemorySegment data = buffer.read("t2m/c/" + time + "/0/0");
            for (int latitude = 0; latitude < LATITUDES; latitude++) {
                add(data, (long) latitude * LONGITUDES, LONGITUDES, sums[latitude]);
            }
        });
    }

    /** The mean over all cells and hours of the day of the means by cell and hour of the day. */
    double[] meanOfMeansByCellAndHour() {
        List<Sum[]> parts = new ArrayList<>();
        parallel(24, () -> {
            Sum[] own = sums(1);
            synchronized (parts) {
                parts.add(own);
            }
            ChunkBuffer buffer = new ChunkBuffer(CELLS);
            MemorySegment sums = Arena.ofAuto().allocate(CELLS * 8L, 64);
            return hour -> {
                sums.fill((byte) 0);
                int days = 0;
                for (int time = hour; time < TIMES; time += 24) {
                    accumulate(sums, buffer.read("t2m/c/" + time + "/0/0"), CELLS);
                    days++;
                }
                DoubleVector total = DoubleVector.zero(DOUBLES);
                for (int i = 0; i < CELLS; i += DOUBLES.length()) {
                    total = total.add(
                            DoubleVector.fromMemorySegment(DOUBLES, sums, i * 8L, ByteOrder.LITTLE_ENDIAN).div(days));
                }
                own[0].sum += total.reduceLanes(VectorOperators.ADD);
                own[0].count += CELLS;
            };
        });
        return merge(parts);
    }

    /** The mean of t2m over a box of 5 x 5 cells and all times: only the rows of the box are read. */
    double[] meanOfBox(int firstLatitude, int firstLongitude) {
        int span = 4 * LONGITUDES + 5;
        return reduce(TIMES, 1, span, (time, buffer, sums) -> {
            MemorySegment data = buffer.read("t2m/c/" + time + "/0/0",
                    (firstLatitude * (long) LONGITUDES + firstLongitude) * 4, span * 4);
            for (int row = 0; row < 5; row++) {
                add(data, row * (long) LONGITUDES, 5, sums[0]);
            }
        });
    }

    /** The means of t2m and of rh (in chunks of 24 x 181 x 360) by latitude where mask is 1: t2m's, then rh's. */
    double[] meansByLatitudeWithMask() {
        MemorySegment stored = new ChunkBuffer(CELLS / 4).read("mask/c/0/0");
        MemorySegment mask = Arena.ofAuto().allocate(CELLS * 4L, 64);
        for (int cell = 0; cell < CELLS; cell++) {
            mask.setAtIndex(ValueLayout.JAVA_FLOAT, cell, stored.get(ValueLayout.JAVA_BYTE, cell));
        }
        int bands = (LATITUDES + GridShape.RH_LATITUDES - 1) / GridShape.RH_LATITUDES;
        int sectors = LONGITUDES / GridShape.RH_LONGITUDES;
        int rhChunks = TIMES / GridShape.RH_TIMES * bands * sectors;
        int rhCells = GridShape.RH_TIMES * GridShape.RH_LATITUDES * GridShape.RH_LONGITUDES;
        return reduce(TIMES + rhChunks, 2 * LATITUDES, Integer.max(CELLS, rhCells), (number, buffer, sums) -> {
            if (number < TIMES) {
                MemorySegment data = buffer.read("t2m/c/" + number + "/0/0", 0, CELLS * 4);
                for (int latitude = 0; latitude < LATITUDES; latitude++) {
                    long row = (long) latitude * LONGITUDES;
                    addMasked(data, row, mask, row, LONGITUDES, sums[latitude]);
                }
                return;
            }
            int chunk = number - TIMES;
            int sector = chunk % sectors;
            int band = chunk / sectors % bands;
            MemorySegment data = buffer.read("rh/c/" + chunk / sectors / bands + "/" + band + "/" + sector, 0,
                    rhCells * 4);
            for (int time = 0; time < GridShape.RH_TIMES; time++) {
                for (int row = 0; row < GridShape.RH_LATITUDES
                        && band * GridShape.RH_LATITUDES + row < LATITUDES; row++) {
                    int latitude = band * GridShape.RH_LATITUDES + row;
                    addMasked(data, ((long) time * GridShape.RH_LATITUDES + row) * GridShape.RH_LONGITUDES, mask,
                            (long) latitude * LONGITUDES + (long) sector * GridShape.RH_LONGITUDES,
                            GridShape.RH_LONGITUDES,
                            sums[LATITUDES + latitude]);
                }
            }
        });
    }
}
