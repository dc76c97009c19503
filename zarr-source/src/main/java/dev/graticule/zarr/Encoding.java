package dev.graticule.zarr;

import dev.graticule.ErrorKind;
import dev.graticule.zarr.codec.ByteCodec;
import java.nio.ByteOrder;
import java.util.List;

/** How an array's elements are laid out in chunks, as far as this reader understands it. */
sealed interface Encoding {
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
            List<ByteCodec> codecs, ChunkKeys keys, Sharding sharding) implements Encoding {
        public Regular {
            codecs = List.copyOf(codecs);
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

    /** What this reader cannot decode: only who needs the array learns why. */
    record Undecodable(ErrorKind kind, String reason) implements Encoding {
    }
}
