package dev.graticule.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graticule.batch.Column;
import dev.graticule.batch.RandomColumns;
import dev.graticule.batch.Selection;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;

class KeyTableProperties {
    @Property(tries = 300)
    void rowsHaveOneNumberExactlyWhereTheirKeysAreEqual(@ForAll long seed) {
        Random random = new Random(seed);
        try (BufferAllocator allocator = new RootAllocator();
                RandomColumns columns = new RandomColumns(random, allocator)) {
            List<SqlType> types = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                types.add(RandomColumns.TYPES.get(random.nextInt(RandomColumns.TYPES.size())));
            }
            boolean few = random.nextInt(4) > 0;
            try (KeyTable table = new KeyTable(types, allocator)) {
                Map<List<Object>, Integer> expected = new HashMap<>();
                List<List<Object>> keysOf = new ArrayList<>();
                int[] codes = null;
                for (int batch = 0; batch < 4; batch++) {
                    int[] shape = columns.shape(600);
                    int rows = RandomColumns.rows(shape);
                    Selection selection = columns.selection(rows);
                    List<Column> keys = new ArrayList<>();
                    types.forEach(type -> keys.add(columns.column(type, shape, few)));
                    codes = table.codes(keys, shape, rows, selection, codes);
                    for (int row = 0; row < rows; row++) {
                        if (!selection.contains(row)) {
                            continue;
                        }
                        List<Object> key = new ArrayList<>();
                        for (Column column : keys) {
                            key.add(canonical(RandomColumns.object(column, shape, row)));
                        }
                        Integer code = expected.putIfAbsent(key, codes[row]);
                        assertEquals(code == null ? codes[row] : code, codes[row]);
                    }
                }
                assertEquals(expected.size(), table.size());
                for (int code = 0; code < table.size(); code++) {
                    keysOf.add(new ArrayList<>());
                }
                for (int key = 0; key < types.size(); key++) {
                    try (FieldVector vector = types.get(key).field("k", Map.of()).createVector(allocator)) {
                        table.write(key, null, 0, table.size(), vector);
                        List<Object> values = RandomColumns.objects(vector);
                        for (int code = 0; code < values.size(); code++) {
                            keysOf.get(code).add(values.get(code));
                        }
                    }
                }
                expected.forEach((key, code) -> assertEquals(key, keysOf.get(code)));
            }
        }
    }

    private static Object canonical(Object value) {
        return value instanceof Float f ? (Object) (f + 0.0f) : value instanceof Double d ? (Object) (d + 0.0) : value;
    }
}
