package dev.graticule.exec.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.RandomColumns;
import dev.graticule.batch.Selection;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;

class RowStoreProperties {
    @Property(tries = 60)
    void aStoreGivesBackTheRowsInOrderAndByNumber(@ForAll long seed) {
        Random random = new Random(seed);
        try (BufferAllocator allocator = new RootAllocator();
                RandomColumns columns = new RandomColumns(random, allocator)) {
            List<SqlType> types = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                types.add(RandomColumns.TYPES.get(random.nextInt(RandomColumns.TYPES.size())));
            }
            List<List<Object>> expected = new ArrayList<>();
            types.forEach(type -> expected.add(new ArrayList<>()));
            try (RowStore store = new RowStore(types, allocator); RowStore second = new RowStore(types, allocator)) {
                fill(store, columns, random, expected);
                fill(second, columns, random, expected);
                assertTrue(store.bytes() > 0 || store.size() == 0);
                store.adopt(second);
                assertEquals(expected.getFirst().size(), store.size());
                List<Long> numbers = new ArrayList<>();
                for (int column = 0; column < types.size(); column++) {
                    List<Object> all = new ArrayList<>();
                    for (int chunk = 0; chunk < store.chunks(); chunk++) {
                        Batch batch = store.batch(chunk, chunk);
                        all.addAll(RandomColumns.objects(batch.columns().get(column), batch.shape(), batch.selection(),
                                0, batch.rows()));
                        for (int row = 0; column == 0 && row < batch.rows(); row++) {
                            numbers.add((long) chunk << 16 | row);
                        }
                    }
                    assertEquals(expected.get(column), all);
                }
                if (store.size() > 0) {
                    int count = random.nextInt(200);
                    long[] picked = new long[count];
                    int[] index = new int[count];
                    for (int i = 0; i < count; i++) {
                        index[i] = random.nextInt(numbers.size());
                        picked[i] = numbers.get(index[i]);
                    }
                    List<FieldVector> owned = new ArrayList<>();
                    Batch batch = store.gather(types.size(), picked, 0, count, 0, allocator, owned);
                    for (int column = 0; column < types.size(); column++) {
                        for (int i = 0; i < count; i++) {
                            assertEquals(expected.get(column).get(index[i]),
                                    RandomColumns.object(batch.columns().get(column), batch.shape(), i));
                        }
                    }
                    owned.forEach(FieldVector::close);
                }
            }
        }
    }

    private static void fill(RowStore store, RandomColumns columns, Random random, List<List<Object>> expected) {
        for (int n = random.nextInt(4); n > 0; n--) {
            int[] shape = columns.shape(random.nextInt(10) == 0 ? 90_000 : 500);
            int rows = RandomColumns.rows(shape);
            Selection selection = columns.selection(rows);
            List<Column> made = new ArrayList<>();
            for (int column = 0; column < store.types().size(); column++) {
                Column one = columns.column(store.types().get(column), shape, random.nextBoolean());
                made.add(one);
                expected.get(column).addAll(RandomColumns.objects(one, shape, selection, 0, rows));
            }
            store.append(new Batch(Box.rows(0, rows), shape, rows, 0, made, selection));
        }
    }
}
