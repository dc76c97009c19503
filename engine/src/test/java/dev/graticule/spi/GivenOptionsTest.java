package dev.graticule.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class GivenOptionsTest {
    @Test
    void a_flag_is_a_boolean_a_word_or_one_bit() {
        for (Object on : List.of(true, "true", "ON", "yes", 1L, 1, "1")) {
            assertEquals(true, reading("header", on).flag("header", false), on.toString());
        }
        for (Object off : List.of(false, "False", "off", "no", 0L, 0, "0")) {
            assertEquals(false, reading("header", off).flag("header", true), off.toString());
        }
        for (Object wrong : List.of("maybe", 2L, 1.5, List.of(true))) {
            assertEquals("header of read_csv takes true or false, not "
                    + (wrong instanceof String ? "'maybe'" : wrong) + ".",
                    error(() -> reading("header", wrong).flag("header")));
        }
        assertEquals(Optional.empty(), reading("skip", 1L).flag("header"));
    }

    @Test
    void a_whole_number_is_one_however_it_is_written() {
        for (Object five : List.of(5L, 5, 5.0, "5", " +5 ")) {
            assertEquals(5, reading("skip", five).wholeNumber("skip", 0, 9, 1), five.toString());
        }
        assertEquals(1, reading("header", true).wholeNumber("skip", 0, 9, 1));
        for (Object wrong : List.of(10L, -1L, 2.5, "x", 1e300, Double.NaN)) {
            assertEquals("skip of read_csv takes a whole number from 0 to 9, not "
                    + (wrong instanceof String ? "'x'" : wrong) + ".",
                    error(() -> reading("skip", wrong).wholeNumber("skip", 0, 9, 1)));
        }
        assertEquals("SKIP of COPY as csv takes a whole number of at least 1, not 0.",
                error(() -> GivenOptions.ofCopy("csv", Map.of("skip", 0L)).wholeNumber("skip", 1, Long.MAX_VALUE, 1)));
    }

    @Test
    void texts_are_a_list_or_one_alone_and_a_list_may_be_one_text() {
        assertEquals(List.of("a, b"), reading("names", "a, b").texts("names"));
        assertEquals(List.of("a", "b"), reading("names", "[a, 'b']").listed("names"));
        assertEquals(List.of("a, b", "1"), reading("names", List.of("a, b", 1L)).listed("names"));
        assertEquals(List.of(), reading("names", "").listed("names"));
        assertEquals(List.of(), reading("other", "").texts("names"));
        assertEquals("names of read_csv takes a list of texts, not [null].",
                error(() -> reading("names", Arrays.asList((Object) null)).texts("names")));
        assertEquals(Map.of("a", "BIGINT"), reading("types", Map.of("a", "BIGINT")).textsByName("types"));
        assertEquals("types of read_csv takes texts by name, not 'a'.",
                error(() -> reading("types", "a").textsByName("types")));
    }

    @Test
    void a_character_is_one_and_a_backslash_t_a_tab() {
        assertEquals(Optional.of(';'), reading("sep", ";").character("delim", "sep"));
        assertEquals(Optional.of('\t'), reading("delim", "\\t").character("delim", "sep"));
        assertEquals("delim of read_csv takes one character, not '||'.",
                error(() -> reading("sep", "||").character("delim", "sep")));
    }

    @Test
    void an_option_has_one_value_whatever_it_is_called() {
        GivenOptions both = GivenOptions.ofReading("csv", Map.of("delim", ",", "sep", ";"));
        assertEquals("delim and sep of read_csv are the same option; give one of them.",
                error(() -> both.character("delim", "sep")));
    }

    @Test
    void an_unknown_option_gets_the_nearest_name_and_all_names() {
        GivenOptions options = GivenOptions.ofCopy("csv", Map.of("headr", true, "auto_detect", true));
        options.flag("header", true);
        options.character("delimiter", "delim", "sep");
        options.ignore("auto_detect");
        assertEquals("COPY as csv has no option HEADR. Did you mean HEADER? It has HEADER, DELIMITER (DELIM, SEP).",
                error(options::requireNoOthers));
        assertEquals("read_arrow has no option header. It takes none.",
                error(GivenOptions.ofReading("arrow", Map.of("header", true))::requireNoOthers));
        GivenOptions read = reading("header", true);
        read.flag("header");
        read.requireNoOthers();
    }

    @Test
    void an_option_that_is_null_is_not_given() {
        Map<String, Object> given = new HashMap<>();
        given.put("header", null);
        GivenOptions options = GivenOptions.ofReading("csv", given);
        options.requireNoOthers();
        assertEquals(Optional.empty(), options.flag("header"));
    }

    private static GivenOptions reading(String name, Object value) {
        return GivenOptions.ofReading("csv", Map.of(name, value));
    }

    private static String error(Executable reads) {
        GraticuleException error = assertThrows(GraticuleException.class, reads);
        assertEquals(ErrorKind.BINDING, error.kind());
        return error.getMessage();
    }
}
