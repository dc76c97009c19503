package dev.graticule;

import dev.graticule.batch.Buffers;
import dev.graticule.batch.Layout;
import dev.graticule.batch.Memory;
import dev.graticule.batch.Values;
import dev.graticule.spi.Block;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;

/** Boxes of strings on the heap as blocks of VARCHAR. */
final class TextCells {
    private TextCells() {
    }

    /**
     * A box of strings, {@code null} for NULL, encoded densely into buffers that go back when the block is closed.
     *
     * @param box what errors call it
     */
    static Block openCopy(String[] texts, int offset, int[] strides, int[] shape, String box, Buffers buffers) {
        List<byte[]> cells = new ArrayList<>();
        collect(texts, offset, strides, shape, 0, cells);
        long bytes = cells.stream().mapToLong(cell -> cell == null ? 0 : cell.length).sum();
        if (bytes > Integer.MAX_VALUE) {
            throw GraticuleException.of(ErrorKind.RESOURCE, null,
                    "The strings of " + box + " have more than 2 GiB: give"
                            + " it smaller chunks(...).",
                    null);
        }
        List<ArrowBuf> taken = new ArrayList<>();
        boolean opened = false;
        try {
            ArrowBuf offsets = take((cells.size() + 1L) * 4, buffers, taken);
            ArrowBuf data = take(bytes, buffers, taken);
            ArrowBuf validity = cells.contains(null) ? take((cells.size() + 7L) / 8, buffers, taken) : null;
            encode(cells, Memory.segment(offsets), Memory.segment(data),
                    validity == null ? null : Memory.segment(validity));
            Block block = new Block(Values.ofVariableWidth(SqlType.VARCHAR, cells.size(), offsets, data, validity),
                    Layout.dense(shape, 0), () -> taken.forEach(buffers::giveBack));
            opened = true;
            return block;
        } finally {
            if (!opened) {
                taken.forEach(buffers::giveBack);
            }
        }
    }

    private static ArrowBuf take(long bytes, Buffers buffers, List<ArrowBuf> taken) {
        ArrowBuf buffer = buffers.take(Long.max(8, bytes));
        taken.add(buffer);
        return buffer;
    }

    private static void collect(String[] texts, int at, int[] strides, int[] shape, int axis, List<byte[]> cells) {
        if (axis == shape.length) {
            cells.add(texts[at] == null ? null : texts[at].getBytes(StandardCharsets.UTF_8));
            return;
        }
        for (int index = 0; index < shape[axis]; index++) {
            collect(texts, at + index * strides[axis], strides, shape, axis + 1, cells);
        }
    }

    private static void encode(List<byte[]> cells, MemorySegment offsets, MemorySegment data, MemorySegment validity) {
        int end = 0;
        for (int cell = 0; cell < cells.size(); cell++) {
            byte[] text = cells.get(cell);
            offsets.set(ValueLayout.JAVA_INT_UNALIGNED, cell * 4L, end);
            if (validity != null) {
                Memory.setBit(validity, cell, text != null);
            }
            if (text != null) {
                MemorySegment.copy(text, 0, data, ValueLayout.JAVA_BYTE, end, text.length);
                end += text.length;
            }
        }
        offsets.set(ValueLayout.JAVA_INT_UNALIGNED, cells.size() * 4L, end);
    }
}
