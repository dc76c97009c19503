package dev.graticule.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.JsonFileReader;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The golden streams and files of other Arrow implementations are read as their JSON truth says. */
final class GoldenFilesTest {
    static final Path GOLDEN = Path.of(System.getProperty("graticule.shared", "../shared"), "arrow");
    /** What Arrow's Java library cannot hold: narrow decimals, and structs with two fields of one name. */
    static final Set<String> UNKNOWN = Set.of("generated_decimal32", "generated_decimal64",
            "generated_duplicate_fieldnames");

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> golden_streams_and_files_are_read_right() throws IOException {
        assumeTrue(Files.isDirectory(GOLDEN), "no golden files at " + GOLDEN);
        List<Path> truths;
        try (Stream<Path> files = Files.walk(GOLDEN)) {
            truths = files.filter(file -> file.toString().endsWith(".json.gz")).sorted().toList();
        }
        return truths.stream().flatMap(truth -> Stream.of(".stream", ".arrow_file").map(ending -> {
            String name = truth.getFileName().toString().replace(".json.gz", "");
            return DynamicTest.dynamicTest(truth.getParent().getFileName() + "/" + name + ending,
                    () -> check(truth, truth.resolveSibling(name + ending), UNKNOWN.contains(name)));
        }));
    }

    private void check(Path truth, Path file, boolean unknown) throws IOException {
        assertTrue(ArrowIpc.recognizes(file));
        if (unknown) {
            GraticuleException error = assertThrows(GraticuleException.class, () -> ArrowIpc.open(file));
            assertEquals(ErrorKind.UNSUPPORTED, error.kind(), error.getMessage());
            return;
        }
        List<List<String>> expected = truth(truth);
        List<List<String>> found = Rows.all(ArrowIpc.open(file));
        assertEquals(expected.size(), found.size());
        for (int row = 0; row < expected.size(); row++) {
            assertEquals(expected.get(row), found.get(row), "row " + row);
        }
    }

    private List<List<String>> truth(Path compressed) throws IOException {
        return truth(compressed, folder);
    }

    /** The rows that a compressed JSON file has, as {@link Truth} writes them. */
    static List<List<String>> truth(Path compressed, Path folder) throws IOException {
        Path json = Files.createTempFile(folder, "truth", ".json");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(compressed))) {
            Files.copy(in, json, StandardCopyOption.REPLACE_EXISTING);
        }
        List<List<String>> rows = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator();
                JsonFileReader reader = new JsonFileReader(json.toFile(), allocator)) {
            reader.start();
            DictionaryProvider dictionaries = reader;
            while (true) {
                try (VectorSchemaRoot root = reader.read()) {
                    if (root == null) {
                        break;
                    }
                    for (int row = 0; row < root.getRowCount(); row++) {
                        List<String> cells = new ArrayList<>();
                        for (FieldVector vector : root.getFieldVectors()) {
                            cells.add(Truth.text(vector, row, dictionaries));
                        }
                        rows.add(cells);
                    }
                }
            }
        }
        return rows;
    }
}
