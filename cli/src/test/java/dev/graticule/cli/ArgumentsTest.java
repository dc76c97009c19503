package dev.graticule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the arguments mean, and which make no sense. */
final class ArgumentsTest {
    @Test
    void sql_comes_from_arguments_options_and_files() throws Exception {
        Arguments arguments = Arguments.parse("-c", "SELECT 1", "--command", "SELECT 2", "-f", "x.sql", "--file=-",
                "SELECT 3", "data/x.zarr");
        assertEquals(List.of("SELECT 1", "SELECT 2"), arguments.commands());
        assertEquals(List.of("x.sql", "-"), arguments.files());
        assertEquals(List.of("SELECT 3", "data/x.zarr"), arguments.rest());
        assertEquals(OutputFormat.TABLE, arguments.format());
    }

    @Test
    void a_format_is_chosen_by_name_by_short_option_or_by_the_output_s_ending() throws Exception {
        assertEquals(OutputFormat.JSONL, Arguments.parse("--format", "jsonl").format());
        assertEquals(OutputFormat.CSV, Arguments.parse("-csv", "SELECT 1").format());
        assertEquals(OutputFormat.JSONL, Arguments.parse("-jsonlines").format());
        assertEquals(OutputFormat.ARROW, Arguments.parse("-o", "x.arrows").format());
        assertEquals(OutputFormat.JSON, Arguments.parse("-o", "x.csv", "-json").format());
        assertEquals(OutputFormat.CSV, Arguments.parse("-csv", "--format=csv").format());
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
