package dev.graticule.zarr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.spi.Dataset;
import dev.graticule.spi.GridVariable;
import dev.graticule.spi.GriddedTable;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The project's own stores: both versions and all codecs hold the same values. */
class DataStoresTest {
    private static Dataset store(String name) {
        return ZarrTable.open(Path.of(System.getProperty("graticule.data", "../data")).resolve(name + ".zarr"));
    }

    private static GriddedTable first(String name) {
        return (GriddedTable) store(name).tables().get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"era5_v2", "era5_v2_blosc", "era5_v3_blosc"})
    void theFourStoresOfInventedWeatherAreTheSame(String name) {
        GriddedTable expected = first("era5_v3");
        GriddedTable table = first(name);
        assertEquals(List.of("time_latitude_longitude", "latitude_longitude"),
                store(name).tables().stream().map(each -> each.name()).toList());
        assertEquals(expected.variables().stream().map(GridVariable::name).toList(),
                table.variables().stream().map(GridVariable::name).toList());
        for (String column : List.of("time", "latitude", "longitude", "t2m", "rh", "u10", "msl", "tcc", "lsm")) {
            assertEquals(Columns.read(expected, column), Columns.read(table, column), column);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"synthetic_v2", "synthetic_v2_blosc", "synthetic_v3_blosc"})
    void theFourSyntheticStoresAreTheSame(String name) {
        for (String column : List.of("time", "lat", "lon", "temperature", "humidity")) {
            assertEquals(Columns.read(first("synthetic_v3"), column), Columns.read(first(name), column), column);
        }
    }

    @Test
    void inventedWeatherHasTheMissingCellsAndTimesThatItsReadmeSays() {
        GriddedTable weather = first("era5_v3");
        assertEquals(117, Columns.read(weather, "t2m").stream().filter(Objects::isNull).count());
        assertEquals(1883, Columns.read(weather, "rh").stream().filter(Objects::isNull).count());
        assertEquals(209, Columns.read(weather, "tcc").stream().filter(Objects::isNull).count());
        assertEquals(LocalDateTime.of(2024, 2, 28, 0, 0).toEpochSecond(ZoneOffset.UTC) * 1_000_000L,
                Columns.read(weather, "time").get(0));
        assertTrue(weather.variables().stream().filter(GridVariable::listed)
                .noneMatch(variable -> variable.name().equals("lsm")));
    }
}
