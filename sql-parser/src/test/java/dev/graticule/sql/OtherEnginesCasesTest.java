package dev.graticule.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Queries of other engines' test suites, where the folder that the property graticule.shared names holds them. */
class OtherEnginesCasesTest {

    private static final double PORTABLE_SHARE = 0.995;
    private static final double OTHER_SHARE = 0.98;

    private static final List<String> PORTABLE = new ArrayList<>();
    private static final List<String> OTHER = new ArrayList<>();

    @BeforeAll
    static void readCases() throws IOException {
        Path folder = Path.of(System.getProperty("graticule.shared", "../../shared")).resolve("cases");
        Assumptions.assumeTrue(Files.isDirectory(folder), "no cases in " + folder);
        ObjectMapper mapper = new ObjectMapper();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".jsonl")).sorted().toList()) {
                for (String line : Files.readAllLines(file)) {
                    JsonNode node = mapper.readTree(line);
                    (node.get("portable").asBoolean() ? PORTABLE : OTHER).add(node.get("sql").asText());
                }
            }
        }
    }

    private static void atLeast(double share, List<String> cases) {
        List<String> failures = new ArrayList<>();
        for (String sql : cases) {
            try {
                SqlParser.parse(sql);
            } catch (SyntaxException e) {
                failures.add(ErrorText.withCaret(sql, e));
            }
        }
        assertTrue(failures.size() <= (1 - share) * cases.size(),
                failures.size() + " of " + cases.size() + " do not parse:\n" + String.join("\n\n", failures));
    }

    @Test
    void portableCasesParse() {
        atLeast(PORTABLE_SHARE, PORTABLE);
    }

    @Test
    void otherCasesParse() {
        atLeast(OTHER_SHARE, OTHER);
    }

    @Test
    void whatParsesPrintsBack() {
        for (String sql : Stream.concat(PORTABLE.stream(), OTHER.stream()).toList()) {
            Statement statement;
            try {
                statement = SqlParser.parse(sql);
            } catch (SyntaxException _) {
                continue;
            }
            assertEquals("", Trees.misplaced(statement, statement.position(), sql), sql);
            String printed = AstPrinter.toSql(statement);
            try {
                assertEquals("", Trees.difference(statement, SqlParser.parse(printed)), printed);
            } catch (SyntaxException e) {
                throw new AssertionError(sql + "\n" + ErrorText.withCaret(printed, e), e);
            }
        }
    }
}
