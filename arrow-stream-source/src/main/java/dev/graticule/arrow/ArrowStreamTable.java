package dev.graticule.arrow;

import dev.graticule.GraticuleException;
import dev.graticule.spi.RowGrid;
import dev.graticule.spi.RowScan;
import dev.graticule.spi.RowTable;
import dev.graticule.spi.SimplePredicate;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A table over streams of Arrow batches. Making one opens nothing; every query calls the factory anew, and closes what it
 * got once. Several factories are partitions: their rows come one partition after the other, and are read in parallel.
 *
 * <p>Where the schema's metadata are those that xarray writes for an array, the rows are taken for the cells of a grid as far as each batch
 * proves to be so: coordinates are then looked up and computed once an index. The answer is the same without.
 *
 * <p>Immutable and thread-safe as far as its factories are.
 */
public final class ArrowStreamTable implements RowTable {
    /** The name of a table that nobody has named. */
    static final String NAME = "stream";
    private final String name;
    private final Schema schema;
    private final List<ArrowScanFactory> factories;
    private final List<RowColumn> columns;
    private final XarrayMetadata metadata;

    private ArrowStreamTable(String name, Schema schema, List<ArrowScanFactory> factories) {
        this.name = name;
        this.schema = schema;
        this.factories = List.copyOf(factories);
        schema.getFields().forEach(field -> check(field, field));
        this.metadata = XarrayMetadata.of(schema);
        this.columns = schema.getFields().stream().map(this::column).toList();
    }

    /** Arrow's library cannot hold lists that have no room for elements: it never ends looking for more. */
    private static void check(Field column, Field field) {
        if (field.getType() instanceof ArrowType.FixedSizeList list && list.getListSize() == 0) {
            throw GraticuleException.unsupported(null, "column " + column.getName() + " with lists of 0 elements");
        }
        field.getChildren().forEach(child -> check(column, child));
    }

    private static String nameOf(Field field) {
        return field.getName() == null ? "" : field.getName();
    }

    private RowColumn column(Field field) {
        Map<String, String> attributes = new HashMap<>(metadata.attributes().getOrDefault(nameOf(field), Map.of()));
        attributes.putAll(field.getMetadata() == null ? Map.of() : field.getMetadata());
        if (field.getType() instanceof ArrowType.Timestamp timestamp && timestamp.getTimezone() != null
                && !timestamp.getTimezone().equals("UTC")) {
            attributes.put(RowColumn.TIME_ZONE, timestamp.getTimezone());
        }
        return new RowColumn(nameOf(field), SqlType.of(PlainLayout.plain(field)),
                attributes);
    }

    /**
     * A table over one stream.
     *
     * @param schema the schema that the stream will have, as in an IPC message: a dictionary-encoded field has the type of its
     *            values. A stream with other names or types fails the query; nullability, metadata and whether a field is
     *            dictionary-encoded may differ
     * @param factory starts the stream
     */
    public static ArrowStreamTable of(Schema schema, ArrowStreamFactory factory) {
        return partitioned(schema, List.of(factory));
    }

    /** A table over one stream whose factory takes over projection, predicates or a limit. */
    public static ArrowStreamTable of(Schema schema, ArrowScanFactory factory) {
        return scanned(schema, List.of(factory));
    }

    /** A table over any number of streams of one schema, in their order. */
    public static ArrowStreamTable partitioned(Schema schema, List<ArrowStreamFactory> factories) {
        return scanned(schema, factories.stream().map(Whole::new).toList());
    }

    /** As {@link #partitioned}, of factories that take over projection, predicates or a limit. */
    public static ArrowStreamTable scanned(Schema schema, List<? extends ArrowScanFactory> factories) {
        return new ArrowStreamTable(NAME, schema, List.copyOf(factories));
    }

    /** A factory that gives everything, always. */
    record Whole(ArrowStreamFactory factory) implements ArrowScanFactory {
        @Override
        public ArrowReader openReader(ScanRequest request, BufferAllocator allocator) throws Exception {
            return factory.openReader(allocator);
        }
    }

    /** The same table under another name. */
    public ArrowStreamTable named(String other) {
        return new ArrowStreamTable(other, schema, factories);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>(metadata.remarks(schema));
        columns.stream()
                .filter(column -> column.type() instanceof SqlType.Other && !column.type().isTimeOfNanoseconds())
                .map(column -> "Column " + column.name()
                        + " has an Arrow type that expressions cannot use yet ("
                        + describe(column.type().field("", Map.of())) + ").")
                .forEach(remarks::add);
        return remarks;
    }

    @Override
    public Optional<RowGrid> grid() {
        return metadata.grid();
    }

    @Override
    public List<RowColumn> columns() {
        return columns;
    }

    @Override
    public OptionalLong rowCount() {
        return OptionalLong.empty();
    }

    @Override
    public RowScan scan(List<Integer> wanted, List<SimplePredicate> predicates, long limit) {
        return new StreamScan(name, schema, factories, List.copyOf(wanted), List.copyOf(predicates), limit);
    }

    /** A schema as text for messages: {@code <a: Int(32, true), b: Utf8>}. */
    static String describe(Schema schema) {
        StringBuilder text = new StringBuilder("<");
        for (Field field : schema.getFields()) {
            text.append(text.length() > 1 ? ", " : "").append(field.getName()).append(": ").append(describe(field));
        }
        return text.append('>').toString();
    }

    private static String describe(Field field) {
        ArrowType type = field.getType();
        return field.getChildren().isEmpty() ? type.toString() : type + describe(new Schema(field.getChildren()));
    }
}
