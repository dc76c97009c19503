package dev.graticule.consistency;

import dev.graticule.arrow.ArrowStreamFactory;
import dev.graticule.arrow.ArrowStreamTable;
import dev.graticule.fixture.ArrowVectors;
import dev.graticule.spi.Table;
import dev.graticule.type.SqlType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** The rows of a grid as streams of Arrow batches: missing cells are NULL there. */
final class RowStream {

    /**
     * How rows are cut and kept.
     *
     * @param batchRows how many rows a batch has
     * @param partitions how many streams there are
     * @param dictionaries for each column whether it is dictionary-encoded, as far as the list goes
     * @param nullsInDictionary whether a NULL is an entry of the dictionary, or a key that is NULL
     * @param described whether the schema's metadata say of which grid the rows are the cells, as xarray's do
     */
    record Cut(int batchRows, int partitions, List<Boolean> dictionaries, boolean nullsInDictionary,
            boolean described) {
        /** Makes one of choices: large batches of plain columns first. */
        static Cut of(Choices choices, GridRecipe grid) {
            int batchRows = choices.of(4096, 3, 1);
            int partitions = choices.of(1, 2, 1, 3);
            boolean nullsInDictionary = choices.chance(50);
            List<Boolean> dictionaries = new ArrayList<>();
            for (int i = 0; i < grid.names().size(); i++) {
                dictionaries.add(choices.chance(i < grid.axes().size() ? 50 : 15));
            }
            return new Cut(batchRows, partitions, dictionaries, nullsInDictionary, choices.chance(50));
        }
    }

    private final Schema schema;
    private final List<byte[]> partitions = new ArrayList<>();
    private final AtomicInteger open = new AtomicInteger();

    RowStream(GridRecipe grid, Cut cut) {
        List<String> names = grid.names();
        List<SqlType> types = grid.types();
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            fields.add(types.get(i).field(names.get(i), Map.of()));
        }
        schema = new Schema(fields, cut.described ? metadata(grid) : Map.of());
        List<List<Object>> rows = grid.rows().stream().map(row -> asStored(row, types)).toList();
        for (int i = 0; i < cut.partitions; i++) {
            List<List<Object>> part = rows.subList(rows.size() * i / cut.partitions,
                    rows.size() * (i + 1) / cut.partitions);
            partitions.add(write(names, types, part, cut));
        }
    }

    /** What xarray writes for an array on all axes, whose other columns are coordinates. */
    private static Map<String, String> metadata(GridRecipe grid) {
        List<String> axes = grid.axes().stream().map(axis -> '"' + axis.name() + '"').toList();
        List<Integer> shape = grid.axes().stream().map(GridRecipe.Axis::length).toList();
        List<String> coordinates = new ArrayList<>();
        axes.forEach(axis -> coordinates.add(axis + ": {\"dims\": [" + axis + "]}"));
        grid.variables().forEach(variable -> coordinates.add('"' + variable.name() + "\": {\"dims\": "
                + variable.over().stream().map(axes::get).toList() + "}"));
        return Map.of("xarray:arrow_schema_version", "v1", "xarray", "{\"name\": \"\", \"dims\": " + axes
                + ", \"shape\": " + shape + ", \"coords\": {" + String.join(", ", coordinates) + "}}");
    }

    /** Values as vectors of their type take them. */
    private static List<Object> asStored(List<Object> row, List<SqlType> types) {
        List<Object> stored = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            Object value = row.get(i);
            boolean plain = !(value instanceof Number) || value instanceof Double || value instanceof Float;
            stored.add(plain ? value : switch (types.get(i).bytes()) {
                case 1 -> (Object) ((Number) value).byteValue();
                case 2 -> (Object) ((Number) value).shortValue();
                case 4 -> (Object) ((Number) value).intValue();
                default -> (Object) (value instanceof BigInteger whole ? whole.longValue()
                        : ((Number) value).longValue());
            });
        }
        return stored;
    }

    private byte[] write(List<String> names, List<SqlType> types, List<List<Object>> rows, Cut cut) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (BufferAllocator allocator = new RootAllocator()) {
            List<List<Object>> dictionaries = new ArrayList<>();
            DictionaryProvider.MapDictionaryProvider provider = new DictionaryProvider.MapDictionaryProvider();
            List<FieldVector> owned = new ArrayList<>();
            List<Field> fields = new ArrayList<>();
            for (int column = 0; column < names.size(); column++) {
                int at = column;
                Field field = schema.getFields().get(column);
                if (!cut.dictionaries.get(column)) {
                    dictionaries.add(List.of());
                    fields.add(field);
                    continue;
                }
                LinkedHashSet<Object> distinct = new LinkedHashSet<>();
                rows.forEach(row -> distinct.add(row.get(at)));
                if (!cut.nullsInDictionary) {
                    distinct.remove(null);
                }
                List<Object> entries = new ArrayList<>(distinct);
                FieldVector values = ArrowVectors.open("values", types.get(column), entries, allocator);
                DictionaryEncoding encoding = new DictionaryEncoding(column, false, new ArrowType.Int(32, true));
                provider.put(new Dictionary(values, encoding));
                owned.add(values);
                dictionaries.add(entries);
                fields.add(new Field(names.get(column), new FieldType(true, encoding.getIndexType(), encoding), null));
            }
            try (VectorSchemaRoot root = VectorSchemaRoot.create(new Schema(fields), allocator);
                    ArrowStreamWriter writer = new ArrowStreamWriter(root, provider, bytes)) {
                writer.start();
                for (int first = 0; first < rows.size(); first += cut.batchRows) {
                    batch(types, rows.subList(first, Math.min(rows.size(), first + cut.batchRows)), cut, dictionaries,
                            root, allocator);
                    writer.writeBatch();
                }
                writer.end();
            } catch (IOException problem) {
                throw new UncheckedIOException(problem);
            }
            owned.forEach(FieldVector::close);
        }
        return bytes.toByteArray();
    }

    private static void batch(List<SqlType> types, List<List<Object>> rows, Cut cut, List<List<Object>> dictionaries,
            VectorSchemaRoot root, BufferAllocator allocator) {
        List<FieldVector> vectors = new ArrayList<>();
        for (int column = 0; column < types.size(); column++) {
            List<Object> values = new ArrayList<>();
            boolean encoded = cut.dictionaries.get(column);
            for (List<Object> row : rows) {
                int index = encoded ? dictionaries.get(column).indexOf(row.get(column)) : 0;
                values.add(!encoded ? row.get(column) : index < 0 ? null : (Object) index);
            }
            vectors.add(ArrowVectors.open("values", encoded ? SqlType.INTEGER : types.get(column), values, allocator));
        }
        try (VectorSchemaRoot filled = new VectorSchemaRoot(vectors);
                ArrowRecordBatch message = batchOf(filled, rows.size())) {
            new VectorLoader(root).load(message);
        }
    }

    private static ArrowRecordBatch batchOf(VectorSchemaRoot filled, int rows) {
        filled.setRowCount(rows);
        return new VectorUnloader(filled).getRecordBatch();
    }

    /** The table. */
    Table table() {
        List<ArrowStreamFactory> factories = new ArrayList<>();
        for (byte[] partition : partitions) {
            factories.add(allocator -> open(partition, allocator));
        }
        return ArrowStreamTable.partitioned(schema, factories);
    }

    private ArrowReader open(byte[] partition, BufferAllocator allocator) {
        open.incrementAndGet();
        return new ArrowStreamReader(new ByteArrayInputStream(partition), allocator) {
            @Override
            public void close() throws IOException {
                open.decrementAndGet();
                super.close();
            }
        };
    }

    /** How many streams were begun and not closed. */
    int open() {
        return open.get();
    }
}
