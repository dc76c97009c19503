package dev.graticule.file.parquet;

import dev.graticule.GraticuleException;
import dev.hardwood.metadata.LogicalType;
import dev.hardwood.metadata.LogicalType.DecimalType;
import dev.hardwood.metadata.LogicalType.IntType;
import dev.hardwood.metadata.LogicalType.TimeType;
import dev.hardwood.metadata.LogicalType.TimestampType;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.metadata.RepetitionType;
import dev.hardwood.schema.SchemaNode;
import java.util.List;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/**
 * The Arrow fields that Parquet columns are read as. Milliseconds of a time of day become microseconds, a UUID its text, what
 * has no logical type its physical one.
 */
final class ReadSchema {
    private ReadSchema() {
    }

    /** @throws GraticuleException of kind UNSUPPORTED that names the column */
    static Field field(SchemaNode node) {
        return field(node.name(), node);
    }

    private static Field field(String name, SchemaNode node) {
        return switch (node) {
            case SchemaNode.PrimitiveNode leaf -> {
                if (leaf.repetitionType() == RepetitionType.REPEATED) {
                    throw unsupported(name);
                }
                yield new Field(name, FieldType.nullable(type(leaf)), null);
            }
            case SchemaNode.GroupNode group -> group(name, group);
        };
    }

    private static Field group(String name, SchemaNode.GroupNode group) {
        if (group.repetitionType() == RepetitionType.REPEATED || group.isVariant()) {
            throw unsupported(name);
        }
        if (group.isMap()) {
            Field key = field("key", group.getMapKey());
            Field entries = new Field("entries", FieldType.notNullable(ArrowType.Struct.INSTANCE),
                    List.of(new Field("key", FieldType.notNullable(key.getType()), key.getChildren()),
                            field("value", group.getMapValue())));
            return new Field(name, FieldType.nullable(new ArrowType.Map(false)), List.of(entries));
        }
        if (group.isList()) {
            return new Field(name, FieldType.nullable(ArrowType.List.INSTANCE),
                    List.of(field("element", group.getListElement())));
        }
        return new Field(name, FieldType.nullable(ArrowType.Struct.INSTANCE),
                group.children().stream().map(child -> field(child.name(), child)).toList());
    }

    private static ArrowType type(SchemaNode.PrimitiveNode leaf) {
        LogicalType logical = leaf.logicalType();
        return switch (leaf.type()) {
            case BOOLEAN -> ArrowType.Bool.INSTANCE;
            case FLOAT -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
            case DOUBLE -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
            case INT96 -> new ArrowType.Timestamp(TimeUnit.NANOSECOND, null);
            case INT32, INT64 -> switch (logical) {
                case IntType integer -> new ArrowType.Int(integer.bitWidth(), integer.isSigned());
                case LogicalType.DateType date -> new ArrowType.Date(DateUnit.DAY);
                case TimeType time when time.unit() == LogicalType.TimeUnit.NANOS ->
                    new ArrowType.Time(TimeUnit.NANOSECOND, 64);
                case TimeType time -> new ArrowType.Time(TimeUnit.MICROSECOND, 64);
                case TimestampType timestamp -> new ArrowType.Timestamp(switch (timestamp.unit()) {
                    case MILLIS -> TimeUnit.MILLISECOND;
                    case MICROS -> TimeUnit.MICROSECOND;
                    case NANOS -> TimeUnit.NANOSECOND;
                }, timestamp.isAdjustedToUTC() ? "UTC" : null);
                case DecimalType decimal -> new ArrowType.Decimal(decimal.precision(), decimal.scale(), 128);
                case LogicalType.NullType none -> ArrowType.Null.INSTANCE;
                case null, default -> new ArrowType.Int(leaf.type() == PhysicalType.INT32 ? 32 : 64, true);
            };
            case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> switch (logical) {
                case LogicalType.StringType text -> ArrowType.Utf8.INSTANCE;
                case LogicalType.EnumType text -> ArrowType.Utf8.INSTANCE;
                case LogicalType.JsonType text -> ArrowType.Utf8.INSTANCE;
                case LogicalType.UuidType uuid -> ArrowType.Utf8.INSTANCE;
                case DecimalType decimal when decimal.precision() <= 76 ->
                    new ArrowType.Decimal(decimal.precision(), decimal.scale(), decimal.precision() <= 38 ? 128 : 256);
                case LogicalType.IntervalType interval -> new ArrowType.Interval(IntervalUnit.MONTH_DAY_NANO);
                case LogicalType.Float16Type half -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
                case null, default -> ArrowType.Binary.INSTANCE;
            };
        };
    }

    private static GraticuleException unsupported(String name) {
        return GraticuleException.unsupported(null, "column " + name
                + " of a Parquet file, a repeated field outside of a list, or a variant");
    }
}
