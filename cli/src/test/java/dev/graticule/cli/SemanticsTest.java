package dev.graticule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list at the end of {@code docs/SEMANTICS.md} and the tests name the same promises. */
class SemanticsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern NAMED = Pattern.compile("SEMANTICS (\\d+(?:(?:, | and | to )\\d+)*)");
    private static final Pattern NUMBERS = Pattern.compile("(\\d+)(?: to (\\d+))?");
    private static final Pattern LISTED = Pattern.compile("(?m)^(\\d+)\\. ");

    @Test
    void everyPromiseHasATestThatNamesIt() throws IOException {
        Set<Integer> promised = LISTED.matcher(Files.readString(ROOT.resolve("docs/SEMANTICS.md"))).results()
                .map(listed -> Integer.valueOf(listed.group(1))).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(IntStream.rangeClosed(1, 28).boxed().collect(Collectors.toSet()), promised);
        Set<Integer> named = new TreeSet<>();
        for (Path test : tests()) {
            Matcher names = NAMED.matcher(Files.readString(test));
            while (names.find()) {
                NUMBERS.matcher(names.group(1)).results().forEach(range -> named.addAll(numbers(range)));
            }
        }
        Set<Integer> without = new TreeSet<>(promised);
        without.removeAll(named);
        assertEquals(Set.of(), without, "promises without a test that says SEMANTICS and their number");
        named.removeAll(promised);
        assertEquals(Set.of(), named, "numbers in tests that docs/SEMANTICS.md does not list");
    }

    private static Set<Integer> numbers(MatchResult range) {
        int first = Integer.parseInt(range.group(1));
        int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
        return IntStream.rangeClosed(first, last).boxed().collect(Collectors.toSet());
    }

    /** Test sources of all modules, but for this one. */
    private static Set<Path> tests() throws IOException {
        Set<Path> files = new TreeSet<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path tests : modules.map(module -> module.resolve("src/test")).filter(Files::isDirectory).toList()) {
                try (Stream<Path> below = Files.walk(tests)) {
                    below.filter(file -> file.toString().endsWith(".java") || file.toString().endsWith(".slt"))
                            .filter(file -> !file.endsWith("cli/SemanticsTest.java")).forEach(files::add);
                }
            }
        }
        return files;
    }
}
