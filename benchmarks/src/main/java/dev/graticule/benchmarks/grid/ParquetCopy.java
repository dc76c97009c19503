package dev.graticule.benchmarks.grid;

import dev.graticule.Engine;
import dev.graticule.Query;
import dev.graticule.zarr.ZarrTable;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.Statement;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.duckdb.DuckDBConnection;

/** The flattened table as Parquet, for DuckDB: written by DuckDB itself, Zstandard, in the order of time, latitude, longitude. */
final class ParquetCopy {
    private ParquetCopy() {
    }

    /** Where the copy is in the folder of all. */
    static Path file(Path folder) {
        return folder.resolve("grid.parquet");
    }

    /** Writes the table of a store, whose chunks are whole time steps. */
    static void write(Path store, Path file) throws Exception {
        try (BufferAllocator allocator = new RootAllocator();
                ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator);
                Engine engine = Engine.create();
                DuckDBConnection duck = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:")) {
            engine.register("grid", ZarrTable.open(store));
            try (Query query = engine.query("SELECT time, latitude, longitude, t2m, rh FROM grid");
                    Statement statement = duck.createStatement()) {
                query.export(stream.memoryAddress());
                duck.registerArrowStream("grid", stream);
                statement.execute("SET preserve_insertion_order = true");
                statement.execute("COPY grid TO '" + file + "' (FORMAT parquet, COMPRESSION zstd)");
            }
        }
    }
}
