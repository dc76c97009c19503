package dev.graticule.arrow;

import dev.graticule.Query;
import dev.graticule.batch.Column;
import dev.graticule.batch.Values;
import dev.graticule.spi.RowReader;
import dev.graticule.spi.RowScan;
import dev.graticule.spi.RowTable;
import dev.graticule.type.SqlType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;

/** Reads a table the way the engine does, and fails where memory is left over. */
final class Rows {
    private Rows() {
    }

    /** The values of a query's first column; the query is closed. */
    static List<Object> firstColumn(Query query) {
        List<Object> rows = new ArrayList<>();
        try (query; ArrowReader reader = query.run()) {
            while (reader.loadNextBatch()) {
                FieldVector first = reader.getVectorSchemaRoot().getVector(0);
                for (int row = 0; row < first.getValueCount(); row++) {
                    rows.add(first.getObject(row));
                }
            }
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
        return rows;
    }

    /** All rows as text, all columns. */
    static List<List<String>> all(RowTable table) {
        return read(table, IntStream.range(0, table.columns().size()).boxed().toList(), Long.MAX_VALUE);
    }

    static List<List<String>> read(RowTable table, List<Integer> columns, long limit) {
        List<List<String>> rows = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator()) {
            RowScan scan = table.scan(columns, List.of(), limit);
            for (int split = 0; split < scan.splits(); split++) {
                try (RowReader reader = scan.openSplit(split, allocator)) {
                    while (reader.next()) {
                        List<Column> batch = reader.columns();
                        for (int row = 0; row < reader.rows(); row++) {
                            int at = row;
                            rows.add(batch.stream().map(column -> text(column, reader.rows(), at, allocator)).toList());
                        }
                    }
                }
            }
        }
        return rows;
    }

    private static String text(Column column, int rows, int row, BufferAllocator allocator) {
        int place = column.layout().place(new int[]{rows}, row);
        return switch (column) {
            case Column.Strided strided -> text(strided.values(), place, allocator);
            case Column.Dictionary dictionary -> dictionary.indices().object(place) instanceof Integer index
                    ? text(dictionary.dictionary(), index, allocator)
                    : "NULL";
        };
    }

    private static String text(Values values, int place, BufferAllocator allocator) {
        if (!values.isValid(place)) {
            return "NULL";
        }
        if (values.type() instanceof SqlType.Other) {
            return Truth.text(values.vector(), place, null);
        }
        // What a producer lends may be of another root.
        BufferAllocator owner = values.vector() == null ? allocator : values.vector().getAllocator();
        try (FieldVector vector = values.openVector("", Map.of(), owner)) {
            return Truth.text(vector, place, null);
        }
    }
}
