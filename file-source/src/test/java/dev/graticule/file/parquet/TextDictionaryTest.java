package dev.graticule.file.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graticule.Engine;
import dev.graticule.Query;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts that are written with a dictionary are read as they were: few, many, long and empty ones, and NULL. */
final class TextDictionaryTest {
    @TempDir
    private Path folder;

    private static List<Object> values(Engine engine, String sql) throws Exception {
        List<Object> values = new ArrayList<>();
        try (Query query = engine.query(sql); ArrowReader rows = query.run()) {
            while (rows.loadNextBatch()) {
                FieldVector first = rows.getVectorSchemaRoot().getVector(0);
                IntStream.range(0, first.getValueCount())
                        .forEach(row -> values.add(first.isNull(row) ? "NULL" : first.getObject(row).toString()));
            }
        }
        return values;
    }

    private void roundTrip(int different, int length) throws Exception {
        Path csv = folder.resolve("t.csv");
        StringBuilder lines = new StringBuilder("n,t\n");
        for (int row = 0; row < 60_000; row++) {
            int which = row * 31 % different;
            lines.append(row).append(',')
                    .append(which == 0 ? "" : which == 1 ? "\"\"" : "t" + "é".repeat(which % length) + which)
                    .append('\n');
        }
        Files.writeString(csv, lines, StandardCharsets.UTF_8);
        try (Engine engine = Engine.create()) {
            Path parquet = folder.resolve("t.parquet");
            values(engine, "COPY (SELECT * FROM '" + csv + "') TO '" + parquet + "'");
            List<Object> expected = values(engine, "SELECT t FROM '" + csv + "' ORDER BY n");
            assertEquals(60_000, expected.size());
            assertEquals(expected, values(engine, "SELECT t FROM '" + parquet + "' ORDER BY n"));
        }
    }

    @Test
    void few_texts_come_back() throws Exception {
        roundTrip(7, 3);
    }

    @Test
    void more_texts_than_the_table_begins_with_come_back() throws Exception {
        roundTrip(5_000, 40);
    }

    @Test
    void texts_that_are_too_many_for_a_dictionary_come_back() throws Exception {
        roundTrip(50_000, 60);
    }
}
