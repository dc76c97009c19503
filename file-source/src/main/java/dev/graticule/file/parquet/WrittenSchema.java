package dev.graticule.file.parquet;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FLOAT;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import dev.graticule.GraticuleException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.parquet.schema.ColumnOrder;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntervalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/**
 * The Parquet types of Arrow fields, as the format's specification lays them down (LogicalTypes.md): every column may be NULL, lists
 * and maps have three levels, DECIMALs are as narrow as their precision allows.
 *
 * <p>Parquet has no seconds: TIMESTAMP_S and times of seconds become milliseconds, and {@link StoredSchema} tells what they were.
 */
final class WrittenSchema {
    private WrittenSchema() {
    }

    /** @throws GraticuleException of kind UNSUPPORTED or BINDING that names a column which Parquet cannot hold */
    static MessageType of(Schema schema) {
        if (schema.getFields().isEmpty()) {
            throw GraticuleException.binding("A Parquet file needs at least one column.");
        }
        Set<String> names = new HashSet<>();
        List<Type> types = new ArrayList<>();
        for (Field field : schema.getFields()) {
            if (!names.add(field.getName())) {
                throw GraticuleException.binding("Parquet needs different names for its columns, and two are called "
                        + field.getName() + ": rename one with AS.");
            }
            types.add(type(field, Repetition.OPTIONAL));
        }
        return new MessageType("schema", types);
    }

    static boolean hasIntervals(MessageType schema) {
        return schema.getColumns().stream().anyMatch(leaf -> leaf.getPrimitiveType()
                .getLogicalTypeAnnotation() instanceof IntervalLogicalTypeAnnotation);
    }

    private static Type type(Field field, Repetition repetition) {
        List<Field> children = field.getChildren();
        String name = field.getName();
        if (field.getDictionary() != null) {
            throw unsupported(field);
        }
        return switch (field.getType()) {
            case ArrowType.List list -> list(name, repetition, children.getFirst());
            case ArrowType.LargeList list -> list(name, repetition, children.getFirst());
            case ArrowType.FixedSizeList list -> list(name, repetition, children.getFirst());
            case ArrowType.Struct struct -> {
                if (children.isEmpty()) {
                    throw unsupported(field);
                }
                Types.GroupBuilder<org.apache.parquet.schema.GroupType> group = Types.buildGroup(repetition);
                children.forEach(child -> group.addField(type(child, Repetition.OPTIONAL)));
                yield group.named(name);
            }
            case ArrowType.Map map -> {
                List<Field> entry = children.getFirst().getChildren();
                yield Types.buildGroup(repetition).as(LogicalTypeAnnotation.mapType())
                        .addField(Types.repeatedGroup()
                                .addField(renamed(type(entry.get(0), Repetition.REQUIRED), "key"))
                                .addField(renamed(type(entry.get(1), Repetition.OPTIONAL), "value")).named("key_value"))
                        .named(name);
            }
            default -> primitive(field, repetition);
        };
    }

    private static Type list(String name, Repetition repetition, Field element) {
        return Types.buildGroup(repetition).as(LogicalTypeAnnotation.listType())
                .addField(Types.repeatedGroup().addField(renamed(type(element, Repetition.OPTIONAL), "element"))
                        .named("list"))
                .named(name);
    }

    private static Type renamed(Type type, String name) {
        if (type.isPrimitive()) {
            PrimitiveType primitive = type.asPrimitiveType();
            return primitive(primitive.getPrimitiveTypeName(), type.getRepetition(), primitive.getTypeLength(),
                    type.getLogicalTypeAnnotation(), name);
        }
        return Types.buildGroup(type.getRepetition()).as(type.getLogicalTypeAnnotation())
                .addFields(type.asGroupType().getFields().toArray(Type[]::new)).named(name);
    }

    private static Type primitive(Field field, Repetition repetition) {
        PrimitiveTypeName physical;
        LogicalTypeAnnotation logical = null;
        int length = 0;
        switch (field.getType()) {
            case ArrowType.Null none -> {
                physical = INT32;
                logical = LogicalTypeAnnotation.unknownType();
            }
            case ArrowType.Bool bool -> physical = PrimitiveTypeName.BOOLEAN;
            case ArrowType.Int integer -> {
                physical = integer.getBitWidth() == 64 ? INT64 : INT32;
                logical = LogicalTypeAnnotation.intType(integer.getBitWidth(), integer.getIsSigned());
            }
            case ArrowType.FloatingPoint floating when floating.getPrecision() == FloatingPointPrecision.HALF -> {
                physical = FIXED_LEN_BYTE_ARRAY;
                length = 2;
                logical = LogicalTypeAnnotation.float16Type();
            }
            case ArrowType.FloatingPoint floating ->
                physical = floating.getPrecision() == FloatingPointPrecision.SINGLE ? FLOAT : DOUBLE;
            case ArrowType.Utf8 text -> {
                physical = BINARY;
                logical = LogicalTypeAnnotation.stringType();
            }
            case ArrowType.LargeUtf8 text -> {
                physical = BINARY;
                logical = LogicalTypeAnnotation.stringType();
            }
            case ArrowType.Utf8View text -> {
                physical = BINARY;
                logical = LogicalTypeAnnotation.stringType();
            }
            case ArrowType.Binary bytes -> physical = BINARY;
            case ArrowType.LargeBinary bytes -> physical = BINARY;
            case ArrowType.BinaryView bytes -> physical = BINARY;
            case ArrowType.FixedSizeBinary bytes -> {
                physical = FIXED_LEN_BYTE_ARRAY;
                length = bytes.getByteWidth();
            }
            case ArrowType.Date date -> {
                physical = INT32;
                logical = LogicalTypeAnnotation.dateType();
            }
            case ArrowType.Time time -> {
                physical = time.getBitWidth() == 32 ? INT32 : INT64;
                logical = LogicalTypeAnnotation.timeType(false, unit(time.getUnit()));
            }
            case ArrowType.Timestamp timestamp -> {
                physical = INT64;
                logical = LogicalTypeAnnotation.timestampType(timestamp.getTimezone() != null,
                        unit(timestamp.getUnit()));
            }
            case ArrowType.Interval interval when interval.getUnit() == IntervalUnit.MONTH_DAY_NANO -> {
                physical = FIXED_LEN_BYTE_ARRAY;
                length = 12;
                logical = LogicalTypeAnnotation.intervalType();
            }
            // As Arrow's own writers: the stored schema tells the unit.
            case ArrowType.Duration span -> physical = INT64;
            case ArrowType.Decimal decimal -> {
                int precision = decimal.getPrecision();
                physical = precision <= 9 ? INT32 : precision <= 18 ? INT64 : FIXED_LEN_BYTE_ARRAY;
                length = precision <= 18 ? 0 : decimalBytes(precision);
                logical = LogicalTypeAnnotation.decimalType(decimal.getScale(), precision);
            }
            default -> throw unsupported(field);
        }
        return primitive(physical, repetition, length, logical, field.getName());
    }

    /** Floating columns are ordered as their type says, which every reader knows: by another order it would have no statistics. */
    private static PrimitiveType primitive(PrimitiveTypeName physical, Repetition repetition, int length,
            LogicalTypeAnnotation logical, String name) {
        Types.PrimitiveBuilder<PrimitiveType> type = Types.primitive(physical, repetition).length(length).as(logical);
        boolean floating = physical == FLOAT || physical == DOUBLE
                || logical instanceof LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
        return (floating ? type.columnOrder(ColumnOrder.typeDefined()) : type).named(name);
    }

    /** How wide a decimal of more than 18 digits is. */
    static int decimalBytes(int precision) {
        return precision <= 38 ? 16 : BigInteger.TEN.pow(precision).bitLength() / 8 + 1;
    }

    private static TimeUnit unit(org.apache.arrow.vector.types.TimeUnit unit) {
        return switch (unit) {
            case SECOND, MILLISECOND -> TimeUnit.MILLIS;
            case MICROSECOND -> TimeUnit.MICROS;
            case NANOSECOND -> TimeUnit.NANOS;
        };
    }

    private static GraticuleException unsupported(Field field) {
        return GraticuleException.unsupported(null, "column " + field.getName() + " of type " + field.getType()
                + (field.getDictionary() == null ? "" : " as a dictionary") + " in a Parquet file; CAST it");
    }
}
