package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorSpecies;

/** The machine's preferred vectors for stored types. */
final class Species {
    private Species() {
    }

    /** The species of a type's values. Its element type is erased so that one loop serves all. */
    @SuppressWarnings("unchecked")
    static VectorSpecies<Object> of(SqlType.Scalar type) {
        VectorSpecies<?> species = switch (type) {
            case TINYINT, UTINYINT -> ByteVector.SPECIES_PREFERRED;
            case SMALLINT, USMALLINT -> ShortVector.SPECIES_PREFERRED;
            case INTEGER, UINTEGER, DATE -> IntVector.SPECIES_PREFERRED;
            case BIGINT, UBIGINT, TIME -> LongVector.SPECIES_PREFERRED;
            case REAL -> FloatVector.SPECIES_PREFERRED;
            case DOUBLE -> DoubleVector.SPECIES_PREFERRED;
            case NULL, BOOLEAN, VARCHAR, BLOB, INTERVAL -> throw new IllegalArgumentException("No vectors of " + type);
        };
        return (VectorSpecies<Object>) species;
    }

    /** A vector of one value in memory. */
    @SuppressWarnings("unchecked")
    static Vector<Object> broadcast(SqlType.Scalar type, VectorSpecies<Object> species, MemorySegment data,
            long index) {
        VectorSpecies<?> erased = species;
        Vector<?> vector;
        if (type == SqlType.Scalar.REAL) {
            vector = FloatVector.broadcast((VectorSpecies<Float>) erased, (float) Element.floating(type, data, index));
        } else if (type == SqlType.Scalar.DOUBLE) {
            vector = DoubleVector.broadcast((VectorSpecies<Double>) erased, Element.floating(type, data, index));
        } else {
            vector = species.broadcast(Element.narrow(signed(type), Element.integer(type, data, index)));
        }
        return (Vector<Object>) vector;
    }

    /** The signed type of the same width. */
    private static SqlType.Scalar signed(SqlType.Scalar type) {
        if (type == SqlType.Scalar.UTINYINT) {
            return SqlType.Scalar.TINYINT;
        }
        if (type == SqlType.Scalar.USMALLINT) {
            return SqlType.Scalar.SMALLINT;
        }
        return type == SqlType.Scalar.UINTEGER ? SqlType.Scalar.INTEGER : type;
    }
}
