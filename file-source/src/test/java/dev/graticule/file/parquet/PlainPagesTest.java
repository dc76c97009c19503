package dev.graticule.file.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.Engine;
import dev.graticule.Query;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers that nearly all differ are written without a dictionary: DuckDB reads them as they were, with NULLs, NaN and statistics. */
final class PlainPagesTest {
    private static final String[] COLUMNS = {"i", "l", "f", "d", "t", "rare", "half", "odd"};

    @TempDir
    private Path folder;

    private static String text(Statement duck, String sql) throws Exception {
        try (ResultSet rows = duck.executeQuery(sql)) {
            assertTrue(rows.next());
            return rows.getString(1);
        }
    }

    @Test
    void duckdb_reads_what_was_written() throws Exception {
        Path source = folder.resolve("source.parquet");
        Path written = folder.resolve("written.parquet");
        try (Engine engine = Engine.create(); Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement duck = connection.createStatement()) {
            duck.execute(
                    "COPY (SELECT (range * 7919 % 300007 - 150000)::INTEGER AS i, range * 104729 - 9999999999 AS l,"
                            + " CASE WHEN range % 50021 = 3 THEN 'nan'::FLOAT ELSE (sin(range) * 1e5)::FLOAT END AS f,"
                            + " CASE range % 90001 WHEN 1 THEN -0.0 WHEN 2 THEN 'infinity' ELSE cos(range) END AS d,"
                            + " make_timestamp(range * 1000003) AS t,"
                            + " CASE WHEN range % 1009 <> 5 THEN range + 0.5 END AS rare,"
                            + " CASE WHEN range < 140000 THEN range END AS half,"
                            + " CASE WHEN hash(range) % 3 = 0 THEN sin(range) END AS odd"
                            + " FROM range(300001)) TO '" + source + "'");
            try (Query query = engine.query("COPY (SELECT * FROM '" + source + "') TO '" + written
                    + "' (ROW_GROUP_SIZE 200000)"); ArrowReader rows = query.run()) {
                rows.loadNextBatch();
            }
            assertEquals("300001", text(duck, "SELECT count(*) FROM '" + written + "'"));
            assertEquals("0", text(duck, "SELECT count(*) FROM (SELECT * FROM '" + source
                    + "' EXCEPT ALL SELECT * FROM '" + written + "')"));
            for (String column : COLUMNS) {
                assertEquals("PLAIN",
                        text(duck, "SELECT any_value(encodings).replace('BIT_PACKED', '').replace('RLE', '')"
                                + ".replace(',', '').trim() FROM parquet_metadata('" + written
                                + "') WHERE path_in_schema = '"
                                + column + "'"),
                        column);
                assertEquals(text(duck, "SELECT count(*) - count(" + column + ") FROM '" + source + "'"),
                        text(duck, "SELECT sum(stats_null_count)::BIGINT FROM parquet_metadata('" + written
                                + "') WHERE path_in_schema = '" + column + "'"),
                        column);
                for (String where : new String[]{" = (SELECT min(%1$s) FROM '%2$s')",
                        " = (SELECT max(%1$s) FROM '%2$s')",
                        " > (SELECT median(%1$s) FROM '%2$s' WHERE %1$s::VARCHAR NOT IN ('nan', 'inf'))", " IS NULL"}) {
                    String filter = " WHERE " + column + where.formatted(column, source);
                    assertEquals(text(duck, "SELECT count(*) FROM '" + source + "'" + filter),
                            text(duck, "SELECT count(*) FROM '" + written + "'" + filter), filter);
                }
            }
        }
    }
}
