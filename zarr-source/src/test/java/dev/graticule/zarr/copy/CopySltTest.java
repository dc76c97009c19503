package dev.graticule.zarr.copy;

import dev.graticule.Engine;
import dev.graticule.QueryOptions;
import dev.graticule.slt.SltRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** COPY to Zarr stores in SQL; {@code $target} is a folder that is new each time, {@code $data} that of the small stores. */
class CopySltTest {
    @TempDir
    static Path target;

    @TestFactory
    Stream<DynamicNode> files() throws IOException {
        return new SltRunner(() -> Engine.create(QueryOptions.defaults())).replacing("$target", target.toString())
                .replacing("$data", System.getProperty("graticule.data")).tests(Path.of("src/test/slt/copy"));
    }
}
