package dev.graticule.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graticule.Engine;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.QueryOptions;
import dev.graticule.spi.RowTable.RowColumn;
import dev.graticule.type.SqlType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every Arrow type that a stream can bring goes through queries: columns that expressions cannot use are selected, filtered beside,
 * ordered, limited and grouped beside, and come out as they came in; only unions are refused.
 */
final class GoldenQueriesTest {
    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> golden_streams_go_through_queries() throws IOException {
        assumeTrue(Files.isDirectory(GoldenFilesTest.GOLDEN), "no golden files at " + GoldenFilesTest.GOLDEN);
        List<Path> truths;
        try (Stream<Path> files = Files.walk(GoldenFilesTest.GOLDEN)) {
            truths = files.filter(file -> file.toString().endsWith(".json.gz")).sorted().toList();
        }
        return truths.stream().filter(truth -> !GoldenFilesTest.UNKNOWN.contains(name(truth)))
                .map(truth -> DynamicTest.dynamicTest(truth.getParent().getFileName() + "/" + name(truth),
                        () -> check(truth)));
    }

    private static String name(Path truth) {
        return truth.getFileName().toString().replace(".json.gz", "");
    }

    private void check(Path truth) throws IOException {
        List<List<String>> expected = GoldenFilesTest.truth(truth, folder);
        ArrowStreamTable table = ArrowIpc.open(truth.resolveSibling(name(truth) + ".stream"));
        try (Engine engine = Engine.create(QueryOptions.defaults().withBatchRows(7))) {
            engine.register("t", table);
            if (name(truth).equals("generated_union")) {
                GraticuleException error = assertThrows(GraticuleException.class,
                        () -> rows(engine, table, "SELECT * FROM t"));
                assertEquals(ErrorKind.UNSUPPORTED, error.kind(), error.getMessage());
                assertEquals(List.of(List.of(String.valueOf(expected.size()))),
                        rows(engine, null, "SELECT count(*) FROM t"));
                return;
            }
            assertEquals(expected, rows(engine, table, "SELECT * FROM t"));
            int half = expected.size() / 2;
            assertEquals(expected.subList(half, expected.size()),
                    rows(engine, table, "SELECT * FROM t LIMIT 1000 OFFSET " + half));
            OptionalInt usable = IntStream.range(0, table.columns().size())
                    .filter(column -> isUsable(table.columns().get(column))).findFirst();
            if (usable.isEmpty()) {
                return;
            }
            int key = usable.getAsInt();
            String name = '"' + table.columns().get(key).name().replace("\"", "\"\"") + '"';
            List<List<String>> some = expected.stream().filter(row -> !row.get(key).equals("NULL")).toList();
            assertEquals(some, rows(engine, table, "SELECT * FROM t WHERE " + name + " IS NOT NULL"));
            assertEquals(sorted(expected), sorted(rows(engine, table, "SELECT * FROM t ORDER BY " + name)));
            assertEquals(Math.min(5, some.size()), rows(engine, table, "SELECT * FROM t WHERE " + name
                    + " IS NOT NULL ORDER BY " + name + " DESC LIMIT 5").stream().filter(some::contains).count());
            assertEquals(expected.stream().map(row -> row.get(key)).distinct().count(),
                    rows(engine, null, "SELECT " + name + ", count(*) FROM t GROUP BY " + name).size());
            assertEquals(sorted(Stream.concat(expected.stream(), some.stream()).toList()), sorted(rows(engine, table,
                    "SELECT * FROM t UNION ALL SELECT * FROM t WHERE " + name + " IS NOT NULL")));
            assertEquals(0, engine.allocatedBytes());
        }
    }

    /** Something that can be a key, and whose values are written the same where they are equal. */
    private static boolean isUsable(RowColumn column) {
        return !(column.type() instanceof SqlType.Other) && column.type() != SqlType.NULL
                && column.type() != SqlType.INTERVAL;
    }

    private static List<String> sorted(List<List<String>> rows) {
        return rows.stream().map(List::toString).sorted().toList();
    }

    /** The rows of a query; where it gives all columns of a table, it gives them in their types and with their metadata. */
    private static List<List<String>> rows(Engine engine, ArrowStreamTable table, String sql) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        try (ArrowReader reader = engine.query(sql).run()) {
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            if (table != null) {
                assertEquals(
                        table.columns().stream().map(column -> column.type() + " " + new TreeMap<>(column.attributes()))
                                .toList(),
                        root.getSchema().getFields().stream()
                                .map(field -> SqlType.of(field) + " " + new TreeMap<>(field.getMetadata())).toList());
            }
            while (reader.loadNextBatch()) {
                for (int row = 0; row < root.getRowCount(); row++) {
                    int at = row;
                    rows.add(root.getFieldVectors().stream().map(vector -> Truth.text(vector, at, reader))
                            .collect(Collectors.toCollection(ArrayList::new)));
                }
            }
        }
        return rows;
    }
}
