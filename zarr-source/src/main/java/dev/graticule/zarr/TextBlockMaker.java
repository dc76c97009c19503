package dev.graticule.zarr;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Buffers;
import dev.graticule.batch.Layout;
import dev.graticule.batch.Memory;
import dev.graticule.batch.Values;
import dev.graticule.spi.Block;
import dev.graticule.type.SqlType;
import dev.graticule.zarr.codec.CorruptDataException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Turns the texts of one box of a decoded chunk into a block of VARCHAR values, which are UTF-8, one after the other in C order of the
 * box. Used once.
 */
final class TextBlockMaker {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int[] shape;
    private final Decoding.Texts decoding;
    private final Buffers buffers;
    private final List<ArrowBuf> taken = new ArrayList<>();

    TextBlockMaker(int[] shape, Decoding.Texts decoding, Buffers buffers) {
        this.shape = shape;
        this.decoding = decoding;
        this.buffers = buffers;
    }

    /** A block whose cells are all the same text. */
    Block openConstant(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return open(1, Layout.constant(shape.length, 0), new Cells() {
            @Override
            public int length(int cell) {
                return bytes.length;
            }

            @Override
            public void write(int cell, MemorySegment target) {
                target.copyFrom(MemorySegment.ofArray(bytes));
            }
        });
    }

    /** A block of texts of a fixed length; the elements still belong to the caller. */
    Block open(Encoding.Texts encoding, ZarrGridReader.Elements elements) throws CorruptDataException {
        int width = encoding.width();
        int[] units = java.util.Arrays.copyOf(shape, shape.length + 1);
        units[shape.length] = width;
        MemorySegment all = elements.segment(encoding.form().unit().bytes());
        Layout layout = elements.layout();
        Cells cells = encoding.form() == TextForm.CODE_POINTS
                ? new CodePoints(all, cell -> layout.place(units, cell * width), width)
                : new Bytes(all, cell -> layout.place(units, cell * width), width, decoding.charset());
        return checked(cells);
    }

    /**
     * A block of texts behind their lengths.
     *
     * @param chunk  the decoded chunk
     * @param count  how many texts it must have
     * @param layout where the box's cells are among these
     */
    Block open(MemorySegment chunk, long count, Layout layout) throws CorruptDataException {
        ArrowBuf places = buffers.take(Long.max(8, count * 4));
        try {
            MemorySegment starts = Memory.segment(places);
            index(chunk, count, starts);
            Cells cells = new Cells() {
                private long start(int cell) {
                    return starts.get(INT, layout.place(shape, cell) * 4L);
                }

                @Override
                public int length(int cell) throws CorruptDataException {
                    int length = chunk.get(INT, start(cell) - 4);
                    requireUtf8(chunk.asSlice(start(cell), length));
                    return length;
                }

                @Override
                public void write(int cell, MemorySegment target) {
                    MemorySegment.copy(chunk, start(cell), target, 0, target.byteSize());
                }
            };
            return checked(cells);
        } finally {
            buffers.giveBack(places);
        }
    }

    /** Writes where the bytes of each text begin. */
    private static void index(MemorySegment chunk, long count, MemorySegment starts) throws CorruptDataException {
        long stored = chunk.byteSize() < 4 ? -1 : chunk.get(INT, 0) & 0xffffffffL;
        if (stored != count) {
            throw new CorruptDataException("vlen-utf8: the chunk has " + (stored < 0 ? "no" : Long.toString(stored))
                    + " texts, expected " + count);
        }
        long at = 4;
        for (long cell = 0; cell < count; cell++) {
            long length = at + 4 > chunk.byteSize() ? Long.MAX_VALUE / 2 : chunk.get(INT, at) & 0xffffffffL;
            if (at + 4 + length > chunk.byteSize()) {
                throw new CorruptDataException("vlen-utf8: " + chunk.byteSize() + " bytes end within text " + cell);
            }
            starts.set(INT, cell * 4, (int) (at + 4));
            at += 4 + length;
        }
    }

    /** The texts of the box, by their number in C order. */
    private interface Cells {
        /** How many bytes the text has in UTF-8. */
        int length(int cell) throws CorruptDataException;

        /** Writes these bytes. */
        void write(int cell, MemorySegment target) throws CorruptDataException;
    }

    private Block checked(Cells cells) throws CorruptDataException {
        long count = 1;
        for (int length : shape) {
            count *= length;
        }
        return openChecked((int) count, Layout.dense(shape, 0), cells);
    }

    private Block open(int count, Layout layout, Cells cells) {
        try {
            return openChecked(count, layout, cells);
        } catch (CorruptDataException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Block openChecked(int count, Layout layout, Cells cells) throws CorruptDataException {
        boolean opened = false;
        try {
            ArrowBuf ends = take((count + 1) * 4L);
            MemorySegment offsets = Memory.segment(ends);
            long end = 0;
            for (int cell = 0; cell < count; cell++) {
                offsets.set(INT, cell * 4L, (int) end);
                end += cells.length(cell);
                if (end > Integer.MAX_VALUE) {
                    throw GraticuleException.unsupported(null, "a chunk with 2 GiB of texts or more");
                }
            }
            offsets.set(INT, count * 4L, (int) end);
            ArrowBuf data = take(end);
            MemorySegment bytes = Memory.segment(data);
            for (int cell = 0; cell < count; cell++) {
                int from = offsets.get(INT, cell * 4L);
                cells.write(cell, bytes.asSlice(from, offsets.get(INT, cell * 4L + 4) - from));
            }
            ArrowBuf validity = decoding.nulls().isEmpty() ? null : validity(count, offsets, bytes);
            Block block = new Block(Values.ofVariableWidth(SqlType.VARCHAR, count, ends, data, validity), layout,
                    () -> taken.forEach(buffers::giveBack));
            opened = true;
            return block;
        } finally {
            if (!opened) {
                taken.forEach(buffers::giveBack);
            }
        }
    }

    private ArrowBuf take(long bytes) {
        ArrowBuf buffer = buffers.take(Long.max(8, bytes));
        taken.add(buffer);
        return buffer;
    }

    private ArrowBuf validity(int count, MemorySegment offsets, MemorySegment bytes) {
        ArrowBuf validity = take((count + 7L) / 8);
        MemorySegment bits = Memory.segment(validity);
        List<MemorySegment> nulls = decoding.nulls().stream()
                .map(text -> MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8))).toList();
        for (int cell = 0; cell < count; cell++) {
            int from = offsets.get(INT, cell * 4L);
            int to = offsets.get(INT, cell * 4L + 4);
            boolean missing = false;
            for (MemorySegment text : nulls) {
                missing |= text.byteSize() == to - from
                        && MemorySegment.mismatch(text, 0, to - from, bytes, from, to) < 0;
            }
            Memory.setBit(bits, cell, !missing);
        }
        return validity;
    }

    private static void requireUtf8(MemorySegment bytes) throws CorruptDataException {
        if (!isAscii(bytes)) {
            decoded(bytes, StandardCharsets.UTF_8);
        }
    }

    private static boolean isAscii(MemorySegment bytes) {
        for (long i = 0; i < bytes.byteSize(); i++) {
            if (bytes.get(ValueLayout.JAVA_BYTE, i) < 0) {
                return false;
            }
        }
        return true;
    }

    private static String decoded(MemorySegment bytes, Charset charset) throws CorruptDataException {
        try {
            return charset.newDecoder().decode(bytes.asByteBuffer()).toString();
        } catch (CharacterCodingException failure) {
            throw new CorruptDataException("a text is no " + charset.name(), failure);
        }
    }

    private interface Places {
        int of(int cell);
    }

    /** Texts of 32-bit code points. */
    private record CodePoints(MemorySegment all, Places places, int width) implements Cells {
        @Override
        public int length(int cell) throws CorruptDataException {
            long at = places.of(cell) * 4L;
            int bytes = 0;
            for (int i = units(at); i-- > 0;) {
                int point = all.get(INT, at + i * 4L);
                if (point < 0 || point > Character.MAX_CODE_POINT || point >> 11 == 0xd800 >> 11) {
                    throw new CorruptDataException("0x%08x is no code point of Unicode".formatted(point));
                }
                bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            }
            return bytes;
        }

        private int units(long at) {
            int units = width;
            while (units > 0 && all.get(INT, at + (units - 1) * 4L) == 0) {
                units--;
            }
            return units;
        }

        @Override
        public void write(int cell, MemorySegment target) {
            long at = places.of(cell) * 4L;
            long to = 0;
            while (to < target.byteSize()) {
                int point = all.get(INT, at);
                at += 4;
                int more = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
                int first = more == 0 ? point : 0xff00 >> more + 1 & 0xff | point >> 6 * more;
                target.set(ValueLayout.JAVA_BYTE, to++, (byte) first);
                for (int left = more - 1; left >= 0; left--) {
                    target.set(ValueLayout.JAVA_BYTE, to++, (byte) (0x80 | point >> 6 * left & 0x3f));
                }
            }
        }
    }

    /** Texts of bytes. */
    private record Bytes(MemorySegment all, Places places, int width, Charset charset) implements Cells {
        private MemorySegment text(int cell) {
            long at = places.of(cell);
            int bytes = width;
            while (bytes > 0 && all.get(ValueLayout.JAVA_BYTE, at + bytes - 1) == 0) {
                bytes--;
            }
            return all.asSlice(at, bytes);
        }

        @Override
        public int length(int cell) throws CorruptDataException {
            MemorySegment text = text(cell);
            return isAscii(text) ? (int) text.byteSize()
                    : decoded(text, charset).getBytes(StandardCharsets.UTF_8).length;
        }

        @Override
        public void write(int cell, MemorySegment target) throws CorruptDataException {
            MemorySegment text = text(cell);
            target.copyFrom(isAscii(text) ? text
                    : MemorySegment.ofArray(decoded(text, charset).getBytes(StandardCharsets.UTF_8)));
        }
    }
}
