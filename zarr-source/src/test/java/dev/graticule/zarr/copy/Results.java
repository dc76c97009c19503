package dev.graticule.zarr.copy;

import dev.graticule.Query;
import dev.graticule.batch.Values;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;

/** All rows of a query as plain objects; NaN is a NULL, as it is where a grid is read. */
final class Results {
    private Results() {
    }

    static List<List<Object>> of(Query query) {
        List<List<Object>> rows = new ArrayList<>();
        try (query; ArrowReader reader = query.run()) {
            while (reader.loadNextBatch()) {
                VectorSchemaRoot batch = reader.getVectorSchemaRoot();
                for (int row = 0; row < batch.getRowCount(); row++) {
                    List<Object> values = new ArrayList<>();
                    for (FieldVector vector : batch.getFieldVectors()) {
                        Object value = Values.of(vector).object(row);
                        boolean nan = value instanceof Float single && single.isNaN()
                                || value instanceof Double number && number.isNaN();
                        values.add(nan ? null : value);
                    }
                    rows.add(values);
                }
            }
            return rows;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
