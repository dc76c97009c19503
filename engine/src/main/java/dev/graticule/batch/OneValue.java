package dev.graticule.batch;

import dev.graticule.GraticuleException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
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
