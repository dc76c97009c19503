package dev.graticule.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Whole numbers over time 7 x lat 10 x lon 10 that can be worked out by hand. With {@code cell} the position in C order,
 * {@code temperature} is {@code cell * 37 mod 110 - 50} (-50..59) and {@code humidity} is {@code cell * 29 mod 70 + 10}
 * (10..79). The coordinates count from 0.
 */
final class SyntheticGrid {
    private static final List<String> DIMENSIONS = List.of("time", "lat", "lon");
    private static final int[] SHAPE = {7, 10, 10};
    private static final int CELLS = 700;

    private SyntheticGrid() {
    }

    static List<Variable> variables() {
        List<Variable> variables = new ArrayList<>();
        for (int axis = 0; axis < SHAPE.length; axis++) {
            long[] numbers = LongStream.range(0, SHAPE[axis]).toArray();
            variables.add(Variable.axis(DIMENSIONS.get(axis), SHAPE[axis], numbers, Map.of()));
        }
        variables.add(Variable.complete("temperature", DIMENSIONS, SHAPE, cells(37, 110, -50), Map.of()));
        variables.add(Variable.complete("humidity", DIMENSIONS, SHAPE, cells(29, 70, 10), Map.of()));
        return variables;
    }

    private static long[] cells(int step, int count, int lowest) {
        return LongStream.range(0, CELLS).map(cell -> cell * step % count + lowest).toArray();
    }
}
