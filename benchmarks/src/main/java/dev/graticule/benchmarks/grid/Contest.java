package dev.graticule.benchmarks.grid;

import dev.graticule.Engine;
import dev.graticule.Query;
import dev.graticule.zarr.ZarrTable;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Properties;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.duckdb.DuckDBResultSet;

/** The three that answer questions about the generated grid, open for one session. */
final class Contest implements AutoCloseable {
    private final Path folder;
    private final GridShape shape;
    private final int threads;
    private final BufferAllocator allocator = new RootAllocator();
    private final Engine engine = Engine.create();
    private final DuckDBConnection duck;

    /** @param folder that of all stores, with their Parquet copy */
    Contest(Path folder, GridShape shape, int threads) throws Exception {
        this.folder = folder;
        this.shape = shape;
        this.threads = threads;
        Properties properties = new Properties();
        properties.setProperty("threads", Integer.toString(threads));
        properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
        duck = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", properties);
        try (Statement statement = duck.createStatement()) {
            statement.execute("CREATE VIEW grid AS SELECT * FROM '" + ParquetCopy.file(folder) + "'");
        }
    }

    /** Makes a layout the one that the engine's table has. */
    void choose(Layout layout) {
        engine.register("grid", ZarrTable.open(layout.store(folder)));
    }

    /** The loops for a layout. */
    Floor floor(Layout layout) {
        return new Floor(layout.store(folder), layout, shape, threads);
    }

    Engine engine() {
        return engine;
    }

    String duckDbVersion() throws Exception {
        return duck.getMetaData().getDatabaseProductVersion();
    }

    /** What the engine says about the layout that was chosen. */
    double[][] askEngine(Question question) throws Exception {
        try (Query query = engine.query(question.sql()).threads(threads); ArrowReader reader = query.run()) {
            return read(question, reader);
        }
    }

    /** What DuckDB says about the Parquet copy. */
    double[][] askDuckDb(Question question) throws Exception {
        try (Statement statement = duck.createStatement();
                ResultSet result = statement.executeQuery(question.sql());
                ArrowReader reader = (ArrowReader) ((DuckDBResultSet) result).arrowExportStream(allocator, 1 << 16)) {
            return read(question, reader);
        }
    }

    private static double[][] read(Question question, ArrowReader reader) throws Exception {
        return question.isDrained() ? Answer.count(reader) : Answer.rows(reader, question.skipped());
    }

    @Override
    public void close() throws Exception {
        duck.close();
        engine.close();
        allocator.close();
    }
}
