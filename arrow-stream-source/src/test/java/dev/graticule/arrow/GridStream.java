package dev.graticule.arrow;

import dev.graticule.fixture.ArrowVectors;
import dev.graticule.type.SqlType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowDictionaryBatch;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** Rows as a stream in memory that counts how often it is started and closed, with whatever metadata its schema is to have. */
final class GridStream {
    /** How a column is kept. */
    enum Keeping {
        /** Its values one by one. */
        PLAIN,
        /** A dictionary of all its values, before the first batch. */
        DICTIONARY,
        /** A dictionary that grows from batch to batch. */
        DELTAS
    }

    /** A column of the rows. */
    record Column(String name, SqlType type, Keeping keeping) {
    }

    final Schema schema;
    final AtomicInteger started = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger batchesRead = new AtomicInteger();
    private final byte[] bytes;

    /** @param batchRows how many rows the batches have; the last number goes for all that follow */
    GridStream(List<Column> columns, List<List<Object>> rows, List<Integer> batchRows, Map<String, String> metadata) {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            DictionaryEncoding encoding = column.keeping == Keeping.PLAIN ? null : encoding(i);
            fields.add(new Field(column.name, new FieldType(true, column.type.arrow(), encoding), null));
        }
        schema = new Schema(fields, metadata);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (BufferAllocator allocator = new RootAllocator();
                WriteChannel channel = new WriteChannel(Channels.newChannel(out))) {
            MessageSerializer.serialize(channel, schema);
            List<Map<Object, Integer>> dictionaries = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                dictionaries.add(new LinkedHashMap<>());
                if (columns.get(i).keeping == Keeping.DICTIONARY) {
                    grow(columns, i, rows, dictionaries.get(i), channel, allocator);
                }
            }
            int from = 0;
            for (int batch = 0; from < rows.size(); batch++) {
                int count = batchRows.get(Math.min(batch, batchRows.size() - 1));
                List<List<Object>> part = rows.subList(from, Math.min(rows.size(), from + count));
                for (int i = 0; i < columns.size(); i++) {
                    if (columns.get(i).keeping == Keeping.DELTAS) {
                        grow(columns, i, part, dictionaries.get(i), channel, allocator);
                    }
                }
                write(columns, part, dictionaries, channel, allocator);
                from += count;
            }
            ArrowStreamWriter.writeEndOfStream(channel, IpcOption.DEFAULT);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        bytes = out.toByteArray();
    }

    private static DictionaryEncoding encoding(int column) {
        return new DictionaryEncoding(column, false, new ArrowType.Int(32, true));
    }

    private static void grow(List<Column> columns, int number, List<List<Object>> rows, Map<Object, Integer> known,
            WriteChannel channel, BufferAllocator allocator) throws IOException {
        Set<Object> strangers = new LinkedHashSet<>();
        rows.stream().map(row -> row.get(number)).filter(value -> value != null && !known.containsKey(value))
                .forEach(strangers::add);
        boolean first = known.isEmpty();
        strangers.forEach(value -> known.put(value, known.size()));
        try (FieldVector vector = ArrowVectors.open("values", columns.get(number).type, List.copyOf(strangers),
                allocator);
                ArrowDictionaryBatch message = new ArrowDictionaryBatch(number,
                        new VectorUnloader(VectorSchemaRoot.of(vector)).getRecordBatch(), !first)) {
            MessageSerializer.serialize(channel, message);
        }
    }

    private static void write(List<Column> columns, List<List<Object>> rows, List<Map<Object, Integer>> dictionaries,
            WriteChannel channel, BufferAllocator allocator) throws IOException {
        List<FieldVector> vectors = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            int number = i;
            boolean plain = columns.get(i).keeping == Keeping.PLAIN;
            List<Object> values = new ArrayList<>();
            rows.forEach(row -> values.add(plain ? row.get(number) : dictionaries.get(number).get(row.get(number))));
            vectors.add(ArrowVectors.open("values", plain ? columns.get(i).type : SqlType.INTEGER, values, allocator));
        }
        try (VectorSchemaRoot root = new VectorSchemaRoot(vectors)) {
            root.setRowCount(rows.size());
            try (ArrowRecordBatch message = new VectorUnloader(root).getRecordBatch()) {
                MessageSerializer.serialize(channel, message);
            }
        }
    }

    /** The metadata that xarray writes for an array. */
    static Map<String, String> metadata(String name, List<String> dims, List<Integer> shape,
            Map<String, List<String>> coordinates) {
        String coords = coordinates.entrySet().stream()
                .map(entry -> quoted(entry.getKey()) + ": {\"dims\": " + list(entry.getValue())
                        + ", \"attrs\": {\"units\": \"u\"}, \"dtype\": \"float64\", \"shape\": []}")
                .collect(Collectors.joining(", "));
        return Map.of("xarray:arrow_schema_version", "v1", "xarray",
                "{\"name\": " + (name == null ? "null" : quoted(name)) + ", \"dims\": " + list(dims) + ", \"shape\": "
                        + shape + ", \"attrs\": {\"long_name\": \"a value\", \"valid\": [0, NaN]}, \"coords\": {"
                        + coords
                        + "}}");
    }

    private static String list(List<String> names) {
        return names.stream().map(GridStream::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String quoted(String name) {
        return '"' + name + '"';
    }

    /** The stream as a table, with the metadata of its schema or others. */
    ArrowStreamTable table(Map<String, String> metadata) {
        return ArrowStreamTable.of(new Schema(schema.getFields(), metadata), allocator -> open(allocator));
    }

    private ArrowReader open(BufferAllocator allocator) {
        started.incrementAndGet();
        return new ArrowStreamReader(new ByteArrayInputStream(bytes), allocator) {
            @Override
            public boolean loadNextBatch() throws IOException {
                batchesRead.incrementAndGet();
                return super.loadNextBatch();
            }

            @Override
            public void close() throws IOException {
                closed.incrementAndGet();
                super.close();
            }
        };
    }
}
