package dev.graticule.cli;

import dev.graticule.Engine;
import dev.graticule.slt.SltRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** The {@code .slt} files that read the stores of {@code data/}: {@code $data} in them is that folder. */
class StoreSltTest {
    @TestFactory
    Stream<DynamicNode> files() throws IOException {
        return new SltRunner(Engine::create).replacing("$data", System.getProperty("graticule.data"))
                .tests(Path.of("src/test/slt"));
    }
}
