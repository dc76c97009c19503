package dev.graticule.zarr;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.type.SqlType;
import dev.graticule.zarr.cf.DurationCoding;
import dev.graticule.zarr.cf.TimeCoding;
import java.nio.charset.Charset;
import java.util.List;

/** What a reader makes of an array's elements before the engine sees them. */
sealed interface Decoding {
    /** The type of the values that come out. */
    SqlType type();

    /** The elements as they are, with the sign of {@code as}; those with bits in {@code nulls} are NULL. */
    record Direct(ElementType as, List<Long> nulls) implements Decoding {
        public Direct {
            nulls = List.copyOf(nulls);
        }

        @Override
        public SqlType type() {
            return sqlType(as);
        }
    }

    /** Points in time: {@code value * scale + offset} counts units; sentinels and NaN are NULL. */
    record Times(ElementType as, TimeCoding coding, Sentinels sentinels, boolean scaled, double scale, double offset)
            implements Decoding {
        @Override
        public SqlType type() {
            return SqlType.TIMESTAMP;
        }
    }

    /** Lengths of time. */
    record Durations(ElementType as, DurationCoding coding, Sentinels sentinels, boolean scaled, double scale,
            double offset) implements Decoding {
        @Override
        public SqlType type() {
            return SqlType.INTERVAL;
        }
    }

    /**
     * Texts.
     *
     * @param charset of stored bytes
     * @param nulls   the texts that are NULL
     */
    record Texts(Charset charset, List<String> nulls) implements Decoding {
        public Texts {
            nulls = List.copyOf(nulls);
        }

        @Override
        public SqlType type() {
            return SqlType.VARCHAR;
        }
    }

    /** Nothing, for that reason: whoever reads the array gets it. */
    record Refused(SqlType type, ErrorKind kind, String message) implements Decoding {
        GraticuleException error() {
            return GraticuleException.of(kind, null, message, null);
        }
    }

    /** The SQL type that holds an element. */
    static SqlType sqlType(ElementType type) {
        return switch (type) {
            case BOOL -> SqlType.BOOLEAN;
            case INT8 -> SqlType.TINYINT;
            case INT16 -> SqlType.SMALLINT;
            case INT32 -> SqlType.INTEGER;
            case INT64 -> SqlType.BIGINT;
            case UINT8 -> SqlType.UTINYINT;
            case UINT16 -> SqlType.USMALLINT;
            case UINT32 -> SqlType.UINTEGER;
            case UINT64 -> SqlType.UBIGINT;
            case FLOAT16, FLOAT32 -> SqlType.REAL;
            case FLOAT64 -> SqlType.DOUBLE;
        };
    }
}
