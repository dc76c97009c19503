package dev.graticule.exec.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.Engine;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.Query;
import java.io.IOException;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hashed groups in a limit of memory: the query fails with a clear error, or gives all groups, and frees every byte. */
final class HashMemoryTest {
    private static final int ROWS = 200_000;

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
            "SELECT range, count(*), sum(range), avg(range / 2.0) FROM rows GROUP BY range ; 200000",
            "SELECT 'name of ' || CAST(range AS VARCHAR) AS name, count(*) FROM rows GROUP BY 1 ; 200000",
            "SELECT DISTINCT range, range % 7 FROM rows ; 200000",
            "SELECT DISTINCT range % 150000 FROM rows ; 150000",
            "SELECT count(DISTINCT range) FROM rows ; 1",
            "SELECT range % 3 AS k, count(DISTINCT range) FROM rows GROUP BY k ; 3",
            "SELECT range % 100000 AS k, count(DISTINCT range) FROM rows GROUP BY k ; 100000",
            "SELECT range % 3 AS k, mode(range), median(range) FROM rows GROUP BY k ; 3"})
    void whatDoesNotFitIsAnErrorThatNamesTheLimit(String template, int groups) throws IOException {
        String sql = template.replace("rows", "range(" + ROWS + ")");
        try (Engine engine = Engine.create()) {
            for (int threads = 1; threads <= 3; threads += 2) {
                for (long limit = 1 << 20; limit <= 4 << 20; limit *= 2) {
                    Query query = engine.query(sql).threads(threads).memoryLimit(limit);
                    GraticuleException failure = assertThrows(GraticuleException.class, () -> rows(query), sql);
                    assertEquals(ErrorKind.RESOURCE, failure.kind(), failure.getMessage());
                    assertTrue(failure.getMessage().contains("memory_limit"), failure.getMessage());
                    assertEquals(0, engine.allocatedBytes());
                }
                assertEquals(groups, rows(engine.query(sql).threads(threads).memoryLimit(1 << 28)));
                assertEquals(0, engine.allocatedBytes());
            }
        }
    }

    @Test
    void rowsThatArePutAsideAreAddedEarlierWhereMemoryIsShort() throws IOException {
        // Without that, 60 MB are too few.
        String groups = "SELECT range * 7919 % 400009 AS k FROM range(2000000) GROUP BY k";
        try (Engine engine = Engine.create()) {
            assertEquals(400_009, rows(engine.query(groups).threads(1).memoryLimit(58_000_000)));
            assertEquals(0, engine.allocatedBytes());
        }
    }

    private static long rows(Query query) throws IOException {
        long rows = 0;
        try (query; ArrowReader reader = query.run()) {
            while (reader.loadNextBatch()) {
                rows += reader.getVectorSchemaRoot().getRowCount();
            }
        }
        return rows;
    }
}
