package dev.graticule.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.Test;

/** What is wrong with a vector is found, and said. */
final class VectorCheckTest {
    private static VarCharVector texts(BufferAllocator allocator, int rows) {
        VarCharVector texts = new VarCharVector("t", allocator);
        for (int row = 0; row < rows; row++) {
            texts.setSafe(row, "row".getBytes());
        }
        texts.setValueCount(rows);
        return texts;
    }

    @Test
    void offsets_of_texts_ascend_inside_their_bytes() {
        for (int rows : new int[]{100, 40_003}) {
            try (BufferAllocator allocator = new RootAllocator(); VarCharVector texts = texts(allocator, rows)) {
                assertEquals(Optional.empty(), VectorCheck.problem(texts));
                for (int place : new int[]{0, 1, rows / 2, rows - 1, rows}) {
                    for (int wrong : new int[]{-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 20}) {
                        int right = texts.getOffsetBuffer().getInt(place * 4L);
                        texts.getOffsetBuffer().setInt(place * 4L, wrong);
                        String problem = VectorCheck.problem(texts).orElseThrow();
                        assertTrue(problem.startsWith("has the offset ") && problem.contains("at row "), problem);
                        texts.getOffsetBuffer().setInt(place * 4L, right);
                    }
                }
            }
        }
    }

    @Test
    void only_the_part_that_is_asked_for_is_looked_at() {
        try (BufferAllocator allocator = new RootAllocator(); VarCharVector texts = texts(allocator, 100)) {
            texts.getOffsetBuffer().setInt(200, -7);
            assertEquals(Optional.empty(), VectorCheck.problem(texts, 0, 49));
            assertEquals(Optional.empty(), VectorCheck.problem(texts, 51, 49));
            assertEquals(Optional.of("has the offset -7 at row 49, which is not in 147 to 16384"),
                    VectorCheck.problem(texts, 49, 3).map(text -> text.replaceAll("to \\d+", "to 16384")));
        }
    }

    @Test
    void elements_of_lists_are_looked_at_where_the_lists_are() {
        try (BufferAllocator allocator = new RootAllocator(); ListVector lists = ListVector.empty("l", allocator)) {
            var writer = lists.getWriter();
            for (int row = 0; row < 9; row++) {
                writer.setPosition(row);
                writer.startList();
                writer.writeVarChar("a");
                writer.writeVarChar("b");
                writer.endList();
            }
            lists.setValueCount(9);
            assertEquals(Optional.empty(), VectorCheck.problem(lists));
            lists.getDataVector().getOffsetBuffer().setInt(32, 900);
            assertEquals(Optional.empty(), VectorCheck.problem(lists, 5, 4));
            assertTrue(VectorCheck.problem(lists).orElseThrow().startsWith("has a part $data$ that has the offset "));
        }
    }

    @Test
    void views_point_into_a_buffer_unless_they_are_null() {
        try (BufferAllocator allocator = new RootAllocator();
                ViewVarCharVector views = new ViewVarCharVector("v", allocator)) {
            views.allocateNew(2);
            views.setSafe(0, "short".getBytes());
            views.setSafe(1, "long enough for a buffer".getBytes());
            views.setValueCount(2);
            assertEquals(Optional.empty(), VectorCheck.problem(views));
            views.getDataBuffer().setInt(16 + 8, 3);
            assertTrue(VectorCheck.problem(views).orElseThrow().contains("of buffer 3 at row 1"));
            views.setNull(1);
            assertEquals(Optional.empty(), VectorCheck.problem(views));
        }
    }

    @Test
    void values_of_unions_are_there() {
        try (BufferAllocator allocator = new RootAllocator();
                DenseUnionVector union = DenseUnionVector.empty("u", allocator)) {
            byte type = union.registerNewTypeId(Field.nullable("n", new ArrowType.Int(32, true)));
            IntVector numbers = (IntVector) union.addVector(type, new IntVector("n", allocator));
            numbers.setSafe(0, 7);
            numbers.setValueCount(1);
            union.setTypeId(0, type);
            union.setOffset(0, 0);
            union.setValueCount(1);
            numbers.setValueCount(1);
            assertEquals(Optional.empty(), VectorCheck.problem(union));
            union.setOffset(0, 1);
            assertEquals(Optional.of("has value 1 of type 0 at row 0, which is not there"), VectorCheck.problem(union));
            union.setOffset(0, 0);
            union.setTypeId(0, (byte) 5);
            assertEquals(Optional.of("has value 0 of type 5 at row 0, which is not there"), VectorCheck.problem(union));
        }
    }
}
