package dev.graticule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The protocol for programs: a line in, a line out, whatever happens. */
final class PipeServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private static List<JsonNode> serve(String... lines) {
        Command.Outcome outcome = Command.runWithInput(String.join("\n", lines) + "\n", "--pipe");
        assertEquals(0, outcome.status(), outcome.error());
        return outcome.output().lines().map(PipeServerTest::parse).toList();
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    private static JsonNode rows(String sql) throws IOException {
        JsonNode answer = serve(JSON.writeValueAsString(Map.of("id", 1, "sql", sql))).getFirst();
        assertTrue(answer.has("rows"), answer.toString());
        return answer.get("rows");
    }

    @Test
    void an_answer_has_columns_and_rows_and_the_id_as_it_came() {
        List<JsonNode> answers = serve("{\"id\": \"a\\\"b\", \"sql\": \"SELECT 1 AS n, 'x' AS s\"}",
                "{\"sql\": \"SELECT NULL AS z;\", \"id\": 7}",
                "{\"id\": null, \"sql\": \"SELECT 1 AS n WHERE 1 = 2\", \"more\": {\"x\": [1]}}");
        assertEquals(parse("{\"id\": \"a\\\"b\", \"columns\": [\"n\", \"s\"], \"rows\": [[1, \"x\"]]}"),
                answers.get(0));
        assertEquals(parse("{\"id\": 7, \"columns\": [\"z\"], \"rows\": [[null]]}"), answers.get(1));
        assertEquals(parse("{\"id\": null, \"columns\": [\"n\"], \"rows\": []}"), answers.get(2));
    }

    @Test
    void values_are_written_so_that_nothing_is_lost() throws IOException {
        assertEquals(parse("[[\"NaN\", \"Infinity\", \"-Infinity\", 0.1]]"),
                rows("SELECT CAST('NaN' AS DOUBLE), 1.0::double / 0, -1.0::double / 0, 0.1::double"));
        assertEquals(parse("[[\"1.50\", true]]"), rows("SELECT CAST(1.5 AS DECIMAL(5,2)), 1 < 2"));
        assertEquals(parse("[[\"2024-02-29\", \"2024-02-29T12:30:00.5\", \"1 day 02:00:00\"]]"),
                rows("SELECT DATE '2024-02-29', TIMESTAMP '2024-02-29 12:30:00.5', INTERVAL '1 day 2 hours'"));
    }

    @Test
    void errors_have_a_kind_and_end_nothing() {
        List<JsonNode> answers = serve("nonsense", "[1]", "{\"id\": 1}", "{\"id\": 2, \"sql\": \"SELEC\"}",
                "{\"id\": 3, \"sql\": \"SELECT foo\"}",
                "{\"id\": 4, \"sql\": \"SELECT 1\", \"tables\": {\"t\": \"/no/such.arrows\"}}",
                "{\"id\": 5, \"sql\": \"SELECT 9223372036854775807 + 1\"}",
                "{\"id\": 6, \"sql\": \"SELECT 1 AS n\"} trailing", "", "{\"id\": 8, \"sql\": \"SELECT 1 AS n\"}");
        assertEquals(List.of("syntax", "syntax", "syntax", "syntax", "binding", "source", "data", "syntax"),
                answers.subList(0, 8).stream().map(answer -> answer.get("kind").asText()).toList());
        assertEquals(8, answers.get(4).get("column").asInt());
        assertEquals(parse("{\"id\": 8, \"columns\": [\"n\"], \"rows\": [[1]]}"), answers.get(8));
        assertEquals(9, answers.size());
    }

    @Test
    void tables_exist_for_their_line_only() throws IOException {
        String stream = folder.resolve("x.arrows").toString();
        assertEquals(0, Command.run("-o", stream, "SELECT * FROM (VALUES (1, 'a'), (2, NULL)) AS t(n, s)").status());
        String table = JSON.writeValueAsString(stream);
        List<JsonNode> answers = serve(
                "{\"id\": 1, \"tables\": {\"t\": " + table + ", \"u\": " + table
                        + "}, \"sql\": \"SELECT sum(n) AS s FROM t\"}",
                "{\"id\": 2, \"sql\": \"SELECT * FROM t\"}",
                "{\"id\": 3, \"tables\": {\"t\": " + table + "}, \"sql\": \"SELECT * FROM t\"}");
        assertEquals(parse("[[3]]"), answers.get(0).get("rows"));
        assertEquals("binding", answers.get(1).get("kind").asText());
        assertEquals(parse("[[1, \"a\"], [2, null]]"), answers.get(2).get("rows"));
        assertFalse(answers.get(2).has("error"));
    }

    @Test
    void what_a_table_of_a_line_hides_comes_back() throws IOException {
        String stream = folder.resolve("x.arrows").toString();
        assertEquals(0, Command.run("-o", stream, "SELECT 'stream' AS s").status());
        String tables = "\"tables\": {\"v\": " + JSON.writeValueAsString(stream) + "}";
        List<JsonNode> answers = serve("{\"sql\": \"CREATE VIEW v AS SELECT 42 AS x\"}",
                "{" + tables + ", \"sql\": \"FROM v\"}", "{\"sql\": \"FROM v\"}",
                "{" + tables + ", \"sql\": \"DROP TABLE v\"}", "{\"sql\": \"FROM v\"}",
                "{\"tables\": {\"v\": \"/no/such.arrows\"}, \"sql\": \"FROM v\"}", "{\"sql\": \"FROM v\"}",
                "{" + tables + ", \"sql\": \"CREATE OR REPLACE VIEW v AS SELECT 7 AS y\"}", "{\"sql\": \"FROM v\"}");
        assertEquals(parse("[[\"stream\"]]"), answers.get(1).get("rows"));
        for (int line : new int[]{2, 4, 6}) {
            assertEquals(parse("[[42]]"), answers.get(line).get("rows"), answers.get(line).toString());
        }
        assertEquals(parse("[[7]]"), answers.get(8).get("rows"));
    }

    @Test
    void an_id_is_any_json_and_is_found_behind_what_is_wrong() {
        List<JsonNode> answers = serve("\uFEFF{\"id\": {\"a\": [1, \"}\"]} , \"sql\": \"SELECT 1 AS n\"}",
                "{\"sql\": 5, \"id\": [7]}", "{\"tables\": [\"t\"], \"sql\": \"SELECT 1\", \"id\": 8}",
                "{\"tables\": {\"t\": {}}, \"sql\": \"SELECT 1\", \"id\": 9}",
                "{\"tables\": null, \"sql\": \"SELECT 1 AS n\", \"id\": true}", "{\"id\": 1, \"sql\": \"SELECT 1\"");
        assertEquals(parse("{\"id\": {\"a\": [1, \"}\"]}, \"columns\": [\"n\"], \"rows\": [[1]]}"), answers.get(0));
        assertEquals(parse("{\"id\": [7], \"error\": \"\\\"sql\\\" must be a text.\", \"kind\": \"syntax\"}"),
                answers.get(1));
        assertEquals(8, answers.get(2).get("id").asInt());
        assertEquals("syntax", answers.get(2).get("kind").asText());
        assertTrue(answers.get(3).get("error").asText().contains("\"t\""), answers.get(3).toString());
        assertEquals(parse("{\"id\": true, \"columns\": [\"n\"], \"rows\": [[1]]}"), answers.get(4));
        assertFalse(answers.get(5).get("error").asText().contains("Source"), answers.get(5).toString());
    }

    @Test
    void of_several_statements_the_last_answers() throws IOException {
        assertEquals(parse("[[2]]"), rows("SELECT 1; SELECT 2"));
        assertEquals(parse("[]"), rows(""));
    }
}
