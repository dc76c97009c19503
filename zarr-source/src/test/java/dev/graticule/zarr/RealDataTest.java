package dev.graticule.zarr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graticule.spi.GriddedTable;
import dev.graticule.type.SqlType;
import java.io.IOException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Real stores, against what xarray says of them. */
class RealDataTest {
    @Test
    void validCountsRangesAndSumsAreThoseOfXarray() throws IOException {
        int checked = 0;
        for (JsonNode store : Shared.json("data/facts.json")) {
            GriddedTable table = (GriddedTable) ZarrTable
                    .open(Shared.path("data/" + store.path("name").asText() + ".zarr")).tables().get(0);
            for (Map.Entry<String, JsonNode> entry : store.path("variables").properties()) {
                JsonNode facts = entry.getValue();
                String what = store.path("name").asText() + "." + entry.getKey();
                List<Object> values = Columns.read(table, entry.getKey());
                checked++;
                if (facts.path("decoded_dtype").asText().startsWith("datetime64")) {
                    assertEquals(micros(facts.path("first").asText()), values.get(0), what);
                    assertEquals(micros(facts.path("last").asText()), values.get(values.size() - 1), what);
                    continue;
                }
                assertEquals(facts.path("n").asInt(), values.size(), what);
                assertEquals(facts.path("n_valid").asLong(), values.stream().filter(Objects::nonNull).count(), what);
                if (facts.has("calendar")) {
                    assertEquals(SqlType.TIMESTAMP, Columns.variable(table, entry.getKey()).type());
                    assertEquals(micros(facts.path("first_iso").asText()), values.get(0), what);
                    assertEquals(micros(facts.path("last_iso").asText()), values.get(values.size() - 1), what);
                } else {
                    double[] numbers = values.stream().filter(Objects::nonNull)
                            .mapToDouble(value -> ((Number) value).doubleValue()).toArray();
                    assertEquals(facts.path("min").asDouble(), java.util.Arrays.stream(numbers).min().orElseThrow(),
                            1e-9, what);
                    assertEquals(facts.path("max").asDouble(), java.util.Arrays.stream(numbers).max().orElseThrow(),
                            1e-9, what);
                    double sum = java.util.Arrays.stream(numbers).sum();
                    double scale = Math.max(1, java.util.Arrays.stream(numbers).map(Math::abs).sum());
                    assertEquals(facts.path("sum").asDouble(), sum, 1e-6 * scale, what);
                }
            }
        }
        assertTrue(checked >= 20, checked + " variables");
    }

    private static long micros(String iso) {
        return LocalDateTime.parse(iso).toEpochSecond(ZoneOffset.UTC) * 1_000_000L;
    }

    @Test
    void axesComeInDimensionOrderThenVariables() {
        GriddedTable air = (GriddedTable) ZarrTable.open(Shared.path("data/air_temperature.zarr")).tables().get(0);
        assertEquals("time_lat_lon", air.name());
        assertEquals(List.of("time", "lat", "lon"), air.axes().stream().map(axis -> axis.name()).toList());
        assertEquals(List.of(2920, 25, 53), air.axes().stream().map(axis -> axis.length()).toList());
        assertEquals(List.of("air"), air.variables().stream().map(variable -> variable.name()).toList());
        assertEquals("degK", air.variables().get(0).attributes().get("units"));
        assertEquals("730 x 13 x 27", air.variables().get(0).attributes().get("zarr.chunks"));
    }
}
