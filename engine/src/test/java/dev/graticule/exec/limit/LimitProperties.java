package dev.graticule.exec.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graticule.batch.RandomColumns;
import dev.graticule.exec.BreakerHarness;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class LimitProperties {
    private static List<SqlType> types(Random random) {
        List<SqlType> types = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            types.add(RandomColumns.TYPES.get(random.nextInt(RandomColumns.TYPES.size())));
        }
        return types;
    }

    @Property(tries = 200)
    void aLimitIsAPieceOfTheRowsInOrder(@ForAll long seed) {
        Random random = new Random(seed);
        List<SqlType> types = types(random);
        try (BreakerHarness harness = new BreakerHarness(random, types, true)) {
            List<List<Object>> rows = harness.rows();
            long limit = random.nextInt(5) == 0 ? Long.MAX_VALUE : random.nextInt(400);
            int offset = random.nextInt(3) == 0 ? 0 : random.nextInt(300);
            int from = Math.min(offset, rows.size());
            int to = (int) Math.min(rows.size(), from + Math.min(limit, rows.size()));
            assertEquals(rows.subList(from, to),
                    harness.run(() -> new LimitBreaker(limit, offset, types), 1 + random.nextInt(3)));
        }
    }

    @Property(tries = 100)
    void threadsThatTakeMorselsAtTheSameTimeGiveTheSameRows(@ForAll long seed) {
        Random random = new Random(seed);
        List<SqlType> types = types(random);
        try (BreakerHarness harness = new BreakerHarness(random, types, true)) {
            List<List<Object>> rows = harness.rows();
            int limit = random.nextInt(300);
            int offset = random.nextInt(200);
            int from = Math.min(offset, rows.size());
            assertEquals(rows.subList(from, Math.min(rows.size(), from + limit)),
                    harness.runInThreads(() -> new LimitBreaker(limit, offset, types), 3));
        }
    }

    @Property(tries = 10)
    void noMemoryIsLeftBehindHoweverALimitEnds(@ForAll long seed) {
        Random random = new Random(seed);
        List<SqlType> types = types(random);
        try (BreakerHarness harness = new BreakerHarness(random, types, true, 100)) {
            harness.checkEarlyEnds(() -> new LimitBreaker(50, 20, types));
            harness.checkFailingAllocations(() -> new LimitBreaker(50, 20, types));
        }
    }
}
