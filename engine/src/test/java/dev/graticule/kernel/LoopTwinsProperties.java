package dev.graticule.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graticule.spi.GridVariable.Unpacking;
import dev.graticule.type.SqlType.Scalar;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;

/** Vector loops and their scalar twins write the same bits, for sizes around the lane width and odd numbers. */
final class LoopTwinsProperties {
    private static final List<Scalar> TYPES = List.of(Scalar.TINYINT, Scalar.SMALLINT, Scalar.INTEGER, Scalar.BIGINT,
            Scalar.UTINYINT, Scalar.USMALLINT,
            Scalar.UINTEGER, Scalar.UBIGINT, Scalar.REAL, Scalar.DOUBLE);
    private static final double[] ODD = {Double.NaN, 0.0, -0.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1,
            -1, Float.MAX_VALUE, Double.MAX_VALUE};
    private static final double[] ROUNDED = {0.0, -0.0, 0.5, -0.5, Double.NaN, Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY, Double.MIN_VALUE, -Double.MIN_VALUE, 0.49999999999999994, Float.MAX_VALUE, -1e17};
    private static final Map<UnaryLoop.Function, RoundingMode> ROUNDINGS = Map.of(UnaryLoop.Function.FLOOR,
            RoundingMode.FLOOR, UnaryLoop.Function.CEILING, RoundingMode.CEILING, UnaryLoop.Function.TRUNCATE,
            RoundingMode.DOWN, UnaryLoop.Function.ROUND, RoundingMode.HALF_UP);

    @AfterProperty
    void chooseLoopsFreelyAgain() {
        Kernels.force(0);
    }

    private static MemorySegment random(Random random, Scalar type, int count, Arena arena) {
        MemorySegment data = arena.allocate(Math.max(8, (count + 3) * (long) type.bytes()));
        for (int i = 0; i < count + 3; i++) {
            if (type == Scalar.REAL) {
                data.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i,
                        (float) (random.nextInt(3) == 0 ? ODD[random.nextInt(ODD.length)] : random.nextGaussian()));
            } else if (type == Scalar.DOUBLE) {
                data.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i,
                        random.nextInt(3) == 0 ? ODD[random.nextInt(ODD.length)] : random.nextGaussian());
            } else {
                long value = switch (random.nextInt(4)) {
                    case 0 -> random.nextLong();
                    case 1 -> Long.MIN_VALUE >> 64 - 8 * type.bytes();
                    case 2 -> (1L << 8 * type.bytes() - 1) - 1;
                    default -> random.nextInt(9) - 4;
                };
                Element.setInteger(type, data, i, value);
            }
        }
        return data;
    }

    @Property(tries = 600)
    void arithmetic(@ForAll long seed, @ForAll @IntRange(min = 1, max = 150) int count,
            @ForAll @IntRange(max = 9) int which, @ForAll @IntRange(max = 3) int operation,
            @ForAll @IntRange(max = 2) int shape) {
        Scalar type = TYPES.get(which);
        ArithmeticOperation wanted = ArithmeticOperation.values()[operation];
        int leftStep = shape == 1 ? 0 : 1;
        int rightStep = shape == 2 ? 0 : 1;
        Random random = new Random(seed);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment left = random(random, type, count, arena);
            MemorySegment right = random(random, type, count, arena);
            byte[][] results = new byte[2][];
            boolean[] failed = new boolean[2];
            for (int twin = 0; twin < 2; twin++) {
                Kernels.force(twin == 0 ? -1 : 1);
                MemorySegment out = arena.allocate((count + 3L) * type.bytes());
                failed[twin] = BinaryLoop.of(wanted, type, count).run(left, 2, leftStep, right, 1, rightStep, out, 3,
                        count);
                results[twin] = normal(type, out, count);
            }
            assertEquals(failed[0], failed[1]);
            assertArrayEquals(results[0], results[1]);
        }
    }

    /** The bytes with every NaN the same. */
    private static byte[] normal(Scalar type, MemorySegment data, int count) {
        for (int i = 3; i < count + 3; i++) {
            if (type == Scalar.REAL && Float.isNaN(data.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i))) {
                data.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, Float.NaN);
            } else if (type == Scalar.DOUBLE && Double.isNaN(data.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i))) {
                data.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i, Double.NaN);
            }
        }
        return data.toArray(ValueLayout.JAVA_BYTE);
    }

    @Property(tries = 600)
    void comparisons(@ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int count,
            @ForAll @IntRange(max = 9) int which, @ForAll CompareLoop.Relation relation,
            @ForAll @IntRange(max = 2) int shape, @ForAll @IntRange(max = 70) int bit) {
        Scalar type = TYPES.get(which);
        Random random = new Random(seed);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment left = random(random, type, count, arena);
            MemorySegment right = random(random, type, count, arena);
            long[][] results = new long[2][(bit + count) / 64 + 2];
            for (int twin = 0; twin < 2; twin++) {
                Kernels.force(twin == 0 ? -1 : 1);
                CompareLoop.of(relation, type, count).run(left, 2, shape == 1 ? 0 : 1, right, 1, shape == 2 ? 0 : 1,
                        results[twin], bit, count);
            }
            assertArrayEquals(results[0], results[1]);
        }
    }

    @Property(tries = 300)
    void functions_of_one_number(@ForAll long seed, @ForAll @IntRange(min = 1, max = 100) int count,
            @ForAll boolean single, @ForAll UnaryLoop.Function function) {
        Assume.that(function != UnaryLoop.Function.BIT_NOT);
        Scalar type = single ? Scalar.REAL : Scalar.DOUBLE;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = random(new Random(seed), type, count, arena);
            byte[][] results = new byte[2][];
            for (int twin = 0; twin < 2; twin++) {
                Kernels.force(twin == 0 ? -1 : 1);
                MemorySegment out = arena.allocate((count + 3L) * type.bytes());
                UnaryLoop.of(function, type, count).run(data, 1, out, 3, count);
                results[twin] = normal(type, out, count);
            }
            assertArrayEquals(results[0], results[1]);
        }
    }

    @Property(tries = 300)
    void numbers_are_rounded_as_exact_decimals_are(@ForAll long seed,
            @ForAll @IntRange(min = 1, max = 100) int count, @ForAll boolean single) {
        Scalar type = single ? Scalar.REAL : Scalar.DOUBLE;
        Random random = new Random(seed);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = random(random, type, count, arena);
            for (int i = 0; i < count + 3; i++) {
                double value = switch (random.nextInt(6)) {
                    case 0 -> random.nextInt(9) - 4.5;
                    case 1 -> Math.scalb(random.nextDouble() - 0.5, random.nextInt(60));
                    case 2 -> Math.nextUp(random.nextInt(5) - 2.5);
                    case 3 -> Math.nextDown(random.nextInt(5) - 2.5);
                    case 4 -> (1L << (single ? 23 : 52)) * (random.nextBoolean() ? 1.0 : -1.0) + random.nextInt(5) - 2;
                    default -> ROUNDED[random.nextInt(ROUNDED.length)];
                };
                if (single) {
                    data.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, (float) value);
                } else {
                    data.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i, value);
                }
            }
            ROUNDINGS.forEach((function, mode) -> {
                for (int twin = 0; twin < 2; twin++) {
                    Kernels.force(twin == 0 ? -1 : 1);
                    MemorySegment out = arena.allocate((count + 3L) * type.bytes());
                    UnaryLoop.of(function, type, count).run(data, 1, out, 3, count);
                    for (int i = 0; i < count; i++) {
                        double value = number(type, data, 1 + i);
                        double expected = Double.isFinite(value)
                                ? Math.copySign(new BigDecimal(value).setScale(0, mode).doubleValue(), value)
                                : value;
                        assertEquals(expected, number(type, out, 3 + i), function + " of " + value);
                    }
                }
            });
        }
    }

    private static double number(Scalar type, MemorySegment data, int index) {
        return type == Scalar.REAL ? data.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index)
                : data.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, index);
    }

    @Property(tries = 300)
    void widening(@ForAll long seed, @ForAll @IntRange(min = 1, max = 100) int count) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = random(new Random(seed), Scalar.REAL, count, arena);
            byte[][] results = new byte[2][];
            for (int twin = 0; twin < 2; twin++) {
                Kernels.force(twin == 0 ? -1 : 1);
                MemorySegment out = arena.allocate((count + 3L) * 8);
                ConversionLoop.of(Scalar.REAL, Scalar.DOUBLE, count).run(data, 1, out, 3, count);
                results[twin] = normal(Scalar.DOUBLE, out, count);
            }
            assertArrayEquals(results[0], results[1]);
        }
    }

    @Property(tries = 300)
    void unpacking(@ForAll long seed, @ForAll @IntRange(min = 1, max = 100) int count,
            @ForAll @IntRange(max = 2) int which, @ForAll boolean sentinel) {
        Scalar type = List.of(Scalar.SMALLINT, Scalar.INTEGER, Scalar.REAL).get(which);
        List<Number> sentinels = sentinel ? type == Scalar.REAL ? List.of(-1.0) : List.of(-1L) : List.of();
        UnpackLoop.Packing packing = new UnpackLoop.Packing(type, new Unpacking(sentinels, true, true, 0.01, 273.15));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = random(new Random(seed), type, count, arena);
            byte[][] results = new byte[2][];
            for (int twin = 0; twin < 2; twin++) {
                Kernels.force(twin == 0 ? -1 : 1);
                MemorySegment out = arena.allocate((count + 3L) * 8);
                UnpackLoop.of(type, packing, count).floating(packing, data, 1, out, 3, count);
                results[twin] = normal(Scalar.DOUBLE, out, count);
            }
            assertArrayEquals(results[0], results[1]);
        }
    }

    @Property(tries = 300)
    void overlays(@ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int count,
            @ForAll @IntRange(max = 9) int which, @ForAll boolean constant) {
        Scalar type = TYPES.get(which);
        Random random = new Random(seed);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = random(random, type, count, arena);
            MemorySegment below = random(random, type, count, arena);
            long[] words = new long[5];
            for (int i = 0; i < words.length; i++) {
                words[i] = random.nextInt(4) == 0 ? 0 : random.nextLong();
            }
            byte[][] results = new byte[2][];
            for (int twin = 0; twin < 2; twin++) {
                Kernels.force(twin == 0 ? -1 : 1);
                MemorySegment out = arena.allocate(below.byteSize()).copyFrom(below);
                OverlayLoop.of(type, count).run(data, 2, constant ? 0 : 1, words, 3, out, count);
                results[twin] = out.toArray(ValueLayout.JAVA_BYTE);
            }
            assertArrayEquals(results[0], results[1]);
        }
    }
}
