package dev.graticule.zarr.copy;

import dev.graticule.zarr.ElementType;
import dev.graticule.zarr.cf.UndecodableTimeException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** The elements that coordinates are stored as. */
final class AxisElements {
    private AxisElements() {
    }

    /**
     * The elements in the form that the source has (packed, counted in floating numbers, in float16, in its unit of time), where it has
     * one of its own and gives exactly these coordinates.
     */
    static Optional<byte[]> kept(CopyDimension dimension, StoredForm form) {
        CellEncoding encoding = form.encoding();
        if (!form.kept() || encoding instanceof CellEncoding.Same) {
            return Optional.empty();
        }
        MemorySegment coordinates = dimension.coordinates();
        byte[] cells = coordinates.toArray(ValueLayout.JAVA_BYTE);
        MemorySegment elements = MemorySegment.ofArray(cells);
        if (encoding.encode(elements, dimension.length()) != 0) {
            return Optional.empty();
        }
        for (int i = 0; encoding.element().isFloating() && i < dimension.length(); i++) {
            if (!isExact(encoding, element(elements, encoding.element(), i), coordinates, i)) {
                return Optional.empty();
            }
        }
        return Optional.of(Arrays.copyOf(cells, dimension.length() * encoding.element().bytes()));
    }

    private static double element(MemorySegment elements, ElementType type, long i) {
        return type == ElementType.FLOAT16 ? Float.float16ToFloat(elements.get(CellEncoding.SHORT, i * 2))
                : type == ElementType.FLOAT32 ? Float.intBitsToFloat(elements.get(CellEncoding.INT, i * 4))
                        : elements.get(CellEncoding.DOUBLE, i * 8);
    }

    private static boolean isExact(CellEncoding encoding, double element, MemorySegment coordinates, long i) {
        try {
            return switch (encoding) {
                case CellEncoding.Times times ->
                    times.coding().decode(element) == coordinates.get(CellEncoding.LONG, i * 8);
                case CellEncoding.Lengths lengths ->
                    lengths.coding().decode(element) == CopyDimension.nanoseconds(coordinates, i);
                case CellEncoding.Packed packed ->
                    element * packed.scale() + packed.offset() == coordinates.get(CellEncoding.DOUBLE, i * 8);
                case CellEncoding.Half half -> true;
                case CellEncoding.Same same -> true;
                case CellEncoding.Text text -> true;
            };
        } catch (UndecodableTimeException beyond) {
            return false;
        }
    }

    /** The whole type that the source had for its counts, where they fit. */
    static ElementType narrow(long[] counts, Map<String, String> metadata) {
        ElementType stored = StoredForm.stored(metadata).filter(ElementType::isInteger).orElse(ElementType.INT64);
        for (long count : counts) {
            if (CellEncoding.number(count, stored) != count) {
                return ElementType.INT64;
            }
        }
        return stored;
    }

    /** Counts as elements. */
    static byte[] of(long[] counts, ElementType element) {
        byte[] elements = new byte[counts.length * element.bytes()];
        for (int i = 0; i < counts.length; i++) {
            for (int each = 0; each < element.bytes(); each++) {
                elements[i * element.bytes() + each] = (byte) (counts[i] >>> 8 * each);
            }
        }
        return elements;
    }
}
