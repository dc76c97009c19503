package dev.graticule.cli;

import dev.graticule.Engine;
import dev.graticule.slt.SltRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The {@code .slt} files that read the stores of {@code data/}, which is {@code $data} in them, and write into the folder {@code $temp}. */
class StoreSltTest {
    @TempDir
    private static Path temporary;

    @TestFactory
    Stream<DynamicNode> files() throws IOException {
        return new SltRunner(Engine::create).replacing("$data", System.getProperty("graticule.data"))
                .replacing("$temp", temporary.toString())
                .replacing("$here", Path.of("").toAbsolutePath().toString())
                .tests(Path.of("src/test/slt"));
    }
}
