package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.spi.NearestName;
import dev.graticule.sql.TypeName;
import dev.graticule.type.SqlType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.vector.types.TimeUnit;

/** Types by their SQL names: those of PostgreSQL, DuckDB and DataFusion. */
final class BindType {
    private static final Map<String, SqlType> NAMES = new TreeMap<>();

    static {
        names(SqlType.BOOLEAN, "BOOLEAN", "BOOL", "LOGICAL");
        names(SqlType.TINYINT, "TINYINT", "INT1");
        names(SqlType.SMALLINT, "SMALLINT", "INT2", "SHORT", "INT16");
        names(SqlType.INTEGER, "INTEGER", "INT", "INT4", "INT32", "SIGNED");
        names(SqlType.BIGINT, "BIGINT", "INT8", "INT64", "LONG");
        names(SqlType.UTINYINT, "UTINYINT", "UINT8", "TINYINT UNSIGNED");
        names(SqlType.USMALLINT, "USMALLINT", "UINT16", "SMALLINT UNSIGNED");
        names(SqlType.UINTEGER, "UINTEGER", "UINT32", "INT UNSIGNED", "INTEGER UNSIGNED");
        names(SqlType.UBIGINT, "UBIGINT", "UINT64", "BIGINT UNSIGNED");
        names(SqlType.REAL, "REAL", "FLOAT4", "FLOAT32", "FLOAT");
        names(SqlType.DOUBLE, "DOUBLE", "DOUBLE PRECISION", "FLOAT8", "FLOAT64");
        names(SqlType.VARCHAR, "VARCHAR", "TEXT", "STRING", "CHAR", "CHARACTER", "CHARACTER VARYING", "CHAR VARYING",
                "BPCHAR", "NAME", "NVARCHAR", "UTF8");
        names(SqlType.BLOB, "BLOB", "BYTEA", "BINARY", "VARBINARY", "BYTES");
        names(SqlType.DATE, "DATE", "DATE32");
        names(SqlType.TIME, "TIME", "TIME WITHOUT TIME ZONE");
        names(SqlType.INTERVAL, "INTERVAL");
        names(SqlType.TIMESTAMP, "TIMESTAMP", "DATETIME", "TIMESTAMP WITHOUT TIME ZONE", "TIMESTAMP_US");
        names(SqlType.TIMESTAMP_WITH_TIME_ZONE, "TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ");
        names(new SqlType.Timestamp(TimeUnit.SECOND, false), "TIMESTAMP_S");
        names(new SqlType.Timestamp(TimeUnit.MILLISECOND, false), "TIMESTAMP_MS");
        names(new SqlType.Timestamp(TimeUnit.NANOSECOND, false), "TIMESTAMP_NS");
    }

    private BindType() {
    }

    private static void names(SqlType type, String... names) {
        for (String name : names) {
            NAMES.put(name, type);
        }
    }

    static SqlType bind(TypeName written) {
        return switch (written) {
            case TypeName.Simple simple -> simple(simple);
            case TypeName.Array array -> throw GraticuleException.unsupported(array.position(), "list types");
            case TypeName.Struct struct -> throw GraticuleException.unsupported(struct.position(), "struct types");
            case TypeName.Union union -> throw GraticuleException.unsupported(union.position(), "union types");
            case TypeName.Enumeration enumeration ->
                throw GraticuleException.unsupported(enumeration.position(), "enumeration types");
            case TypeName.Map map -> throw GraticuleException.unsupported(map.position(), "map types");
        };
    }

    private static SqlType simple(TypeName.Simple written) {
        String name = written.name().toUpperCase(Locale.ROOT);
        List<Integer> modifiers = written.modifiers();
        switch (name) {
            case "DECIMAL", "NUMERIC", "DEC" -> {
                int precision = modifiers.isEmpty() ? 18 : modifiers.getFirst();
                int scale = modifiers.size() > 1 ? modifiers.get(1) : modifiers.isEmpty() ? 3 : 0;
                if (precision < 1 || precision > 38 || scale < 0 || scale > precision) {
                    throw GraticuleException.binding(written.position(),
                            "DECIMAL has 1 to 38 digits and no more of them after the point.");
                }
                return new SqlType.Decimal(precision, scale);
            }
            case "FLOAT" -> {
                return !modifiers.isEmpty() && modifiers.getFirst() > 24 ? SqlType.DOUBLE : SqlType.REAL;
            }
            case "TIMESTAMP", "DATETIME" -> {
                if (!modifiers.isEmpty()) {
                    int digits = modifiers.getFirst();
                    return new SqlType.Timestamp(
                            digits == 0 ? TimeUnit.SECOND : digits <= 3 ? TimeUnit.MILLISECOND
                                    : digits <= 6 ? TimeUnit.MICROSECOND : TimeUnit.NANOSECOND,
                            false);
                }
                return SqlType.TIMESTAMP;
            }
            case "B" -> throw GraticuleException.unsupported(written.position(), "bit strings");
            case "HUGEINT", "INT128", "UHUGEINT", "UUID", "JSON", "BIT", "TIMETZ", "TIME WITH TIME ZONE", "ENUM",
                    "BIGNUM", "VARINT", "VARIANT", "UNION", "GEOMETRY", "BOX",
                    "INET", "MONEY", "XML", "JSONB", "OID" ->
                throw GraticuleException.unsupported(written.position(), "the type " + name);
            default -> {
                SqlType type = NAMES.get(name);
                if (type == null) {
                    throw GraticuleException.binding(written.position(),
                            "No type named " + written.name() + "." + NearestName.question(name, NAMES.keySet()));
                }
                return type;
            }
        }
    }
}
