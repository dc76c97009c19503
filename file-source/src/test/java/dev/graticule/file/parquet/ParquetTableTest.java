package dev.graticule.file.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.Engine;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.Query;
import dev.graticule.file.RandomVectors;
import dev.graticule.file.VectorTable;
import dev.graticule.fixture.RowTableContract;
import dev.graticule.spi.RowReader;
import dev.graticule.spi.RowScan;
import dev.graticule.spi.RowTable;
import dev.graticule.spi.SimplePredicate;
import dev.hardwood.metadata.RowGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.ColumnOrder;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parquet files as a table, and what is told of those that are none. */
final class ParquetTableTest implements RowTableContract {
    @TempDir
    private Path folder;

    private Path write(List<Field> fields, int rows, int group, String name) throws IOException {
        Path file = folder.resolve(name);
        try (RootAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = new RandomVectors(11).openRoot(fields, rows, allocator);
                Engine engine = Engine.create();
                Query query = engine.query("SELECT * FROM vectors")) {
            engine.register("vectors", new VectorTable(root, 64));
            query.copyTo(file.toString(), Map.of("row_group_size", (long) group));
        }
        return file;
    }

    @Override
    public RowTable table() throws IOException {
        return ParquetTable.open(List.of(write(RandomVectors.flat(), 200, 10, "contract.parquet")));
    }

    @Override
    public int tries() {
        return 40;
    }

    @Test
    void row_groups_that_hold_nothing_wanted_are_not_read() throws IOException {
        Path file = folder.resolve("sorted.parquet");
        try (Engine engine = Engine.create()) {
            try (Query query = engine.query("SELECT range AS n FROM range(100000)")) {
                query.copyTo(file.toString(), Map.of("row_group_size", 1000L));
            }
            RowTable table = ParquetTable.open(List.of(file));
            RowScan scan = table.scan(List.of(0),
                    List.of(new SimplePredicate.Range(0, 54_321L, false, 54_400L, false)), Long.MAX_VALUE);
            assertEquals(1, scan.splits());
            try (RootAllocator allocator = new RootAllocator(); RowReader reader = scan.openSplit(0, allocator)) {
                assertTrue(reader.next());
                assertEquals(1000, reader.rows());
            }
            assertEquals(0, table.scan(List.of(0), List.of(new SimplePredicate.OneOf(0, List.of(-5L))),
                    Long.MAX_VALUE).splits());
        }
    }

    /** Readers that do not know an order leave statistics in that order unused. */
    @Test
    void every_column_has_the_order_of_its_type() {
        for (ColumnDescriptor column : WrittenSchema.of(new Schema(RandomVectors.flat())).getColumns()) {
            if (!(column.getPrimitiveType()
                    .getLogicalTypeAnnotation() instanceof LogicalTypeAnnotation.IntervalLogicalTypeAnnotation)) {
                assertEquals(ColumnOrder.typeDefined(), column.getPrimitiveType().columnOrder(), column.toString());
            }
        }
    }

    @Test
    void a_file_that_was_cut_off_or_is_none_is_named() throws IOException {
        Path whole = write(RandomVectors.flat(), 100, 100, "whole.parquet");
        byte[] bytes = Files.readAllBytes(whole);
        for (int length : new int[]{0, 3, 100, bytes.length - 1}) {
            Path cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(bytes, length));
            GraticuleException error = assertThrows(GraticuleException.class, () -> ParquetTable.open(List.of(cut)));
            assertEquals(ErrorKind.SOURCE, error.kind());
            assertTrue(error.getMessage().startsWith("'" + cut + "' is not a readable Parquet file"),
                    error.getMessage());
        }
    }

    @Test
    void files_with_other_columns_are_named() throws IOException {
        List<Field> flat = RandomVectors.flat();
        Path one = write(flat, 10, 10, "one.parquet");
        Path other = write(flat.subList(0, 3), 10, 10, "other.parquet");
        GraticuleException error = assertThrows(GraticuleException.class,
                () -> ParquetTable.open(List.of(one, other)));
        assertTrue(error.getMessage().contains("other.parquet' has other columns than '"), error.getMessage());
    }

    @Test
    void a_file_that_was_replaced_is_read_as_it_is_now() throws IOException {
        Path file = write(RandomVectors.flat(), 10, 10, "file.parquet");
        RowTable table = ParquetTable.open(List.of(file));
        write(RandomVectors.flat(), 25, 10, "file.parquet");
        RowScan scan = table.scan(List.of(0), List.of(), Long.MAX_VALUE);
        int rows = 0;
        try (RootAllocator allocator = new RootAllocator()) {
            for (int split = 0; split < scan.splits(); split++) {
                try (RowReader reader = scan.openSplit(split, allocator)) {
                    while (reader.next()) {
                        rows += reader.rows();
                    }
                }
            }
        }
        assertEquals(25, rows);
    }

    @Test
    void no_byte_stays_behind_whichever_allocation_fails() throws IOException {
        List<Field> fields = new ArrayList<>(RandomVectors.flat());
        fields.addAll(RandomVectors.nested());
        RowTable table = ParquetTable.open(List.of(write(fields, 50, 20, "all.parquet")));
        int number = 0;
        while (fails(table, number)) {
            number += 7;
        }
        assertTrue(number > 50);
    }

    @Test
    void a_row_group_that_there_is_no_memory_for_leaves_nothing_behind() throws IOException {
        ParquetCopy copy = new ParquetCopy(ParquetOptions.of(Map.of("row_group_size", 1000L)));
        boolean failed = true;
        int number = 0;
        for (; failed; number++) {
            failed = false;
            int[] count = {0};
            int failing = number;
            AllocationListener listener = new AllocationListener() {
                @Override
                public void onPreAllocation(long size) {
                    if (count[0]++ == failing) {
                        throw new OutOfMemoryException("refused");
                    }
                }
            };
            try (RootAllocator allocator = new RootAllocator(listener, Long.MAX_VALUE);
                    Engine engine = Engine.create();
                    Query query = engine.query("SELECT range AS n, CAST(range AS VARCHAR) AS t FROM range(5000)")) {
                try (ArrowReader reader = query.run()) {
                    copy.write(reader, 2, allocator, folder.resolve("group.parquet"));
                } catch (GraticuleException error) {
                    assertEquals(ErrorKind.RESOURCE, error.kind(), error.getMessage());
                    failed = true;
                }
                assertEquals(0, allocator.getAllocatedMemory());
                assertEquals(0, engine.allocatedBytes());
            }
        }
        assertTrue(number > 5, number + " allocations");
    }

    private static boolean fails(RowTable table, int number) {
        int[] count = {0};
        AllocationListener listener = new AllocationListener() {
            @Override
            public void onPreAllocation(long size) {
                if (count[0]++ == number) {
                    throw new OutOfMemoryException("refused");
                }
            }
        };
        boolean failed = false;
        try (RootAllocator allocator = new RootAllocator(listener, Long.MAX_VALUE)) {
            List<Integer> columns = IntStream.range(0, table.columns().size()).boxed().toList();
            try (RowReader reader = table.scan(columns, List.of(), Long.MAX_VALUE).openSplit(0, allocator)) {
                while (reader.next()) {
                    reader.columns();
                }
            } catch (OutOfMemoryException error) {
                failed = true;
            }
            assertEquals(0, allocator.getAllocatedMemory(), "after allocation " + number + " failed");
        }
        return failed;
    }

    @Test
    void little_memory_makes_small_row_groups() throws IOException {
        Path file = folder.resolve("small.parquet");
        try (Engine engine = Engine.create();
                Query query = engine.query("SELECT sqrt(range) AS x FROM range(1000000)")) {
            query.memoryLimit(16 << 20).copyTo(file.toString(), Map.of());
        }
        List<RowGroup> groups = ParquetFile.open(file).rowGroups();
        assertTrue(groups.size() > 2, groups.size() + " row groups");
        groups.forEach(group -> assertTrue(group.totalByteSize() < 4 << 20, group.totalByteSize() + " bytes"));
        assertEquals(1_000_000, groups.stream().mapToLong(RowGroup::numRows).sum());
    }

    @Test
    void the_bytes_that_are_read_are_those_of_the_wanted_columns() throws IOException {
        Path file = write(RandomVectors.flat(), 1000, 100, "bytes.parquet");
        RowTable table = ParquetTable.open(List.of(file));
        long[] read = new long[2];
        try (RootAllocator allocator = new RootAllocator()) {
            for (int number = 0; number < 2; number++) {
                List<Integer> columns = number == 0 ? List.of(3)
                        : IntStream.range(0, table.columns().size()).boxed().toList();
                RowScan scan = table.scan(columns, List.of(), Long.MAX_VALUE);
                for (int split = 0; split < scan.splits(); split++) {
                    try (RowReader reader = scan.openSplit(split, allocator)) {
                        while (reader.next()) {
                            assertTrue(reader.rows() > 0);
                        }
                        read[number] += reader.bytesRead();
                    }
                }
            }
        }
        assertTrue(read[0] > 0 && read[0] < read[1] / 10 && read[1] < Files.size(file), Arrays.toString(read));
        assertTrue(read[1] > Files.size(file) / 2, Arrays.toString(read) + " of " + Files.size(file));
    }

    @Test
    void an_interval_that_parquet_has_no_place_for_is_told_with_what_to_write() {
        for (String interval : List.of("-1 month", "-1 day", "-1 hour", "1 microsecond")) {
            Path file = folder.resolve("span.parquet");
            try (Engine engine = Engine.create();
                    Query query = engine.query("SELECT INTERVAL '" + interval + "' AS span")) {
                GraticuleException error = assertThrows(GraticuleException.class,
                        () -> query.copyTo(file.toString(), Map.of()));
                assertEquals(ErrorKind.DATA, error.kind());
                assertTrue(error.getMessage().contains("Write CAST(span AS VARCHAR)"), error.getMessage());
            }
            assertFalse(Files.exists(file));
        }
    }

    @Test
    void files_with_and_without_the_schema_that_they_were_written_from_are_one_table() throws Exception {
        Field seconds = Field.nullable("t", new ArrowType.Timestamp(TimeUnit.SECOND, null));
        Path ours = write(List.of(seconds), 3, 3, "a.parquet");
        Path theirs = folder.resolve("b.parquet");
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            statement.execute("COPY (SELECT TIMESTAMP_MS '2024-01-01 00:00:00.5' AS t) TO '" + theirs + "'");
        }
        assertEquals("TIMESTAMP_S", ParquetTable.open(List.of(ours)).columns().getFirst().type().toString());
        RowTable both = ParquetTable.open(List.of(ours, theirs));
        assertEquals("TIMESTAMP_MS", both.columns().getFirst().type().toString());
        try (Engine engine = Engine.create();
                Query query = engine.query("SELECT count(*) FROM '" + folder + "/*.parquet' WHERE t > '1900-01-01'"
                        + " AND date_part('milliseconds', t) = 500");
                ArrowReader reader = query.run()) {
            assertTrue(reader.loadNextBatch());
            assertEquals(1L, reader.getVectorSchemaRoot().getVector(0).getObject(0));
        }
    }

    @Test
    void a_stored_schema_that_lacks_elements_is_as_if_it_were_not_there() throws IOException {
        Field key = Field.notNullable("key", new ArrowType.Int(64, true));
        Field entries = new Field("entries", FieldType.notNullable(ArrowType.Struct.INSTANCE),
                List.of(key, Field.nullable("value", new ArrowType.Int(64, true))));
        List<Field> fields = List.of(
                new Field("l", FieldType.nullable(ArrowType.List.INSTANCE),
                        List.of(Field.nullable("item", new ArrowType.Int(64, true)))),
                new Field("m", FieldType.nullable(new ArrowType.Map(false)), List.of(entries)));
        ParquetFile file = ParquetFile.open(write(fields, 3, 3, "nested.parquet"));
        for (List<Field> inner : List.of(List.<Field>of(), List.of(key))) {
            Map<String, String> metadata = new HashMap<>();
            StoredSchema.put(new Schema(List.of(new Field("l", fields.get(0).getFieldType(), List.of()),
                    new Field("m", fields.get(1).getFieldType(), inner))), metadata);
            for (int i = 0; i < fields.size(); i++) {
                assertEquals(file.fields().get(i),
                        StoredSchema.of(metadata).refined(file.fields().get(i), file.nodes().get(i)));
            }
        }
    }

    @Test
    void row_groups_of_seconds_are_pruned_by_their_milliseconds() throws IOException {
        Path file = folder.resolve("seconds.parquet");
        try (Engine engine = Engine.create(); Query query = engine.query(
                "SELECT CAST(TIMESTAMP '1969-12-31 23:00:00' + range * INTERVAL '1 second' AS TIMESTAMP_S) AS t FROM range(10000)")) {
            query.copyTo(file.toString(), Map.of("row_group_size", 1000L));
        }
        RowTable table = ParquetTable.open(List.of(file));
        assertEquals("TIMESTAMP_S", table.columns().getFirst().type().toString());
        assertEquals(1, table.scan(List.of(0), List.of(new SimplePredicate.Range(0, -3600L, false, -2601L, false)),
                Long.MAX_VALUE).splits());
        assertEquals(0, table.scan(List.of(0), List.of(new SimplePredicate.OneOf(0, List.of(6400L))), Long.MAX_VALUE)
                .splits());
    }

    @Test
    void attributes_come_back_with_their_columns() throws IOException {
        Map<String, String> attributes = Map.of("units", "K", "long_name", "2 metre temperature, \"dry\"", "a.b", "");
        Field field = new Field("t.2m", new FieldType(true, new ArrowType.Int(64, true), null, attributes), List.of());
        RowTable table = ParquetTable.open(List.of(write(List.of(field, Field.nullable("t", field.getType())), 3, 3,
                "attributes.parquet")));
        assertEquals(attributes, table.columns().get(0).attributes());
        assertEquals(Map.of(), table.columns().get(1).attributes());
    }

    @Test
    void the_same_rows_come_at_any_number_of_threads_and_a_limit_stops_early() throws IOException {
        Path file = write(RandomVectors.flat(), 3000, 100, "threads.parquet");
        for (int threads : new int[]{1, 4}) {
            try (Engine engine = Engine.create();
                    Query query = engine.query("SELECT i64, text FROM '" + file + "' LIMIT 7").threads(threads);
                    ArrowReader reader = query.run()) {
                assertTrue(reader.loadNextBatch());
                assertEquals(7, reader.getVectorSchemaRoot().getRowCount());
            }
        }
    }
}
