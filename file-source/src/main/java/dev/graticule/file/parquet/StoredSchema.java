package dev.graticule.file.parquet;

import dev.hardwood.metadata.LogicalType;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.schema.SchemaNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The Arrow schema that a Parquet file's rows were written from, which Arrow's writers and COPY keep in the file's metadata: base64 of
 * the schema message of Arrow's IPC format.
 *
 * <p>It tells what Parquet's own types do not: seconds, names of zones, durations, lists of one length, the attributes of columns. Where
 * it disagrees with the file's columns, these are right, and where it cannot be read, it is as if it were not there: other programs may
 * have rewritten the file. What differs only in how it lies in memory (large and view types, dictionaries, halves, times in 32 bits) is
 * for columns the type that SQL knows, and inside of lists and structs the one that was written.
 *
 * @param fields by their name
 */
record StoredSchema(Map<String, Field> fields) {
    private static final String KEY = "ARROW:schema";
    /** What Arrow's readers add to the attributes of fields. */
    private static final List<String> FORMATS = List.of("ARROW:", "PARQUET:");
    static final StoredSchema NONE = new StoredSchema(Map.of());

    /** Adds a schema to the metadata of a file that is written. */
    static void put(Schema schema, Map<String, String> metadata) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        try {
            MessageSerializer.serialize(new WriteChannel(Channels.newChannel(message)), schema);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        metadata.put(KEY, Base64.getEncoder().encodeToString(message.toByteArray()));
    }

    /** What a file's metadata have of it. */
    static StoredSchema of(Map<String, String> metadata) {
        String text = metadata.get(KEY);
        if (text == null) {
            return NONE;
        }
        try {
            byte[] message = Base64.getDecoder().decode(text);
            Schema schema = MessageSerializer
                    .deserializeSchema(new ReadChannel(Channels.newChannel(new ByteArrayInputStream(message))));
            Map<String, Field> fields = new HashMap<>();
            schema.getFields().forEach(field -> fields.put(field.getName(), field));
            return new StoredSchema(fields);
        } catch (IOException | RuntimeException unreadable) {
            return NONE;
        }
    }

    /** The attributes of a column, without those that describe formats. */
    Map<String, String> attributes(String column) {
        Map<String, String> attributes = new HashMap<>();
        if (fields.containsKey(column)) {
            attributes.putAll(fields.get(column).getMetadata());
            attributes.keySet().removeIf(key -> FORMATS.stream().anyMatch(key::startsWith));
        }
        return attributes;
    }

    /** The field as it was written, as far as that agrees with the file's column, else {@code read}. */
    Field refined(Field read, SchemaNode node) {
        Field stored = fields.get(read.getName());
        return stored == null ? read : refined(read, node, stored, false);
    }

    private static Field refined(Field read, SchemaNode node, Field stored, boolean nested) {
        List<Field> inner = read.getChildren();
        List<Field> storedInner = stored.getChildren();
        return switch (node) {
            case SchemaNode.PrimitiveNode leaf ->
                agrees(leaf, read.getType(), stored.getType(), nested) ? typed(read, stored.getType(), inner) : read;
            case SchemaNode.GroupNode list when list.isList() -> isList(stored.getType()) && storedInner.size() == 1
                    ? typed(read, stored.getType(),
                            List.of(named(
                                    refined(inner.getFirst(), list.getListElement(), storedInner.getFirst(), true),
                                    storedInner.getFirst().getName())))
                    : read;
            case SchemaNode.GroupNode map when map.isMap() -> {
                if (!(stored.getType() instanceof ArrowType.Map) || storedInner.size() != 1
                        || storedInner.getFirst().getChildren().size() != 2) {
                    yield read;
                }
                Field entries = inner.getFirst();
                Field storedEntries = storedInner.getFirst();
                List<SchemaNode> nodes = List.of(map.getMapKey(), map.getMapValue());
                List<Field> pair = new ArrayList<>();
                for (int i = 0; i < nodes.size(); i++) {
                    Field field = storedEntries.getChildren().get(i);
                    pair.add(named(refined(entries.getChildren().get(i), nodes.get(i), field, true), field.getName()));
                }
                yield typed(read, stored.getType(),
                        List.of(named(typed(entries, entries.getType(), pair), storedEntries.getName())));
            }
            case SchemaNode.GroupNode struct -> {
                if (!(stored.getType() instanceof ArrowType.Struct) || !names(inner).equals(names(storedInner))) {
                    yield read;
                }
                List<Field> children = new ArrayList<>();
                for (int child = 0; child < inner.size(); child++) {
                    children.add(refined(inner.get(child), struct.children().get(child), storedInner.get(child), true));
                }
                yield typed(read, read.getType(), children);
            }
        };
    }

    private static boolean isList(ArrowType type) {
        return type instanceof ArrowType.List || type instanceof ArrowType.LargeList
                || type instanceof ArrowType.FixedSizeList;
    }

    private static List<String> names(List<Field> fields) {
        return fields.stream().map(Field::getName).toList();
    }

    private static Field typed(Field read, ArrowType type, List<Field> children) {
        return new Field(read.getName(), new FieldType(read.isNullable(), type, null), children);
    }

    private static Field named(Field field, String name) {
        return new Field(name, field.getFieldType(), field.getChildren());
    }

    private static boolean agrees(SchemaNode.PrimitiveNode leaf, ArrowType read, ArrowType stored, boolean nested) {
        return switch (stored) {
            case ArrowType.Timestamp time -> leaf.type() == PhysicalType.INT64
                    && leaf.logicalType() instanceof LogicalType.TimestampType there
                    && there.isAdjustedToUTC() == (time.getTimezone() != null) && agrees(time.getUnit(), there.unit());
            case ArrowType.Duration span -> leaf.type() == PhysicalType.INT64 && leaf.logicalType() == null;
            case ArrowType.Time time -> nested && leaf.logicalType() instanceof LogicalType.TimeType there
                    && agrees(time.getUnit(), there.unit());
            case ArrowType.Date date -> nested && read instanceof ArrowType.Date;
            case ArrowType.LargeUtf8 text -> nested && read instanceof ArrowType.Utf8
                    && !(leaf.logicalType() instanceof LogicalType.UuidType);
            case ArrowType.LargeBinary bytes -> nested && read instanceof ArrowType.Binary;
            case ArrowType.FloatingPoint floating -> nested && floating.getPrecision() == FloatingPointPrecision.HALF
                    && leaf.logicalType() instanceof LogicalType.Float16Type;
            case ArrowType.Decimal decimal -> nested && read instanceof ArrowType.Decimal there
                    && decimal.getBitWidth() >= 128 && decimal.getPrecision() == there.getPrecision()
                    && decimal.getScale() == there.getScale();
            default -> false;
        };
    }

    /** Seconds are written as milliseconds. */
    private static boolean agrees(TimeUnit stored, LogicalType.TimeUnit there) {
        return switch (stored) {
            case SECOND, MILLISECOND -> there == LogicalType.TimeUnit.MILLIS;
            case MICROSECOND -> there == LogicalType.TimeUnit.MICROS;
            case NANOSECOND -> there == LogicalType.TimeUnit.NANOS;
        };
    }
}
