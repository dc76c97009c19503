package dev.graticule.file.parquet;

import dev.graticule.spi.SimplePredicate;
import dev.graticule.type.SqlType;
import dev.hardwood.metadata.ColumnChunk;
import dev.hardwood.metadata.LogicalType;
import dev.hardwood.metadata.Statistics;
import dev.hardwood.schema.SchemaNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.apache.arrow.vector.types.TimeUnit;

/**
 * Whether a row group can hold a row that a predicate wants, by its statistics: never a wrong no.
 *
 * <p>Statistics leave NaN out, and some writers a sign of zero; strings may be cut at the lower end only downwards, at the
 * upper end only upwards, so that they still are bounds.
 */
final class RowGroupPruning {
    private RowGroupPruning() {
    }

    /** The types whose statistics are read. */
    static boolean understands(SqlType type) {
        return switch (type) {
            case SqlType.Scalar scalar -> switch (scalar) {
                case TINYINT, SMALLINT, INTEGER, BIGINT, UTINYINT, USMALLINT, UINTEGER, UBIGINT, REAL, DOUBLE, VARCHAR,
                        DATE, TIME ->
                    true;
                case NULL, BOOLEAN, BLOB, INTERVAL -> false;
            };
            case SqlType.Timestamp timestamp -> true;
            case SqlType.Decimal decimal -> false;
            case SqlType.Other other -> false;
        };
    }

    static boolean mayHold(SimplePredicate predicate, SqlType type, ParquetFile file, int rowGroup) {
        if (!understands(type) || !(file.nodes().get(predicate.column()) instanceof SchemaNode.PrimitiveNode leaf)) {
            return true;
        }
        ColumnChunk chunk = file.rowGroups().get(rowGroup).columns().get(leaf.columnIndex());
        Statistics statistics = chunk.metaData().statistics();
        if (statistics == null) {
            return true;
        }
        long rows = file.rowGroups().get(rowGroup).numRows();
        boolean onlyNull = statistics.nullCount() != null && statistics.nullCount() == rows;
        if (predicate instanceof SimplePredicate.NullCheck check) {
            return check.isNull() ? statistics.nullCount() == null || statistics.nullCount() > 0 : !onlyNull;
        }
        if (onlyNull) {
            return false;
        }
        if (statistics.isMinMaxDeprecated() || statistics.minValue() == null || statistics.maxValue() == null) {
            return true;
        }
        Object least = value(statistics.minValue(), type, leaf);
        Object most = value(statistics.maxValue(), type, leaf);
        return least == null || most == null || mayHold(predicate, type, least, most);
    }

    private static boolean mayHold(SimplePredicate predicate, SqlType type, Object least, Object most) {
        return switch (predicate) {
            case SimplePredicate.NullCheck check -> true;
            case SimplePredicate.OneOf values -> values.values().stream()
                    .anyMatch(value -> isNaN(value) || overlaps(type, value, false, value, false, least, most));
            case SimplePredicate.Range range -> {
                // NaN is not in the statistics, and greater than every number.
                boolean reachesNaN = type.isFloating() && (range.upper() == null || isNaN(range.upper()));
                yield reachesNaN || overlaps(type, range.lower(), range.lowerOpen(), range.upper(), range.upperOpen(),
                        least, most);
            }
        };
    }

    private static boolean isNaN(Object value) {
        return value instanceof Double wide && wide.isNaN() || value instanceof Float narrow && narrow.isNaN();
    }

    /** Whether a value between {@code least} and {@code most} may lie in the range: asked of the range's own definition. */
    private static boolean overlaps(SqlType type, Object lower, boolean lowerOpen, Object upper, boolean upperOpen,
            Object least, Object most) {
        boolean mostIsEnough = lower == null
                || new SimplePredicate.Range(0, lower, lowerOpen, null, false).holds(most, type);
        boolean leastIsEnough = upper == null
                || new SimplePredicate.Range(0, null, false, upper, upperOpen).holds(least, type);
        return mostIsEnough && leastIsEnough;
    }

    /** A bound as {@code Values.object} gives values of the type; {@code null} where it is of no use. */
    private static Object value(byte[] bytes, SqlType type, SchemaNode.PrimitiveNode leaf) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return switch (type) {
            case SqlType.Scalar scalar -> switch (scalar) {
                case TINYINT, UTINYINT -> bytes.length == 4 ? (Object) (byte) buffer.getInt() : null;
                case SMALLINT, USMALLINT -> bytes.length == 4 ? (Object) (short) buffer.getInt() : null;
                case INTEGER, UINTEGER, DATE -> bytes.length == 4 ? (Object) buffer.getInt() : null;
                case BIGINT, UBIGINT -> bytes.length == 8 ? (Object) buffer.getLong() : null;
                case TIME -> bytes.length == 4 ? (Object) (buffer.getInt() * 1000L)
                        : bytes.length == 8 ? (Object) buffer.getLong() : null;
                case REAL -> bytes.length == 4 ? (Object) buffer.getFloat() : null;
                case DOUBLE -> bytes.length == 8 ? (Object) buffer.getDouble() : null;
                case VARCHAR -> leaf.logicalType() instanceof LogicalType.UuidType ? null
                        : text(bytes);
                case NULL, BOOLEAN, BLOB, INTERVAL -> null;
            };
            case SqlType.Timestamp timestamp -> bytes.length != 8 ? null
                    // Seconds lie there as milliseconds.
                    : (Object) (timestamp.unit() == TimeUnit.SECOND ? Math.floorDiv(buffer.getLong(), 1000L)
                            : buffer.getLong());
            case SqlType.Decimal decimal -> null;
            case SqlType.Other other -> null;
        };
    }

    /** A string that is a bound; one that was cut inside of a character is of no use. */
    private static Object text(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.indexOf('\uFFFD') < 0 ? text : null;
    }
}
