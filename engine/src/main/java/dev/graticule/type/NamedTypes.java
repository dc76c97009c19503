package dev.graticule.type;

import org.apache.arrow.vector.types.TimeUnit;

/**
 * The constants of {@link SqlType}, which inherits them.
 *
 * <p>They cannot stand there: the JVM initialises an interface that has default methods before what implements it, so whoever met a
 * {@link SqlType.Scalar} first would leave constants of them {@code null}. This interface has no method, and is not initialised with
 * them.
 */
interface NamedTypes {
    SqlType NULL = SqlType.Scalar.NULL;
    SqlType BOOLEAN = SqlType.Scalar.BOOLEAN;
    SqlType TINYINT = SqlType.Scalar.TINYINT;
    SqlType SMALLINT = SqlType.Scalar.SMALLINT;
    SqlType INTEGER = SqlType.Scalar.INTEGER;
    SqlType BIGINT = SqlType.Scalar.BIGINT;
    SqlType UTINYINT = SqlType.Scalar.UTINYINT;
    SqlType USMALLINT = SqlType.Scalar.USMALLINT;
    SqlType UINTEGER = SqlType.Scalar.UINTEGER;
    SqlType UBIGINT = SqlType.Scalar.UBIGINT;
    SqlType REAL = SqlType.Scalar.REAL;
    SqlType DOUBLE = SqlType.Scalar.DOUBLE;
    SqlType VARCHAR = SqlType.Scalar.VARCHAR;
    SqlType BLOB = SqlType.Scalar.BLOB;
    SqlType DATE = SqlType.Scalar.DATE;
    SqlType TIME = SqlType.Scalar.TIME;
    SqlType INTERVAL = SqlType.Scalar.INTERVAL;
    SqlType TIMESTAMP = new SqlType.Timestamp(TimeUnit.MICROSECOND, false);
    SqlType TIMESTAMP_WITH_TIME_ZONE = new SqlType.Timestamp(TimeUnit.MICROSECOND, true);
}
