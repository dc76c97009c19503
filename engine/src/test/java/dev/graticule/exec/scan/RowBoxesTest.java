package dev.graticule.exec.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.graticule.batch.Column;
import dev.graticule.batch.Layout;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.Values;
import dev.graticule.fixture.ArrowVectors;
import dev.graticule.spi.RowGrid;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Batches of rows become boxes where they are the cells of a grid, and only there. */
class RowBoxesTest {
    private final BufferAllocator allocator = new RootAllocator();
    private final List<FieldVector> vectors = new ArrayList<>();

    @AfterEach
    void close() {
        vectors.forEach(FieldVector::close);
        allocator.close();
    }

    private Column column(SqlType type, int rows, IntFunction<Object> value) {
        vectors.add(ArrowVectors.open("c", type, IntStream.range(0, rows).mapToObj(value).toList(), allocator));
        return Column.dense(Values.of(vectors.getLast()), new int[]{rows}, 0);
    }

    private Column dictionary(int size, int rows, IntFunction<Object> index) {
        Column values = column(SqlType.BIGINT, size, i -> (long) i);
        Column indices = column(SqlType.INTEGER, rows, index);
        return new Column.Dictionary(((Column.Strided) indices).values(), Layout.dense(new int[]{rows}, 0),
                ((Column.Strided) values).values(), NullForm.NONE);
    }

    private static RowGrid grid(List<Integer> lengths, List<List<Integer>> columns) {
        return new RowGrid(List.of("t", "y", "x").subList(3 - lengths.size(), 3), lengths, columns);
    }

    private static BitSet all(int columns) {
        BitSet set = new BitSet();
        set.set(0, columns);
        return set;
    }

    /** The shape of each piece with the strides of its columns: {@code 2x3 [0, 1][1, 0]}; a piece of one axis is its rows alone. */
    private static List<String> pieces(Optional<RowGrid> grid, long start, int rows, List<Column> columns, int most) {
        RowBoxes boxes = new RowBoxes(grid, IntStream.range(0, columns.size()).boxed().toList(), all(columns.size()));
        List<String> pieces = new ArrayList<>();
        boxes.push(start, rows, columns, most, (box, pushed) -> {
            StringBuilder text = new StringBuilder(Arrays.stream(box.shape()).mapToObj(String::valueOf)
                    .reduce((a, b) -> a + "x" + b).orElseThrow());
            for (int i = 0; box.shape().length > 1 && i < pushed.size(); i++) {
                Layout layout = pushed.get(i).layout();
                text.append(i == 0 ? " " : "").append(
                        IntStream.range(0, layout.axes()).mapToObj(layout::stride).toList());
            }
            pieces.add(text.toString());
            return true;
        });
        return pieces;
    }

    @Test
    void aBatchIsCutIntoARaggedHeadBlocksAndATail() {
        // Cells 90 to 350 of 3 x 10 x 20.
        Column y = column(SqlType.DOUBLE, 260, row -> (row + 90) / 20 % 10 * 0.5);
        Column value = column(SqlType.REAL, 260, row -> (float) row);
        assertEquals(List.of("10", "1x5x20 [0, 20, 0][0, 20, 1]", "1x7x20 [0, 20, 0][0, 20, 1]", "10"),
                pieces(Optional.of(grid(List.of(3, 10, 20), List.of(List.of(1), List.of(0, 1, 2)))), 90, 260,
                        List.of(y, value), 1 << 16));
        assertEquals(List.of("10", "1x2x20 [0, 20, 0][0, 20, 1]", "1x2x20 [0, 20, 0][0, 20, 1]"),
                pieces(Optional.of(grid(List.of(3, 10, 20), List.of(List.of(1), List.of(0, 1, 2)))), 90, 90,
                        List.of(y, value), 50));
    }

    @Test
    void aGridOfMoreCellsThanALongCountsIsNone() {
        int most = Integer.MAX_VALUE;
        assertThrows(ArithmeticException.class, () -> grid(List.of(most, most, 3), List.of()));
        assertEquals((long) most * most * 2, grid(List.of(most, most, 2), List.of()).cells());
    }

    @Test
    void axesThatMatterToTheSameColumnsAreOne() {
        Column t = column(SqlType.BIGINT, 400, row -> (long) row / 200);
        assertEquals(List.of("2x200 [200, 0]"),
                pieces(Optional.of(grid(List.of(2, 10, 20), List.of(List.of(0)))), 0, 400, List.of(t), 1 << 16));
    }

    @Test
    void aColumnThatIsNotAsClaimedStaysAsItIsBesideOneThatIs() {
        Column y = column(SqlType.DOUBLE, 200, row -> row == 150 ? -1.0 : row / 20 * 1.0);
        Column x = column(SqlType.VARCHAR, 200, row -> "x" + row % 20);
        assertEquals(List.of("10x20 [20, 1][0, 1]"), pieces(
                Optional.of(grid(List.of(10, 20), List.of(List.of(0), List.of(1)))), 0, 200, List.of(y, x), 1 << 16));
        assertEquals(List.of("200"), pieces(Optional.of(grid(List.of(10, 20), List.of(List.of(0)))), 0, 200, List.of(y),
                1 << 16));
    }

    @Test
    void aNullAmongTheRepeatedIsNotTheSame() {
        Column y = column(SqlType.BIGINT, 100, row -> row == 73 ? null : (Object) 0L);
        assertEquals(List.of("100"),
                pieces(Optional.of(grid(List.of(5, 20), List.of(List.of(0)))), 0, 100, List.of(y), 1 << 16));
        Column nulls = column(SqlType.BIGINT, 100, row -> row / 20 == 3 ? null : (Object) 0L);
        assertEquals(List.of("5x20 [20, 0]"),
                pieces(Optional.of(grid(List.of(5, 20), List.of(List.of(0)))), 0, 100, List.of(nulls), 1 << 16));
    }

    @Test
    void dictionariesTellTheirGridAndTheAxesBetween() {
        // 4 x (5) x 6 cells from cell 7, the axis in the middle without a column.
        Column slow = dictionary(4, 110, row -> (row + 7) / 30);
        Column fast = dictionary(6, 110, row -> (row + 7) % 6);
        assertEquals(List.of("5", "1x3x6 [0, 0, 0][0, 0, 1]", "2x5x6 [30, 0, 0][0, 0, 1]", "4x6 [0, 0][0, 1]", "3"),
                pieces(Optional.empty(), 0, 110, List.of(slow, fast), 1 << 16));
    }

    @Test
    void aDictionaryWithoutAnOrderStaysRows() {
        Column mixed = dictionary(50, 300, row -> (int) (row * 0x9E3779B97F4A7C15L >>> 59));
        assertEquals(List.of("300"), pieces(Optional.empty(), 0, 300, List.of(mixed), 1 << 16));
    }

    @Test
    void nothingIsCutWithoutAClaimOrADictionary() {
        Column y = column(SqlType.DOUBLE, 200, row -> row / 20 * 1.0);
        assertEquals(List.of("150", "50"), pieces(Optional.empty(), 0, 200, List.of(y), 150));
    }
}
