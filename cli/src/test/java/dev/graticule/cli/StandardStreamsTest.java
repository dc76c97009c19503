package dev.graticule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class StandardStreamsTest {

    @Test
    void the_launcher_says_which_streams_are_terminals_and_how_wide() {
        StandardStreams streams = StandardStreams.adopt(Map.of("GRATICULE_STDIN_TTY", "0", "GRATICULE_STDOUT_TTY", "0",
                "GRATICULE_STDERR_TTY", "1", "COLUMNS", "97"));
        assertFalse(streams.inputIsTerminal());
        assertFalse(streams.outputIsTerminal());
        assertTrue(streams.errorIsTerminal());
        assertEquals(OptionalInt.of(97), streams.columns());
    }

    @Test
    void without_the_launcher_standard_error_stays_as_it_is() {
        assertSame(System.err, StandardStreams.adopt(Map.of()).error());
    }

    @Test
    void a_width_that_is_no_number_of_columns_is_unknown() {
        for (String columns : new String[]{"", "0", "-1", "wide", "1000000"}) {
            assertEquals(OptionalInt.empty(), StandardStreams.adopt(Map.of("COLUMNS", columns)).columns());
        }
    }
}
