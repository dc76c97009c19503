package dev.graticule.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.impl.UnionListWriter;
import org.junit.jupiter.api.Test;

/** Arrays that begin at an offset of their buffers: each row is the right one, or the query fails. */
final class ArrowCDataSliceTest {
    private static final int COUNT = 40;

    @Test
    void rows_of_sliced_arrays_are_the_rows_of_the_slice() {
        try (RootAllocator outside = new RootAllocator(); VectorSchemaRoot root = root(outside)) {
            for (int batchOffset : List.of(0, 1, 8)) {
                for (int columnOffset : List.of(0, 3, 8, 13)) {
                    for (int length : List.of(0, 1, 8, 17)) {
                        check(root, outside, batchOffset, columnOffset, length);
                    }
                }
            }
        }
    }

    private static void check(VectorSchemaRoot root, RootAllocator outside, int batchOffset, int columnOffset,
            int length) {
        List<List<String>> expected = new ArrayList<>();
        for (int row = batchOffset + columnOffset; row < batchOffset + columnOffset + length; row++) {
            int at = row;
            expected.add(root.getFieldVectors().stream().map(vector -> Truth.text(vector, at, null)).toList());
        }
        try (SlicedStream stream = new SlicedStream(root, outside, batchOffset, columnOffset, length, false)) {
            assertEquals(expected, Rows.all(ArrowCData.table(root.getSchema(), stream)),
                    batchOffset + " + " + columnOffset + ", " + length);
            assertEquals(1, stream.released);
        }
    }

    private static VectorSchemaRoot root(RootAllocator outside) {
        IntVector numbers = new IntVector("n", outside);
        IntVector whole = new IntVector("whole", outside);
        BitVector bits = new BitVector("b", outside);
        VarCharVector words = new VarCharVector("w", outside);
        ListVector lists = ListVector.empty("l", outside);
        UnionListWriter writer = lists.getWriter();
        for (int row = 0; row < COUNT; row++) {
            if (row % 5 == 0) {
                numbers.setNull(row);
                words.setNull(row);
            } else {
                numbers.setSafe(row, row * 11);
                words.setSafe(row, "w".repeat(row % 4).concat(String.valueOf(row)).getBytes(StandardCharsets.UTF_8));
            }
            whole.setSafe(row, row);
            bits.setSafe(row, row % 3 == 0 ? 1 : 0);
            writer.setPosition(row);
            writer.startList();
            for (int i = 0; i < row % 3; i++) {
                writer.integer().writeInt(row + i);
            }
            writer.endList();
        }
        VectorSchemaRoot root = VectorSchemaRoot.of(numbers, whole, bits, words, lists);
        root.setRowCount(COUNT);
        return root;
    }

    @Test
    void an_offset_inside_a_column_is_refused_and_nothing_stays_behind() {
        try (RootAllocator outside = new RootAllocator();
                VectorSchemaRoot all = root(outside);
                VectorSchemaRoot root = VectorSchemaRoot.of(all.getVector("l"));
                SlicedStream stream = new SlicedStream(root, outside, 0, 1, COUNT, true)) {
            root.setRowCount(COUNT);
            GraticuleException error = assertThrows(GraticuleException.class,
                    () -> Rows.all(ArrowCData.table(root.getSchema(), stream)));
            assertEquals(ErrorKind.UNSUPPORTED, error.kind());
            assertEquals(1, stream.released);
        }
    }
}
