package dev.graticule.zarr;

import dev.graticule.ErrorKind;
import dev.graticule.zarr.codec.ByteCodec;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** How an array's elements are laid out in chunks, as far as this reader understands it. */
sealed interface Encoding {
    /** What this reader can decode. */
    sealed interface Decodable extends Encoding {
        /** How the numbers or bytes that chunks are made of are laid out. */
        Regular chunks();

        /** Cells per chunk along each axis of the array. */
        int[] chunkShape();
    }

    /**
     * A regular chunk grid that can be decoded.
     *
     * @param chunkShape  elements per chunk along each axis, all positive
     * @param storageOrder the array's axes in the order in which a chunk stores them, slowest first: {@code 0, 1, 2} is C
     *                    order, {@code 2, 1, 0} F order
     * @param fillBits    the bits of the element that a missing chunk holds, in its low bytes
     * @param hasFill     whether the array says so itself; if not, {@code fillBits} is zero
     * @param codecs      from the elements to the stored bytes: applied in that order by a writer
     * @param sharding    how chunks share the values of the store
     */
    record Regular(ElementType type, ByteOrder byteOrder, int[] chunkShape, int[] storageOrder, long fillBits,
            boolean hasFill,
            List<ByteCodec> codecs, ChunkKeys keys, Sharding sharding) implements Decodable {
        public Regular {
            codecs = List.copyOf(codecs);
        }

        @Override
        public Regular chunks() {
            return this;
        }

        /** Elements in a chunk, padding at the array's edge included. */
        long chunkElements() {
            long elements = 1;
            for (int length : chunkShape) {
                elements *= length;
            }
            return elements;
        }

        long chunkBytes() {
            return chunkElements() * type.bytes();
        }

        /** How many elements apart neighbours along each axis are in a chunk. */
        int[] chunkStrides() {
            int[] strides = new int[chunkShape.length];
            int stride = 1;
            for (int place = storageOrder.length - 1; place >= 0; place--) {
                strides[storageOrder[place]] = stride;
                stride *= chunkShape[storageOrder[place]];
            }
            return strides;
        }
    }

    /**
     * Texts in a regular chunk grid.
     *
     * @param chunks of a fixed length: bytes or code points, with one axis more than the array has, the last one, along a text; of
     *               {@link TextForm#LENGTHS} bytes, with the axes of the array, though how many a chunk has nobody knows before
     * @param fill   the text of a missing chunk
     * @param hasFill whether the array says so itself; if not, {@code fill} is empty
     */
    record Texts(Regular chunks, TextForm form, String fill, boolean hasFill) implements Decodable {
        @Override
        public int[] chunkShape() {
            return form == TextForm.LENGTHS ? chunks.chunkShape()
                    : Arrays.copyOf(chunks.chunkShape(), chunks.chunkShape().length - 1);
        }

        /** How many bytes or code points a text has in a chunk, padding included; of a fixed length only. */
        int width() {
            return chunks.chunkShape()[chunks.chunkShape().length - 1];
        }
    }

    /** What this reader cannot decode: only who needs the array learns why. */
    record Undecodable(ErrorKind kind, String reason) implements Encoding {
    }
}
