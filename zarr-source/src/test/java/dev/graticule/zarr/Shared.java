package dev.graticule.zarr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The folder of real data beside the project, where it is there. */
final class Shared {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Shared() {
    }

    /** A file or folder in it; the test is skipped with a message where there is none. */
    static Path path(String relative) {
        String root = System.getProperty("graticule.shared", "../shared");
        Path path = Path.of(root).resolve(relative);
        Assumptions.assumeTrue(Files.exists(path),
                "skipped: " + path + " is not there (system property graticule.shared)");
        return path;
    }

    static JsonNode json(String relative) throws IOException {
        return MAPPER.readTree(path(relative).toFile());
    }
}
