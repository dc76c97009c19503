package dev.graticule.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.complex.impl.UnionListWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;

/** Arrays that begin at an offset of their buffers: each row is the right one. */
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
    void arrays_inside_columns_begin_at_their_own_offsets() {
        try (RootAllocator outside = new RootAllocator(); VectorSchemaRoot root = nested(outside)) {
            for (int batchOffset : List.of(0, 1, 8)) {
                for (int offset : List.of(0, 1, 8, 11)) {
                    int length = COUNT - batchOffset - offset;
                    List<List<String>> expected = new ArrayList<>();
                    for (int row = batchOffset; row < batchOffset + length; row++) {
                        int at = row;
                        expected.add(root.getFieldVectors().stream().map(vector -> text(vector, at, offset)).toList());
                    }
                    try (SlicedStream stream = new SlicedStream(root, outside, batchOffset, offset, length, true)) {
                        assertEquals(expected, Rows.all(ArrowCData.table(root.getSchema(), stream)),
                                batchOffset + ", " + offset);
                        assertEquals(1, stream.released);
                    }
                }
            }
        }
    }

    /** A value, as {@link Truth} writes it, where each array inside the vector begins {@code offset} values later. */
    private static String text(FieldVector vector, int row, int offset) {
        if (vector.isNull(row)) {
            return "NULL";
        }
        return switch (vector) {
            case StructVector struct -> {
                TreeMap<String, String> fields = new TreeMap<>();
                struct.getChildrenFromFields()
                        .forEach(child -> fields.put(child.getName(), text(child, row + offset, offset)));
                yield fields.toString();
            }
            case ListVector list -> elements(list.getDataVector(), list.getElementStartIndex(row),
                    list.getElementEndIndex(row), offset);
            case FixedSizeListVector list -> elements(list.getDataVector(), row * 2, row * 2 + 2, offset);
            default -> Truth.text(vector, row, null);
        };
    }

    private static String elements(FieldVector values, int start, int end, int offset) {
        List<String> elements = new ArrayList<>();
        for (int i = start; i < end; i++) {
            elements.add(text(values, i + offset, offset));
        }
        return elements.toString();
    }

    /** A list, a fixed-size list, and a struct of a number and a list of words; inner arrays are longer than the rows need. */
    private static VectorSchemaRoot nested(RootAllocator outside) {
        Field word = Field.nullable("word", ArrowType.Utf8.INSTANCE);
        Field number = Field.nullable("number", new ArrowType.Int(32, true));
        Field list = new Field("list", FieldType.nullable(ArrowType.List.INSTANCE), List.of(word));
        Schema schema = new Schema(List.of(
                new Field("numbers", FieldType.nullable(ArrowType.List.INSTANCE), List.of(number)),
                new Field("pair", FieldType.nullable(new ArrowType.FixedSizeList(2)), List.of(number)),
                new Field("both", FieldType.nullable(ArrowType.Struct.INSTANCE), List.of(number, list))));
        VectorSchemaRoot root = VectorSchemaRoot.create(schema, outside);
        ListVector numbers = (ListVector) root.getVector("numbers");
        FixedSizeListVector pairs = (FixedSizeListVector) root.getVector("pair");
        StructVector both = (StructVector) root.getVector("both");
        ListVector words = (ListVector) both.getChildrenFromFields().get(1);
        IntVector inStruct = (IntVector) both.getChildrenFromFields().get(0);
        for (int i = 0; i < 3 * COUNT; i++) {
            if (i % 7 != 0) {
                ((IntVector) numbers.getDataVector()).setSafe(i, i);
                ((IntVector) pairs.getDataVector()).setSafe(i, i * 100);
                ((VarCharVector) words.getDataVector()).setSafe(i, ("w" + i).getBytes(StandardCharsets.UTF_8));
            }
        }
        for (int row = 0; row < COUNT; row++) {
            if (row % 5 != 4) {
                numbers.startNewValue(row);
                numbers.endValue(row, row % 3);
                pairs.setNotNull(row);
                both.setIndexDefined(row);
            }
            inStruct.setSafe(row, row * 7);
            words.startNewValue(row);
            words.endValue(row, row % 2 + 1);
        }
        for (FieldVector vector : List.of(numbers, pairs, both, words, inStruct)) {
            vector.setValueCount(COUNT);
        }
        for (FieldVector inner : List.of(numbers.getDataVector(), pairs.getDataVector(), words.getDataVector())) {
            inner.setValueCount(3 * COUNT);
        }
        root.setRowCount(COUNT);
        for (FieldVector inner : List.of(numbers.getDataVector(), pairs.getDataVector(), words.getDataVector())) {
            inner.setValueCount(3 * COUNT);
        }
        return root;
    }
}
