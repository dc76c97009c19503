package dev.graticule.benchmarks;

import dev.graticule.Engine;
import dev.graticule.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * COPY to Parquet, and a scan of Parquet, against DuckDB's in one process: the same statements over the same files, the two in turn, on
 * as many threads as there are cores.
 */
public final class CompareCopy {
    private static final int ROWS = 10_000_000;
    private static final int WARM_UP = 2;
    private static final int ROUNDS = 5;

    private CompareCopy() {
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("copy");
        Path source = folder.resolve("source.parquet");
        Path ours = folder.resolve("ours.parquet");
        Path theirs = folder.resolve("theirs.parquet");
        try (Engine engine = Engine.create(); Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
            run(duck,
                    "COPY (SELECT range AS n, sin(range) * 1000 AS x, (range % 97)::INTEGER AS k, 'station ' || (range % 1000)"
                            + " AS name FROM range(" + ROWS + ")) TO '" + source + "' (COMPRESSION uncompressed)");
            String copy = "COPY (SELECT * FROM '" + source + "') TO '%s' (FORMAT parquet, COMPRESSION zstd)";
            compare("COPY, zstd", engine, duck, copy.formatted(ours), copy.formatted(theirs));
            String scan = "SELECT sum(n), sum(x), min(k), max(k) FROM '" + source + "'";
            compare("scan of 3 columns", engine, duck, scan, scan);
            System.out.printf("bytes written: %,d and %,d%n", Files.size(ours), Files.size(theirs));
        } finally {
            for (Path file : new Path[]{source, ours, theirs, folder}) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void compare(String what, Engine engine, Connection duck, String ours, String theirs)
            throws IOException, SQLException {
        double[] here = new double[ROUNDS];
        double[] there = new double[ROUNDS];
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            long start = System.nanoTime();
            run(engine, ours);
            long middle = System.nanoTime();
            run(duck, theirs);
            long end = System.nanoTime();
            if (round >= 0) {
                here[round] = (middle - start) / 1e9;
                there[round] = (end - middle) / 1e9;
            }
        }
        Arrays.sort(here);
        Arrays.sort(there);
        System.out.printf("%s: %.2f s, DuckDB %.2f s, ratio %.2f%n", what, here[ROUNDS / 2], there[ROUNDS / 2],
                here[ROUNDS / 2] / there[ROUNDS / 2]);
    }

    private static void run(Engine engine, String sql) throws IOException {
        try (Query query = engine.query(sql); ArrowReader rows = query.run()) {
            while (rows.loadNextBatch()) {
                // The work is done by asking for it.
            }
        }
    }

    private static void run(Connection duck, String sql) throws SQLException {
        try (Statement statement = duck.createStatement()) {
            statement.execute(sql);
        }
    }
}
