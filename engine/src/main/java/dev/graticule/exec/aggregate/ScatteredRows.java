package dev.graticule.exec.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.HeapReservation;
import dev.graticule.batch.Memory;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.RowArrays;
import dev.graticule.batch.Scratch;
import dev.graticule.batch.Selection;
import dev.graticule.batch.Values;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;

/**
 * Rows that one worker has put aside by the parts that they belong to, to be aggregated part by part: many rows meet the few groups of a
 * part while those are in the caches.
 *
 * <p>Columns have a fixed width. Rows of a part stay in their order, and are in blocks of a bounded number of rows. Memory is counted by the
 * allocator. Used by one thread until {@link #finish}; then each part may be taken by another one.
 */
final class ScatteredRows implements AutoCloseable {
    /** The most rows of a block. */
    static final int BLOCK_ROWS = 1 << 11;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final List<SqlType> types;
    private final BufferAllocator allocator;
    private final List<List<Block>> blocks = new ArrayList<>();
    private final int[] waiting;
    private final List<Block> free = new ArrayList<>();
    private final HeapReservation heap;
    private final int[] starts;
    private int[] order = {};
    private int[][] places;
    private boolean finished;

    /** No rows of columns of these types, which {@link #takes} accepts. */
    ScatteredRows(List<SqlType> types, int parts, BufferAllocator allocator) {
        this.types = types;
        this.allocator = allocator;
        this.waiting = new int[parts];
        this.starts = new int[parts + 1];
        this.heap = new HeapReservation(allocator);
        this.places = new int[types.size()][];
        for (int part = 0; part < parts; part++) {
            blocks.add(new ArrayList<>());
        }
    }

    /** Whether columns of a type can be put aside. */
    static boolean takes(SqlType type) {
        return type.bytes() > 0;
    }

    /** How many rows of a part there are. */
    int waiting(int part) {
        return waiting[part];
    }

    /**
     * Puts the selected rows of a batch aside.
     *
     * @param columns over the batch's box
     * @param parts the part of each row; undefined for rows that are not selected
     * @param first the number of the batch's first row, others follow by one
     */
    void add(Batch batch, List<Column> columns, int[] parts, long first) {
        int rows = batch.rows();
        sort(rows, batch.selection(), parts);
        List<long[]> valid = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            boolean dense = column instanceof Column.Strided && column.layout().isDense(batch.shape());
            places[i] = dense ? null : RowArrays.places(column, batch.shape(), rows, places[i]);
            valid.add(column.nulls() == NullForm.NONE ? null
                    : RowArrays.live(column, batch.shape(), rows, Selection.ALL, null));
        }
        for (int part = 0; part < waiting.length; part++) {
            for (int from = starts[part]; from < starts[part + 1];) {
                Block block = withRoom(part);
                int count = Integer.min(starts[part + 1] - from, BLOCK_ROWS - block.count);
                for (int i = 0; i < columns.size(); i++) {
                    block.append(i, columns.get(i), valid.get(i), from, count);
                }
                block.appendNumbers(first, from, count);
                block.count += count;
                waiting[part] += count;
                from += count;
            }
        }
    }

    /** Lists the selected rows part by part, those of a part in their order. */
    private void sort(int rows, Selection selection, int[] parts) {
        if (order.length < rows) {
            heap.ensure((long) Integer.BYTES * rows * (1 + types.size()));
            order = new int[rows];
        }
        int[] ends = new int[waiting.length + 1];
        for (int row = 0; row < rows; row++) {
            if (selection.contains(row)) {
                ends[parts[row] + 1]++;
            }
        }
        for (int part = 0; part < waiting.length; part++) {
            ends[part + 1] += ends[part];
        }
        System.arraycopy(ends, 0, starts, 0, starts.length);
        for (int row = 0; row < rows; row++) {
            if (selection.contains(row)) {
                order[ends[parts[row]]++] = row;
            }
        }
    }

    private Block withRoom(int part) {
        List<Block> those = blocks.get(part);
        if (those.isEmpty() || those.getLast().count == BLOCK_ROWS) {
            those.add(free.isEmpty() ? new Block() : free.removeLast());
        }
        return those.getLast();
    }

    interface BlockAction {
        /** Takes some rows, a column for each type, and the number of each row, 64 bits each; lent until it returns. */
        void take(Batch rows, MemorySegment numbers);
    }

    /** Gives the rows of a part, and forgets them. */
    void drain(int part, BlockAction action) {
        List<Block> those = blocks.get(part);
        for (Block block : those) {
            if (block.count > 0) {
                block.give(action);
                block.clear();
            }
        }
        if (finished) {
            those.forEach(Block::close);
        } else {
            free.addAll(those);
        }
        those.clear();
        waiting[part] = 0;
    }

    /** Frees the memory that is kept for rows to come. */
    void freeUnused() {
        free.forEach(Block::close);
        free.clear();
    }

    /** No more rows come. */
    void finish() {
        finished = true;
        freeUnused();
        heap.close();
        order = new int[0];
        places = new int[types.size()][];
    }

    @Override
    public void close() {
        finish();
        blocks.forEach(those -> {
            those.forEach(Block::close);
            those.clear();
        });
    }

    /** Up to {@link #BLOCK_ROWS} rows. */
    private final class Block {
        private final ArrowBuf[] data = new ArrowBuf[types.size()];
        /** Bits of columns of which some row was NULL, else {@code null}. */
        private final ArrowBuf[] validity = new ArrowBuf[types.size()];
        private final ArrowBuf numbers;
        private int count;

        Block() {
            try {
                for (int i = 0; i < data.length; i++) {
                    data[i] = openBuffer((long) BLOCK_ROWS * types.get(i).bytes());
                }
                numbers = openBuffer((long) BLOCK_ROWS * Long.BYTES);
            } catch (RuntimeException | Error failure) {
                closeColumns();
                throw failure;
            }
        }

        private ArrowBuf openBuffer(long bytes) {
            try {
                return allocator.buffer(bytes);
            } catch (OutOfMemoryException exhausted) {
                throw Scratch.outOfMemory(bytes, allocator, exhausted);
            }
        }

        /** Copies rows {@code order[from .. from + count)} of a column; {@code valid} has a bit for each row that is not NULL. */
        void append(int column, Column source, long[] valid, int from, int rows) {
            MemorySegment target = Memory.segment(data[column]);
            MemorySegment values = RowArrays.values(source).data();
            int offset = source.layout().offset();
            int[] at = places[column];
            switch (types.get(column).bytes()) {
                case 1 -> {
                    for (int i = 0; i < rows; i++) {
                        int place = place(order[from + i], offset, at);
                        target.set(ValueLayout.JAVA_BYTE, count + i, values.get(ValueLayout.JAVA_BYTE, place));
                    }
                }
                case 2 -> {
                    for (int i = 0; i < rows; i++) {
                        int place = place(order[from + i], offset, at);
                        target.set(SHORT, (count + i) * 2L, values.get(SHORT, place * 2L));
                    }
                }
                case 4 -> {
                    for (int i = 0; i < rows; i++) {
                        int place = place(order[from + i], offset, at);
                        target.set(INT, (count + i) * 4L, values.get(INT, place * 4L));
                    }
                }
                case 8 -> {
                    for (int i = 0; i < rows; i++) {
                        int place = place(order[from + i], offset, at);
                        target.set(LONG, (count + i) * 8L, values.get(LONG, place * 8L));
                    }
                }
                default -> {
                    for (int i = 0; i < rows; i++) {
                        int place = place(order[from + i], offset, at);
                        target.set(LONG, (count + i) * 16L, values.get(LONG, place * 16L));
                        target.set(LONG, (count + i) * 16L + 8, values.get(LONG, place * 16L + 8));
                    }
                }
            }
            if (valid != null) {
                appendValidity(column, valid, from, rows);
            }
        }

        private static int place(int row, int offset, int[] places) {
            return places == null ? offset + row : Integer.max(0, places[row]);
        }

        private void appendValidity(int column, long[] valid, int from, int rows) {
            if (validity[column] == null) {
                validity[column] = openBuffer(BLOCK_ROWS / Byte.SIZE);
                Memory.segment(validity[column]).fill((byte) -1);
            }
            MemorySegment bits = Memory.segment(validity[column]);
            for (int i = 0; i < rows; i++) {
                int row = order[from + i];
                if ((valid[row >>> 6] >>> row & 1) == 0) {
                    Memory.setBit(bits, count + i, false);
                }
            }
        }

        void appendNumbers(long first, int from, int rows) {
            MemorySegment target = Memory.segment(numbers);
            for (int i = 0; i < rows; i++) {
                target.set(LONG, (count + i) * 8L, first + order[from + i]);
            }
        }

        void give(BlockAction action) {
            int[] shape = {count};
            List<Column> columns = new ArrayList<>();
            for (int i = 0; i < data.length; i++) {
                columns.add(Column.dense(Values.of(types.get(i), count, data[i], validity[i]), shape, 0));
            }
            action.take(Batch.of(Box.rows(0, count), 0, columns), Memory.segment(numbers));
        }

        void clear() {
            count = 0;
            for (ArrowBuf bits : validity) {
                if (bits != null) {
                    Memory.segment(bits).fill((byte) -1);
                }
            }
        }

        void close() {
            closeColumns();
            numbers.close();
        }

        private void closeColumns() {
            for (int i = 0; i < data.length; i++) {
                if (data[i] != null) {
                    data[i].close();
                }
                if (validity[i] != null) {
                    validity[i].close();
                }
            }
        }
    }
}
