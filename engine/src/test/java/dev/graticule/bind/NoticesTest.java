package dev.graticule.bind;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** SEMANTICS 28: what is allowed and probably not meant. */
class NoticesTest {
    private final Binding binding = new Binding();

    @Test
    void aDateBesideATimestampIsMidnightOnly() {
        assertEquals(List.of("time = '2013-01-01' is midnight only; the whole day: time::date = '2013-01-01'"),
                binding.notices("SELECT t2m FROM grid WHERE time = '2013-01-01'"));
        assertEquals(List.of(), binding.notices("SELECT t2m FROM grid WHERE time >= '2013-01-01'"));
    }

    @Test
    void missingCellsAreNullAndNotNan() {
        assertEquals(List.of("Missing t2m is NULL here: write t2m IS NULL."),
                binding.notices("SELECT count(*) FROM grid WHERE isnan(t2m)"));
        assertEquals(List.of(), binding.notices("SELECT count(*) FROM t WHERE isnan(c)"));
    }

    @Test
    void divisionsOfCountsAreWholeNumbers() {
        assertEquals(1, binding.notices("SELECT count(*) / 3 FROM t").size());
        binding.statement("SET integer_division = false");
        assertEquals(List.of(), binding.notices("SELECT count(*) / 3 FROM t"));
    }
}
