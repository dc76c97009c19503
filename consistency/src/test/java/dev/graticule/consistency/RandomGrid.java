package dev.graticule.consistency;

import dev.graticule.spi.GridVariable.Unpacking;
import dev.graticule.type.SqlType;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Makes grids of choices: few axes of few cells first, plain types and zeros first. */
final class RandomGrid {
    private static final int MOST_CELLS = 240;
    private static final long MIDNIGHT = 1_582_848_000L;

    private enum Kind {
        REAL_WITH_NULLS,
        INTEGER,
        DOUBLE_WITH_NULLS,
        PACKED,
        SENTINEL,
        BIGINT,
        UTINYINT,
        BOOLEAN,
        VARCHAR,
        REAL,
        UBIGINT,
        TIMESTAMP,
        TINYINT,
        DOUBLE,
        USMALLINT
    }

    private final Choices choices;
    private final boolean storable;
    private final boolean nanIsNull;
    private final List<GridRecipe.Axis> axes = new ArrayList<>();

    private RandomGrid(Choices choices, boolean storable, boolean nanIsNull) {
        this.choices = choices;
        this.storable = storable;
        this.nanIsNull = nanIsNull;
    }

    /** Any grid. */
    static GridRecipe of(Choices choices) {
        return new RandomGrid(choices, false, false).make();
    }

    /** A grid that a Zarr store can hold: numbers, times, texts and truth values, and NaN has one meaning in all of them. */
    static GridRecipe storable(Choices choices) {
        return new RandomGrid(choices, true, !choices.chance(25)).make();
    }

    /** The same values in other chunks. */
    static GridRecipe rechunked(GridRecipe grid, Choices choices) {
        RandomGrid other = new RandomGrid(choices, false, false);
        other.axes.addAll(grid.axes());
        return new GridRecipe(grid.axes(), grid.variables().stream()
                .map(variable -> variable.chunked(other.chunks(variable.over()), choices.chance(30),
                        choices.chance(30)))
                .toList());
    }

    private GridRecipe make() {
        int count = choices.of(1, 2, 3, 2, 3, 4);
        int cells = 1;
        for (int i = 0; i < count; i++) {
            int drawn = choices.below(50);
            int length = drawn == 49 ? 0 : 1 + drawn % 9;
            if (i > 0 && choices.chance(20)) {
                length = axes.get(i - 1).length();
            }
            while (cells * length > MOST_CELLS) {
                length--;
            }
            cells *= Math.max(1, length);
            axes.add(axis("a" + i, length));
        }
        List<GridRecipe.Variable> variables = new ArrayList<>();
        int variableCount = 1 + choices.below(4);
        for (int i = 0; i < variableCount; i++) {
            // A grid of broadcast variables only is no table of all axes but for the fixture.
            variables.add(variable("v" + i, i == 0 && (storable || !choices.chance(10))));
        }
        return new GridRecipe(List.copyOf(axes), List.copyOf(variables));
    }

    private GridRecipe.Axis axis(String name, int length) {
        int kind = choices.below(8);
        int order = choices.below(6);
        int seed = choices.below(1024);
        boolean drawnNull = choices.chance(50);
        Unpacking unpacking = (storable ? nanIsNull : drawnNull) ? Unpacking.NAN_IS_NULL : Unpacking.NONE;
        SplittableRandom random = new SplittableRandom(seed);
        int[] steps = new int[length];
        for (int i = 0; i < length; i++) {
            steps[i] = switch (order) {
                case 0 -> i;
                case 1 -> length - 1 - i;
                case 2 -> random.nextInt(20) - 5;
                case 3 -> i / 2;
                case 4 -> random.nextInt(3);
                default -> 3 * i + random.nextInt(3);
            };
        }
        boolean holes = order == 5;
        return switch (kind) {
            case 1, 7 -> {
                double[] data = new double[length];
                for (int i = 0; i < length; i++) {
                    data[i] = holes && random.nextInt(4) == 0 ? Double.NaN : steps[i] * (seed % 2 == 0 ? 1 : 0.1);
                }
                yield new GridRecipe.Axis(name, length, SqlType.DOUBLE, data,
                        unpacking);
            }
            case 2 -> {
                float[] data = new float[length];
                for (int i = 0; i < length; i++) {
                    data[i] = holes && random.nextInt(4) == 0 ? Float.NaN : (float) (1 + steps[i] * 0.1);
                }
                yield new GridRecipe.Axis(name, length, SqlType.REAL, data,
                        unpacking);
            }
            case 3 -> {
                long[] data = new long[length];
                for (int i = 0; i < length; i++) {
                    data[i] = holes && random.nextInt(4) == 0 ? random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE
                            : steps[i];
                }
                yield new GridRecipe.Axis(name, length, SqlType.BIGINT, data, Unpacking.NONE);
            }
            case 4 -> {
                long[] data = new long[length];
                for (int i = 0; i < length; i++) {
                    data[i] = (MIDNIGHT + steps[i] * 21_600L) * 1_000_000L;
                }
                yield new GridRecipe.Axis(name, length, SqlType.TIMESTAMP, data, Unpacking.NONE);
            }
            case 5 -> {
                int[] data = steps.clone();
                yield new GridRecipe.Axis(name, length, SqlType.INTEGER, data, Unpacking.NONE);
            }
            case 6 -> {
                String[] data = new String[length];
                for (int i = 0; i < length; i++) {
                    data[i] = text(Math.floorMod(steps[i], 6));
                }
                yield new GridRecipe.Axis(name, length, SqlType.VARCHAR, data, Unpacking.NONE);
            }
            default -> new GridRecipe.Axis(name, length, SqlType.BIGINT, null, Unpacking.NONE);
        };
    }

    static String text(int number) {
        return List.of("a", "", "b", "ab", "é", "B").get(number);
    }

    private List<Integer> over(boolean full) {
        List<Integer> over = new ArrayList<>();
        boolean broadcast = choices.chance(25) && !full;
        for (int i = 0; i < axes.size(); i++) {
            if (!broadcast || choices.chance(50)) {
                over.add(i);
            }
        }
        if (choices.chance(30)) {
            Collections.shuffle(over, new java.util.Random(choices.below(1024)));
        }
        return over;
    }

    private int[] chunks(List<Integer> over) {
        return over.stream().mapToInt(axis -> {
            int length = Math.max(1, axes.get(axis).length());
            int drawn = choices.below(12);
            return drawn == 0 ? length : drawn == 11 ? length + 1 : 1 + drawn % length;
        }).toArray();
    }

    private GridRecipe.Variable variable(String name, boolean full) {
        Kind kind = storable ? storable(choices.of(Kind.values())) : choices.of(Kind.values());
        int seed = choices.below(1024);
        List<Integer> over = over(full);
        int[] shape = over.stream().mapToInt(axis -> axes.get(axis).length()).toArray();
        int cells = 1;
        for (int length : shape) {
            cells *= length;
        }
        int[] chunks = chunks(over);
        boolean columnMajor = choices.chance(25);
        boolean sliceable = choices.chance(30);
        int missingOf = choices.of(0, 0, 3, 2);
        SplittableRandom random = new SplittableRandom(seed);
        Object fill = value(kind, random, seed);
        Object data = Array.newInstance(primitive(fill), cells);
        Set<List<Integer>> missing = new HashSet<>();
        int[] at = new int[shape.length];
        for (int cell = 0; cell < cells; cell++) {
            List<Integer> key = new ArrayList<>();
            for (int i = 0, rest = cell, stride = cells; i < shape.length; i++) {
                stride /= shape[i];
                at[i] = rest / stride;
                rest %= stride;
                key.add(at[i] / chunks[i]);
            }
            boolean gone = missingOf > 0 && new SplittableRandom(31L * key.hashCode() + seed).nextInt(missingOf) == 0;
            if (gone) {
                missing.add(key);
            }
            Array.set(data, cell, gone ? fill : value(kind, random, seed));
        }
        return new GridRecipe.Variable(name, stored(kind), unpacking(kind, seed), over, data, fill, chunks, columnMajor,
                sliceable, missing);
    }

    private Kind storable(Kind kind) {
        return switch (kind) {
            case REAL_WITH_NULLS, REAL -> nanIsNull ? Kind.REAL_WITH_NULLS : Kind.REAL;
            case DOUBLE_WITH_NULLS, DOUBLE -> nanIsNull ? Kind.DOUBLE_WITH_NULLS : Kind.DOUBLE;
            case INTEGER, PACKED, SENTINEL, BIGINT, UTINYINT, BOOLEAN, VARCHAR, UBIGINT, TIMESTAMP, TINYINT,
                    USMALLINT ->
                kind;
        };
    }

    private static Class<?> primitive(Object value) {
        return switch (value) {
            case Float number -> float.class;
            case Double number -> double.class;
            case Byte number -> byte.class;
            case Short number -> short.class;
            case Integer number -> int.class;
            case Long number -> long.class;
            case Boolean truth -> boolean.class;
            default -> String.class;
        };
    }

    private static SqlType stored(Kind kind) {
        return switch (kind) {
            case REAL_WITH_NULLS, REAL -> SqlType.REAL;
            case DOUBLE_WITH_NULLS, DOUBLE -> SqlType.DOUBLE;
            case INTEGER -> SqlType.INTEGER;
            case PACKED, SENTINEL -> SqlType.SMALLINT;
            case BIGINT -> SqlType.BIGINT;
            case UTINYINT -> SqlType.UTINYINT;
            case USMALLINT -> SqlType.USMALLINT;
            case UBIGINT -> SqlType.UBIGINT;
            case TINYINT -> SqlType.TINYINT;
            case BOOLEAN -> SqlType.BOOLEAN;
            case VARCHAR -> SqlType.VARCHAR;
            case TIMESTAMP -> SqlType.TIMESTAMP;
        };
    }

    private static Unpacking unpacking(Kind kind, int seed) {
        return switch (kind) {
            case REAL_WITH_NULLS, DOUBLE_WITH_NULLS -> Unpacking.NAN_IS_NULL;
            case PACKED -> new Unpacking(List.of(-32768L, 7L), false, true, seed % 2 == 0 ? 0.5 : 0.01,
                    seed % 3 == 0 ? 0 : 273.15);
            case SENTINEL -> new Unpacking(List.of(-1L), false, false, 1, 0);
            case TIMESTAMP -> new Unpacking(List.of(0L), false, false, 1, 0);
            case INTEGER, BIGINT, UTINYINT, USMALLINT, BOOLEAN, VARCHAR, REAL, UBIGINT, TINYINT, DOUBLE ->
                Unpacking.NONE;
        };
    }

    private static Object value(Kind kind, SplittableRandom random, int seed) {
        int drawn = seed == 0 ? 0 : random.nextInt(24);
        boolean limits = seed % 3 == 1;
        return switch (kind) {
            case REAL_WITH_NULLS, REAL ->
                drawn > 20 ? (Object) Float.NaN : drawn == 20 ? (Object) (-0f) : (Object) ((drawn - 8) / 4f);
            case DOUBLE_WITH_NULLS, DOUBLE ->
                drawn > 20 ? (Object) Double.NaN : drawn == 20 ? (Object) (-0d) : (Object) ((drawn - 8) / 4d);
            case INTEGER -> limits && drawn == 23 ? (Object) Integer.MAX_VALUE
                    : limits && drawn == 22 ? (Object) Integer.MIN_VALUE : (Object) (drawn - 5);
            case PACKED -> (short) (drawn == 23 ? -32768 : drawn);
            case SENTINEL -> (short) (drawn > 19 ? -1 : drawn - 4);
            case BIGINT -> limits && drawn == 23 ? (Object) Long.MAX_VALUE
                    : limits && drawn == 22 ? (Object) Long.MIN_VALUE : (Object) (long) (drawn - 5);
            case UTINYINT -> (byte) (drawn > 18 ? -drawn : drawn);
            case USMALLINT -> (short) (drawn > 18 ? -drawn : drawn);
            case UBIGINT -> limits && drawn > 18 ? (long) -drawn : (long) drawn;
            case TINYINT -> (byte) (limits && drawn == 23 ? 127 : limits && drawn == 22 ? -128 : drawn - 5);
            case BOOLEAN -> drawn % 2 == 1;
            case VARCHAR -> text(drawn % 6);
            case TIMESTAMP -> drawn > 19 ? 0L : (MIDNIGHT + drawn * 40_000L) * 1_000_000L;
        };
    }
}
