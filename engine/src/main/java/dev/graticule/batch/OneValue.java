package dev.graticule.batch;

import dev.graticule.GraticuleException;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.complex.UnionVector;

/** Copies one value of an Arrow type that expressions cannot use. */
public final class OneValue {
    private OneValue() {
    }

    /**
     * Copies value {@code place} of a vector to place {@code at} of another of the same type, which grows; places are filled in
     * ascending order.
     *
     * @throws GraticuleException of kind UNSUPPORTED where Arrow's library cannot copy the type: unions
     */
    public static void copy(FieldVector source, int place, FieldVector target, int at) {
        // Of unions it copies values as values of another of their types.
        if (source instanceof DenseUnionVector || source instanceof UnionVector) {
            throw unsupported(source);
        }
        // Arrow's library copies these by the names that their fields should have (key, value), and leaves the others out.
        switch (target) {
            case StructVector struct -> {
                if (source.isNull(place)) {
                    struct.setNull(at);
                } else {
                    struct.setIndexDefined(at);
                    List<FieldVector> from = source.getChildrenFromFields();
                    List<FieldVector> to = struct.getChildrenFromFields();
                    for (int child = 0; child < to.size(); child++) {
                        copy(from.get(child), place, to.get(child), at);
                    }
                }
            }
            case ListVector list -> {
                if (source.isNull(place)) {
                    list.setNull(at);
                } else {
                    ListVector from = (ListVector) source;
                    int start = from.getElementStartIndex(place);
                    int items = from.getElementEndIndex(place) - start;
                    copyItems(from.getDataVector(), start, list.getDataVector(), list.startNewValue(at), items);
                    list.endValue(at, items);
                }
            }
            case LargeListVector list -> {
                if (source.isNull(place)) {
                    list.setNull(at);
                } else {
                    LargeListVector from = (LargeListVector) source;
                    long start = from.getElementStartIndex(place);
                    int items = Math.toIntExact(from.getElementEndIndex(place) - start);
                    copyItems(from.getDataVector(), Math.toIntExact(start), list.getDataVector(),
                            Math.toIntExact(list.startNewValue(at)), items);
                    list.endValue(at, items);
                }
            }
            case FixedSizeListVector list -> {
                if (source.isNull(place)) {
                    list.setNull(at);
                } else {
                    int items = list.getListSize();
                    copyItems(((FixedSizeListVector) source).getDataVector(), place * items, list.getDataVector(),
                            list.startNewValue(at), items);
                }
            }
            default -> copyWhole(source, place, target, at);
        }
    }

    private static void copyItems(FieldVector source, int from, FieldVector target, int at, int count) {
        for (int i = 0; i < count; i++) {
            copy(source, from + i, target, at + i);
        }
    }

    private static void copyWhole(FieldVector source, int place, FieldVector target, int at) {
        try {
            target.copyFromSafe(place, at, source);
        } catch (IllegalArgumentException | UnsupportedOperationException unknown) {
            throw unsupported(source);
        }
    }

    private static GraticuleException unsupported(FieldVector source) {
        return GraticuleException.unsupported(null, "column " + source.getName() + " of the Arrow type "
                + source.getField().getType() + " (leave it out of the query)");
    }
}
