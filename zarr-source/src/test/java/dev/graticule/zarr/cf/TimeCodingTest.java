package dev.graticule.zarr.cf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class TimeCodingTest {
    private static long micros(String iso) {
        LocalDateTime time = LocalDateTime.parse(iso);
        return time.toEpochSecond(ZoneOffset.UTC) * 1_000_000L + time.getNano() / 1000;
    }

    @Test
    void realWorldCalendarsGiveTheDatesOfCftimeAndOthersAnError() throws IOException {
        Path cases = Path.of(System.getProperty("graticule.shared", "../shared"), "cftime/cases.json");
        Assumptions.assumeTrue(Files.exists(cases),
                "skipped: " + cases + " is not there (system property graticule.shared)");
        List<String> wrong = new ArrayList<>();
        int checked = 0;
        for (JsonNode entry : new ObjectMapper().readTree(cases.toFile())) {
            String units = entry.path("units").asText();
            String calendar = entry.path("calendar").isTextual() ? entry.path("calendar").asText() : "standard";
            try {
                TimeCoding coding = TimeCoding.of(units, calendar);
                if (!entry.has("iso")) {
                    wrong.add(units + " " + calendar + ": expected " + entry.path("error"));
                    continue;
                }
                for (int i = 0; i < entry.path("nums").size(); i++) {
                    double number = entry.path("nums").get(i).asDouble();
                    long expected = micros(entry.path("iso").get(i).asText());
                    if (coding.decode(number) != expected
                            || number == Math.rint(number) && coding.decode((long) number) != expected) {
                        wrong.add(units + " " + calendar + " " + number + ": expected " + entry.path("iso").get(i));
                    }
                    checked++;
                }
            } catch (UndecodableTimeException error) {
                if (entry.has("iso")
                        && List.of("standard", "gregorian", "proleptic_gregorian", "julian").contains(calendar)) {
                    wrong.add(units + " " + calendar + ": " + error.getMessage());
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(checked > 200, checked + " numbers");
    }

    @Test
    void fractionsAreRoundedToMicroseconds() throws UndecodableTimeException {
        assertEquals(micros("2000-01-01T00:00:00.333333"),
                TimeCoding.of("seconds since 2000-01-01", "standard").decode(1 / 3.0));
        assertEquals(micros("2300-01-16T12:00:00.000080"),
                TimeCoding.of("days since 1850-01-01", "standard").decode(164374.5 + 0x1p-30));
        assertEquals(micros("2000-01-01T00:00:00.000002"),
                TimeCoding.of("nanoseconds since 2000-01-01", "standard").decode(1500L));
    }

    @Test
    void referenceDatesMayHaveATimeZone() throws UndecodableTimeException {
        for (String date : List.of("2000-01-01T00:00:00Z", "2000-01-01 00:00:00 UTC", "2000-01-01 01:00:00 +01:00",
                "1999-12-31 19:00 -5", "2000-1",
                "2000")) {
            assertEquals(micros("2000-01-01T00:00:01"), TimeCoding.of("seconds since " + date, "standard").decode(1L),
                    date);
        }
    }

    @Test
    void theStandardCalendarSkipsTenDaysOf1582() throws UndecodableTimeException {
        TimeCoding standard = TimeCoding.of("days since 1582-10-04", "standard");
        assertEquals(micros("1582-10-04T00:00:00"), standard.decode(0L));
        assertEquals(micros("1582-10-15T00:00:00"), standard.decode(1L));
        assertThrows(UndecodableTimeException.class, () -> TimeCoding.of("days since 1582-10-10", "standard"));
    }

    @Test
    void aJulianLeapDayThatTimestampLacksIsAnError() throws UndecodableTimeException {
        TimeCoding julian = TimeCoding.of("days since 1900-02-28", "julian");
        assertEquals(micros("1900-03-01T00:00:00"), julian.decode(2L));
        UndecodableTimeException error = assertThrows(UndecodableTimeException.class, () -> julian.decode(1L));
        assertTrue(error.getMessage().contains("Julian"), error::getMessage);
    }

    @Test
    void aTimeOfAnyCalendarIsCountedAsItWasStored() throws UndecodableTimeException {
        for (String calendar : List.of("julian", "standard", "proleptic_gregorian")) {
            TimeCoding coding = TimeCoding.of("hours since 1582-10-01 06:00", calendar);
            for (long count : new long[]{-24 * 365 * 900, -7, 0, 90, 91, 24 * 365 * 500}) {
                assertEquals(OptionalLong.of(count), coding.encode(coding.decode(count)), calendar);
                assertEquals(count, coding.encodeNumber(coding.decode((double) count)), calendar);
            }
        }
        assertEquals(OptionalLong.empty(),
                TimeCoding.of("days since 1582-10-01", "standard").encode(micros("1582-10-10T00:00:00")));
    }

    @Test
    void whatHasNoRealWorldDateIsAnError() {
        assertTrue(assertThrows(UndecodableTimeException.class, () -> TimeCoding.of("days since 2000-01-01", "noleap"))
                .isUnsupported());
        assertThrows(UndecodableTimeException.class, () -> TimeCoding.of("months since 2000-01-01", "standard"));
        assertThrows(UndecodableTimeException.class, () -> TimeCoding.of("days since 2000-13-01", "standard"));
        assertThrows(UndecodableTimeException.class, () -> TimeCoding.of("days since yesterday", "standard"));
        assertThrows(UndecodableTimeException.class,
                () -> TimeCoding.of("days since 2000-01-01", "standard").decode(1e30));
        assertThrows(UndecodableTimeException.class,
                () -> TimeCoding.of("days since 2000-01-01", "standard").decode(Long.MAX_VALUE));
        assertFalse(TimeCoding.isTime("degrees"));
        assertFalse(TimeCoding.isTime("days"));
    }

    @Test
    void durationsHaveUnitsWithoutAReference() throws UndecodableTimeException {
        assertEquals(5_400_000_000_000L, DurationCoding.of("hours").orElseThrow().decode(1.5));
        assertEquals(7L, DurationCoding.of("nanoseconds").orElseThrow().decode(7));
        assertTrue(DurationCoding.of("K").isEmpty());
    }
}
