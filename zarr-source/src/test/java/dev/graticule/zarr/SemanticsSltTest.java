package dev.graticule.zarr;

import dev.graticule.Engine;
import dev.graticule.QueryOptions;
import dev.graticule.slt.SltRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The promises of SEMANTICS that SQL can show, one {@code .slt} file for each number: {@code $stores} in them are the
 * {@link SemanticsStores}, {@code $data} is the folder of that name. Files in {@code plans} hold EXPLAIN, which other options change.
 */
class SemanticsSltTest {
    @TempDir
    static Path stores;

    private static Stream<DynamicNode> tests(QueryOptions options, boolean notices, String folder) throws IOException {
        return new SltRunner(() -> Engine.create(options), notices).replacing("$stores", stores.toString())
                .replacing("$data", System.getProperty("graticule.data")).tests(Path.of("src/test/slt", folder));
    }

    @TestFactory
    Stream<DynamicNode> files() throws IOException {
        SemanticsStores.write(stores);
        QueryOptions plain = QueryOptions.defaults();
        Stream<DynamicNode> asItIs = Stream.concat(tests(plain, true, "semantics"), tests(plain, true, "plans"));
        if (Boolean.getBoolean("graticule.slt.complete")) {
            return asItIs;
        }
        return Stream.of(DynamicContainer.dynamicContainer("as it is", asItIs),
                DynamicContainer.dynamicContainer("batches of three rows, four threads",
                        tests(plain.withBatchRows(3).withThreads(4), true, "semantics")),
                DynamicContainer.dynamicContainer("on rows, unpruned",
                        tests(plain.withGridOperators(false).withPruning(false), false, "semantics")));
    }
}
