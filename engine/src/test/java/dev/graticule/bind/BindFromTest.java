package dev.graticule.bind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class BindFromTest {
    private static final String CHOICE = " holds 2 tables; this is time_latitude_longitude (t2m, rh; 24 rows). The others: latitude_longitude (lsm; 6 rows).";
    private final Binding binding = new Binding();

    @Test
    void theVariablesThatAQueryNamesDecideWhichTableIsMeant() {
        assertTrue(binding.text("SELECT lsm FROM era5").contains("[latitude 3 x longitude 2]"));
        assertTrue(binding.text("SELECT avg(t2m) FROM era5 WHERE lsm > 0.5")
                .contains("[time 4 x latitude 3 x longitude 2]"));
        assertEquals(List.of(), binding.notices());
    }

    @Test
    void aTableWithoutAnAxisThatTheQueryNamesIsNotMeant() {
        assertTrue(binding.text("SELECT time, latitude FROM era5 WHERE lsm > 0.5")
                .contains("[time 4 x latitude 3 x longitude 2]"));
        assertEquals(List.of("era5" + CHOICE), binding.notices());
        assertTrue(binding.text("SELECT latitude FROM era5 WHERE lsm > 0.5").contains("[latitude 3 x longitude 2]"));
        assertTrue(binding.text("SELECT lsm AS time FROM era5 ORDER BY time").contains("[latitude 3 x longitude 2]"));
        assertTrue(binding.text("SELECT lsm AS t2m FROM era5 ORDER BY t2m").contains("[latitude 3 x longitude 2]"));
    }

    @Test
    void aTildeIsTheHomeFolder() {
        assertEquals("x~/y", Formats.atHome("x~/y"));
        assertEquals("~x/y", Formats.atHome("~x/y"));
        assertTrue(Formats.atHome("~/x.zarr").matches("[^~].*/x\\.zarr"));
        assertFalse(Formats.atHome("~").startsWith("~"));
    }

    @Test
    void whereNoVariableDecidesItIsTheTableThatContainsTheOthers() {
        assertTrue(binding.text("SELECT count(*) FROM era5").contains("[time 4 x latitude 3 x longitude 2]"));
        assertEquals(List.of("era5" + CHOICE), binding.notices());
        assertEquals(List.of("'x/era5.test'" + CHOICE), binding.notices("SELECT * FROM 'x/era5.test'"));
        assertEquals(List.of("'x/era5.test'" + CHOICE), binding.notices("SELECT * FROM \"x/era5.test\""));
    }

    @Test
    void oneTableOfADatasetCanBeNamed() {
        assertEquals("latitude REAL, longitude DOUBLE, lsm REAL",
                binding.columns("SELECT * FROM era5.latitude_longitude"));
        assertEquals("latitude REAL, longitude DOUBLE, lsm REAL",
                binding.columns("SELECT * FROM read_test('era5.test', table => 'latitude_longitude')"));
        assertEquals("latitude_longitude.lsm REAL".substring("latitude_longitude.".length()),
                binding.columns("SELECT latitude_longitude.lsm FROM era5.latitude_longitude"));
    }

    @Test
    void pathsAreOpenedByTheFormatThatRecognizesThem() {
        assertEquals("t2m REAL", binding.columns("SELECT era5.t2m FROM 'x/era5.test'"));
        assertEquals("'x.nc' is NetCDF.", binding.failure("SELECT 1 FROM 'x.nc'").getMessage());
        binding.assertFails("SELECT 1 FROM 'x.csv'", "              ^^^^^^^",
                "Nothing here can read 'x.csv' (known formats: test).");
    }

    @Test
    void tableFunctionsTakeNamedArguments() {
        assertEquals("t2m REAL", binding.columns("SELECT t2m FROM read_test('era5.test', variables => ['t2m'])"));
        binding.assertFails("SELECT 1 FROM read_test('era5.test', variable => ['t2m'])",
                "              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^", "No option variable.");
        assertEquals("No table function named read_tes. Did you mean read_test?",
                binding.failure("SELECT 1 FROM read_tes('x')").getMessage());
    }

    @Test
    void aliasesRenameTablesAndColumns() {
        assertEquals("x INTEGER, b VARCHAR, c DOUBLE", binding.columns("SELECT u.* FROM t AS u(x)"));
        assertEquals("u has 3 columns, and 4 names are given.",
                binding.failure("SELECT 1 FROM t AS u(a, b, c, d)").getMessage());
    }

    @Test
    void viewsAreBoundWhereTheyAreUsed() {
        binding.statement("CREATE VIEW v(p, q) AS SELECT a, b FROM t WHERE a > 1");
        assertEquals("p INTEGER, q VARCHAR", binding.columns("SELECT * FROM v"));
        assertEquals("There is a view named v already. Write CREATE OR REPLACE, or DROP it first.",
                binding.failure("CREATE VIEW v AS SELECT 1").getMessage());
        binding.statement("CREATE OR REPLACE VIEW v AS SELECT z FROM (SELECT 1 AS z)");
        assertEquals("z INTEGER", binding.columns("FROM v"));
        assertEquals("v is a view: write DROP VIEW v.", binding.failure("DROP TABLE v").getMessage());
        binding.statement("DROP VIEW v");
        assertEquals("No table named v. Did you mean t?".substring(0, 17),
                binding.failure("SELECT 1 FROM v").getMessage().substring(0, 17));
    }

    @Test
    void aViewThatUsesItselfIsAnError() {
        binding.statement("CREATE VIEW v AS SELECT 1 AS x");
        binding.statement("CREATE OR REPLACE VIEW v AS SELECT x FROM v");
        assertEquals("View v uses itself.", binding.failure("SELECT x FROM v").getMessage());
    }

    @Test
    void nearestIsTheClosestCoordinateAndATieTheLargerOne() {
        assertTrue(binding.text("SELECT t2m FROM grid WHERE latitude = nearest(latitude, 40.13)")
                .contains("latitude = 40.1"));
        assertTrue(binding.text("SELECT t2m FROM grid WHERE longitude = nearest(longitude, 1.5)")
                .contains("longitude = 2.0"));
        assertTrue(binding.text("SELECT t2m FROM grid WHERE longitude = nearest(longitude, 9, 0.5)")
                .contains("longitude = NULL"));
        assertTrue(
                binding.text("SELECT t2m FROM grid WHERE time = nearest(time, '2020-01-01 23:10', INTERVAL 20 MINUTE)")
                        .contains("time = TIMESTAMP '2020-01-01 23:00"));
        binding.assertFails("SELECT t2m FROM grid WHERE t2m = nearest(t2m, 3)",
                "                                         ^^^",
                "t2m is not an axis of numbers or times of a table in FROM: nearest needs one.");
    }

    @Test
    void seriesAreTables() {
        assertEquals("range BIGINT", binding.columns("SELECT * FROM range(10)"));
        assertEquals("x BIGINT", binding.columns("SELECT * FROM generate_series(1, 10, 3) AS s(x)"));
    }
}
