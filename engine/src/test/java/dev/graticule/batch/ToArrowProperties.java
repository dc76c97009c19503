package dev.graticule.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.kernel.CompareLoop;
import dev.graticule.kernel.Kernels;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.junit.jupiter.api.Test;

class ToArrowProperties {
    @Property(tries = 400)
    void anyColumnBecomesItsSelectedRowsHoweverTheyAreCut(@ForAll long seed) {
        Random random = new Random(seed);
        try (BufferAllocator allocator = new RootAllocator();
                RandomColumns columns = new RandomColumns(random, allocator)) {
            SqlType type = RandomColumns.TYPES.get(random.nextInt(RandomColumns.TYPES.size()));
            ToArrow toArrow = new ToArrow(CompareLoop::numbers);
            List<Object> expected = new ArrayList<>();
            try (FieldVector target = type.field("x", Map.of()).createVector(allocator)) {
                for (int batch = 0; batch < 3; batch++) {
                    int[] shape = columns.shape(random.nextBoolean() ? 40 : 700);
                    int rows = RandomColumns.rows(shape);
                    Column column = columns.column(type, shape, random.nextBoolean());
                    Selection selection = columns.selection(rows);
                    int from = random.nextInt(3) == 0 ? random.nextInt(rows + 1) : 0;
                    int to = from + random.nextInt(rows - from + 1);
                    List<Object> part = RandomColumns.objects(column, shape, selection, from, to);
                    assertEquals(part.size(),
                            toArrow.append(column, shape, selection, from, to, target, expected.size()));
                    expected.addAll(part);
                }
                assertEquals(expected, RandomColumns.objects(target));
            }
        }
    }

    @Property(tries = 200)
    void primitiveArraysAgreeWithReadingOneByOne(@ForAll long seed) {
        Random random = new Random(seed);
        try (BufferAllocator allocator = new RootAllocator();
                RandomColumns columns = new RandomColumns(random, allocator)) {
            SqlType type = RandomColumns.TYPES.get(random.nextInt(RandomColumns.TYPES.size()));
            int[] shape = columns.shape(300);
            int rows = RandomColumns.rows(shape);
            Column column = columns.column(type, shape, random.nextBoolean());
            Selection selection = columns.selection(rows);
            long[] live = RowArrays.live(column, shape, rows, selection, null);
            int[] places = RowArrays.places(column, shape, rows, null);
            for (int row = 0; row < rows; row++) {
                Object object = RandomColumns.object(column, shape, row);
                assertEquals(selection.contains(row) && object != null, (live[row >>> 6] >>> row & 1) != 0);
                assertEquals(object == null, RowArrays.isNull(column, places[row]));
            }
            if (type.isFloating()) {
                double[] doubles = RowArrays.doubles(column, shape, rows, null);
                for (int row = 0; row < rows; row++) {
                    if (RandomColumns.object(column, shape, row) instanceof Number number) {
                        assertEquals(number.doubleValue(), doubles[row]);
                    }
                }
            } else if (type == SqlType.BOOLEAN || type.bytes() > 0 && type.bytes() <= 8) {
                long[] longs = RowArrays.longs(column, shape, rows, null);
                long mask = type.isUnsigned() && type.bytes() < 8 ? (1L << 8 * type.bytes()) - 1 : -1L;
                for (int row = 0; row < rows; row++) {
                    Object object = RandomColumns.object(column, shape, row);
                    if (object instanceof Number number) {
                        assertEquals(number.longValue() & mask, longs[row]);
                    } else if (object instanceof Boolean bit) {
                        assertEquals(bit ? 1 : 0, longs[row]);
                    }
                }
            }
        }
    }

    @Property(tries = 20)
    void nanIsNullInScalarLoopsAndVectorLoopsAlike(@ForAll long seed) {
        Random random = new Random(seed);
        int rows = 1 + random.nextInt(150_000);
        int before = random.nextInt(100);
        Kernels.force(random.nextBoolean() ? 1 : -1);
        try (BufferAllocator allocator = new RootAllocator();
                Float4Vector source = new Float4Vector("x", allocator);
                Float4Vector target = new Float4Vector("x", allocator)) {
            source.allocateNew(before + rows);
            for (int i = 0; i < before + rows; i++) {
                source.set(i, random.nextInt(50) == 0 ? Float.NaN : random.nextInt(50) == 0 ? -0.0f : i);
            }
            source.setValueCount(before + rows);
            ToArrow toArrow = new ToArrow(CompareLoop::numbers);
            for (int[] part : new int[][]{{0, before}, {before, rows}}) {
                int[] shape = {part[1]};
                Column column = new Column.Strided(Values.of(source), Layout.dense(shape, part[0]), NullForm.NAN);
                toArrow.append(column, shape, Selection.ALL, 0, part[1], target, part[0]);
            }
            for (int i = 0; i < before + rows; i++) {
                assertEquals(Float.isNaN(source.get(i)), target.isNull(i));
            }
        } finally {
            Kernels.force(0);
        }
    }

    @Property(tries = 200)
    void aColumnThatIsHandedOverIsTheSameRowsInTheMemoryThatThePoolMade(@ForAll long seed) {
        Random random = new Random(seed);
        try (BufferAllocator root = new RootAllocator();
                BufferAllocator results = root.newChildAllocator("results", 0, Long.MAX_VALUE);
                BufferAllocator worker = root.newChildAllocator("worker", 0, Long.MAX_VALUE);
                RandomColumns columns = new RandomColumns(random, root);
                Scratch pool = new Scratch(worker)) {
            SqlType type = RandomColumns.TYPES.get(random.nextInt(RandomColumns.TYPES.size()));
            int[] shape = columns.shape(700);
            int rows = RandomColumns.rows(shape);
            Column column = columns.column(type, shape, random.nextBoolean());
            assertFalse(ToArrow.canHandOver(column, shape, rows, pool));
            if (!(column instanceof Column.Strided strided) || type.bytes() == 0 || !column.layout().isDense(shape)) {
                return;
            }
            pool.mark();
            Values values = strided.values();
            Values pooled = pool.values(type, values.count(), false).withBitmap(
                    values.validity() == null ? null : values.vector().getValidityBuffer());
            MemorySegment.copy(values.data(), 0, pooled.data(), 0, (long) values.count() * type.bytes());
            Column.Strided own = new Column.Strided(pooled, column.layout(),
                    column.nulls());
            List<Object> expected = RandomColumns.objects(column, shape, Selection.ALL, 0, rows);
            boolean fills = Memory.segment(pooled.dataBuffer()).byteSize() <= 2L * rows * type.bytes();
            assertEquals(fills, ToArrow.canHandOver(own, shape, rows, pool));
            if (!fills) {
                pool.release();
                return;
            }
            long address = own.values().data().address() + (long) column.layout().offset() * type.bytes();
            try (FieldVector vector = new ToArrow(CompareLoop::numbers).openHandedOver(own, rows, pool, "x", Map.of(),
                    results)) {
                assertFalse(ToArrow.canHandOver(own, shape, rows, pool));
                assertEquals(address, vector.getDataBuffer().memoryAddress());
                pool.release();
                pool.mark();
                pool.values(type, values.count(), false).data().fill((byte) 7);
                pool.release();
                assertEquals(expected, RandomColumns.objects(vector));
            }
            assertEquals(0, results.getAllocatedMemory());
        }
    }

    @Test
    void whatAPoolKeepsForLongerThanABatchIsNotHandedOver() {
        try (BufferAllocator root = new RootAllocator(); Scratch pool = new Scratch(root)) {
            int[] shape = {1024};
            ArrowBuf buffer = pool.keeping().take(4096);
            Column column = Column.dense(Values.of(SqlType.INTEGER, 1024, buffer, null), shape, 0);
            assertFalse(ToArrow.canHandOver(column, shape, 1024, pool));
            pool.keeping().giveBack(buffer);
            assertSame(buffer, pool.take(4096));
            assertTrue(ToArrow.canHandOver(column, shape, 1024, pool));
            pool.giveBack(buffer);
        }
    }

    @Test
    void typesWithoutBuffersOfTheirOwnAreCopiedToo() {
        try (BufferAllocator allocator = new RootAllocator();
                ListVector lists = new ListVector("l", allocator, FieldType.nullable(ArrowType.List.INSTANCE), null)) {
            lists.addOrGetVector(FieldType.nullable(new ArrowType.Int(32, true)));
            lists.allocateNew();
            IntVector inner = (IntVector) lists.getDataVector();
            for (int i = 0; i < 10; i++) {
                if (i % 3 == 0) {
                    lists.setNull(i);
                    continue;
                }
                int at = lists.startNewValue(i);
                for (int j = 0; j < i; j++) {
                    inner.setSafe(at + j, i * 10 + j);
                }
                lists.endValue(i, i);
            }
            lists.setValueCount(10);
            Column column = Column.dense(Values.of(lists), new int[]{10}, 0);
            Selection odd = new Selection.Bitmap(new long[]{0b1010101010}, 5);
            try (FieldVector all = new ToArrow(CompareLoop::numbers).openVector(column, new int[]{10}, 10,
                    Selection.ALL, "a", Map.of(),
                    allocator);
                    FieldVector some = new ToArrow(CompareLoop::numbers).openVector(column, new int[]{10}, 10, odd, "a",
                            Map.of(),
                            allocator)) {
                assertEquals(10, all.getValueCount());
                for (int i = 0; i < 10; i++) {
                    assertEquals(lists.getObject(i), all.getObject(i));
                }
                assertEquals(5, some.getValueCount());
                for (int i = 0; i < 5; i++) {
                    assertEquals(lists.getObject(2 * i + 1), some.getObject(i));
                }
            }
        }
    }
}
