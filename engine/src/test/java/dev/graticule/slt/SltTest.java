package dev.graticule.slt;

import dev.graticule.Engine;
import dev.graticule.QueryOptions;
import dev.graticule.fixture.Tables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** The {@code .slt} files of this module, as they are and under odd configurations. */
class SltTest {
    private static final Path FOLDER = Path.of("src/test/slt");

    private static Engine engine(QueryOptions options) {
        Engine engine = Engine.create(options);
        engine.register("t", Tables.t());
        engine.register("grid", Tables.era5());
        engine.register("era5", Tables.era5AndMask());
        return engine;
    }

    @TestFactory
    Stream<DynamicNode> files() throws IOException {
        QueryOptions plain = QueryOptions.defaults();
        if (Boolean.getBoolean("graticule.slt.complete")) {
            return new SltRunner(() -> engine(plain)).tests(FOLDER);
        }
        Map<String, QueryOptions> configurations = new LinkedHashMap<>();
        configurations.put("as it is", plain);
        configurations.put("batches of one row", plain.withBatchRows(1));
        configurations.put("batches of three rows", plain.withBatchRows(3));
        configurations.put("four threads", plain.withThreads(4));
        configurations.put("no optimizer", plain.withOptimizer(false));
        configurations.put("no grid operators", plain.withGridOperators(false));
        configurations.put("no pruning", plain.withPruning(false));
        Stream.Builder<DynamicNode> all = Stream.builder();
        for (Map.Entry<String, QueryOptions> configuration : configurations.entrySet()) {
            all.add(DynamicContainer.dynamicContainer(configuration.getKey(),
                    new SltRunner(() -> engine(configuration.getValue()), configuration.getValue() == plain)
                            .tests(FOLDER)));
        }
        return all.build();
    }
}
