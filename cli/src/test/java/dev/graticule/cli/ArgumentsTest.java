package dev.graticule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the arguments mean, and which make no sense. */
final class ArgumentsTest {
    @Test
    void sql_comes_from_arguments_options_and_files() throws Exception {
        Arguments arguments = Arguments.parse("-c", "SELECT 1", "--command", "SELECT 2", "-f", "x.sql", "--file=-",
                "SELECT 3", "data/x.zarr");
        assertEquals(List.of(new Script(Script.Kind.SQL, "SELECT 1"), new Script(Script.Kind.SQL, "SELECT 2"),
                new Script(Script.Kind.FILE, "x.sql"), new Script(Script.Kind.FILE, "-"),
                new Script(Script.Kind.ARGUMENT, "SELECT 3"), new Script(Script.Kind.ARGUMENT, "data/x.zarr")),
                arguments.scripts());
        assertEquals(OutputFormat.TABLE, arguments.format());
    }

    @Test
    void a_format_is_chosen_by_name_by_short_option_or_by_the_output_s_ending() throws Exception {
        assertEquals(OutputFormat.JSONL, Arguments.parse("--format", "jsonl").format());
        assertEquals(OutputFormat.CSV, Arguments.parse("-csv", "SELECT 1").format());
        assertEquals(OutputFormat.JSONL, Arguments.parse("-jsonlines").format());
        assertEquals(OutputFormat.ARROWS, Arguments.parse("-o", "x.arrows").format());
        assertEquals(OutputFormat.ARROW, Arguments.parse("-o", "x.arrow").format());
        assertEquals(OutputFormat.JSON, Arguments.parse("-o", "x.csv", "-json").format());
        assertEquals(OutputFormat.CSV, Arguments.parse("-csv", "--format=csv").format());
    }

    @Test
    void scripts_keep_the_order_in_which_they_are_written() throws Exception {
        assertEquals(List.of("a", "b", "c", "d"),
                Arguments.parse("-f", "a", "b", "-q", "-c", "c", "d").scripts().stream().map(Script::text).toList());
    }

    @Test
    void sql_may_begin_with_a_comment() throws Exception {
        assertEquals("-- one\nSELECT 1", Arguments.parse("-- one\nSELECT 1").scripts().getFirst().text());
        assertEquals("-- one\nSELECT 1",
                Arguments.parse("-csv", "-- one\nSELECT 1").scripts().getFirst().text().strip());
        assertEquals(Script.Kind.SQL, Arguments.parse("-c", "-- one\nSELECT 1").scripts().getFirst().kind());
    }

    @Test
    void an_output_is_a_file_whose_ending_is_known_or_standard_output() throws Exception {
        assertEquals(Optional.empty(), Arguments.parse("-o", "-", "SELECT 1").output());
        assertEquals(OutputFormat.TABLE, Arguments.parse("-o", "a.b/result").format());
        assertEquals(OutputFormat.CSV, Arguments.parse("-o", "a.b/x.parquet", "-csv").format());
        assertEquals(OutputFormat.PARQUET, Arguments.parse("-o", "x.parquet").format());
        assertTrue(wrong("-o", "x.xlsx").contains(".xlsx"));
        assertTrue(wrong("-o", "").contains("-o"));
    }

    @Test
    void settings_keep_their_order_and_their_names() throws Exception {
        assertEquals(Map.of("integer_division", "false", "threads", "3", "memory_limit", "2GB"),
                Arguments.parse("--set", "integer_division=false", "--threads", "3", "--memory-limit=2GB").settings());
    }

    @Test
    void what_makes_no_sense_says_why() {
        assertTrue(wrong("--verbos").contains("Unknown option: '--verbos'"));
        assertTrue(wrong("--verbos").contains("Did you mean"));
        assertTrue(wrong("--format", "xml").contains("xml"));
        assertTrue(wrong("-csv", "-json").contains("csv and json"));
        assertTrue(wrong("--set", "threads").contains("NAME=VALUE"));
        assertTrue(wrong("-c").contains("-c"));
        assertTrue(wrong("-cvs").contains("-cvs"));
    }

    private static String wrong(String... arguments) {
        return assertThrows(Arguments.UsageException.class, () -> Arguments.parse(arguments)).getMessage();
    }

    @Test
    void help_lists_every_format() {
        for (OutputFormat format : OutputFormat.values()) {
            assertTrue(Arguments.usage().contains("--format " + format.word()), format.word());
        }
    }
}
