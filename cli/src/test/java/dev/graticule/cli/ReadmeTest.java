package dev.graticule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows works as it stands there. */
class ReadmeTest {
    private static final Path DATA = Path.of(System.getProperty("graticule.data")).toAbsolutePath();
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern FIRST_COMMAND = Pattern.compile("^    \\./graticule \"(.*)\"$", Pattern.MULTILINE);

    private static String readme() throws Exception {
        return Files.readString(DATA.resolveSibling("README.md"));
    }

    @Test
    void everyLibraryExampleCompilesAndPrintsWhatItSays(@TempDir Path folder) throws Exception {
        List<String> examples = JAVA.matcher(readme()).results().map(example -> example.group(1)).toList();
        List<Integer> rows = List.of(19, 2);
        assertEquals(rows.size() + 1, examples.size(), "examples in Java");
        for (int i = 0; i < rows.size(); i++) {
            List<String> lines = run(examples.get(i), Files.createDirectory(folder.resolve("example" + i)));
            assertEquals("latitude\tmean", lines.getFirst());
            assertEquals(1 + rows.get(i), lines.size(), () -> String.join("\n", lines));
        }
        List<String> stream = run(examples.getLast(), Files.createDirectory(folder.resolve("stream")));
        assertEquals(List.of("sum(n)", "3", "n", "0"), stream.stream().filter(line -> !line.equals("closed")).toList());
        assertEquals(2, stream.stream().filter("closed"::equals).count(), "each query closes what it has started");
    }

    /** The lines that an example prints. */
    private List<String> run(String example, Path folder) throws Exception {
        String source = """
                import dev.graticule.*;
                import dev.graticule.arrow.*;
                import dev.graticule.zarr.*;
                import java.io.*;
                import java.nio.file.*;
                import java.util.*;
                import org.apache.arrow.vector.BigIntVector;
                import org.apache.arrow.vector.ipc.*;
                import org.apache.arrow.vector.types.pojo.*;
                public class Example {
                    public static void run() throws Exception {
                %s
                    }
                }
                """.formatted(example.replace("data/era5_v3.zarr",
                DATA.resolve("era5_v3.zarr").toString().replace('\\', '/')));
        Path file = Files.writeString(folder.resolve("Example.java"), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        boolean compiled = compiler.getTask(messages, null, null, List.of("-proc:none", "-d", folder.toString()), null,
                compiler.getStandardFileManager(null, null, null).getJavaFileObjects(file)).call();
        assertTrue(compiled, messages::toString);
        PrintStream standard = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader loader = new URLClassLoader(new URL[]{folder.toUri().toURL()},
                getClass().getClassLoader())) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            loader.loadClass("Example").getMethod("run").invoke(null);
        } finally {
            System.setOut(standard);
        }
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void theFirstCommandIsTheOneThatTheStartUpCacheIsTrainedOn() throws Exception {
        Matcher command = FIRST_COMMAND.matcher(readme());
        assertTrue(command.find(), "the README has no first command");
        assertTrue(Files.readString(DATA.resolveSibling("graticule"))
                .contains("training_query=\"" + command.group(1) + "\""));
    }
}
