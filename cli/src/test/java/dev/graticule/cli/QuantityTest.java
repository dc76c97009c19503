package dev.graticule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class QuantityTest {
    @Test
    void counts_have_commas_and_a_plural() {
        assertEquals("0 rows", Quantity.of(0, "row"));
        assertEquals("1 row", Quantity.of(1, "row"));
        assertEquals("999 rows", Quantity.of(999, "row"));
        assertEquals("249,177,600 rows", Quantity.of(249_177_600, "row"));
    }

    @Test
    void durations_have_three_decimals() {
        assertEquals("0.000 s", Quantity.seconds(999));
        assertEquals("0.012 s", Quantity.seconds(12_345_678));
        assertEquals("61.500 s", Quantity.seconds(61_500_000_000L));
    }
}
