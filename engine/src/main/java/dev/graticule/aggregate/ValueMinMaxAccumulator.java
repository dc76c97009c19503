package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.RowArrays;
import dev.graticule.batch.Values;
import dev.graticule.type.SqlType;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** MIN or MAX of strings, blobs and DECIMALs. */
final class ValueMinMaxAccumulator implements Accumulator {
    private final boolean greatest;
    private final GroupValues kept;
    private int groups;
    private int[] codes;

    ValueMinMaxAccumulator(SqlType type, boolean greatest, BufferAllocator allocator) {
        this.greatest = greatest;
        this.kept = new GroupValues(type, allocator);
    }

    @Override
    public void resize(int count) {
        kept.resize(count);
        groups = count;
    }

    @Override
    public void add(Batch batch, List<Column> arguments, GroupCodes groupCodes) {
        codes = groupCodes.perRow(batch.shape(), batch.rows(), codes);
        Column argument = arguments.getFirst();
        Values values = RowArrays.values(argument);
        int[] places = RowArrays.places(argument, batch.shape(), batch.rows(), null);
        LiveRows.forEach(LiveRows.live(batch, arguments), batch.rows(), row -> {
            int group = codes[row];
            if (!kept.isSet(group) || beats(kept.compare(group, values, places[row]))) {
                kept.set(group, values, places[row]);
            }
        });
    }

    private boolean beats(int comparison) {
        return greatest ? comparison < 0 : comparison > 0;
    }

    @Override
    public void merge(Accumulator other, int[] picked, int[] mapping, int count) {
        ValueMinMaxAccumulator from = (ValueMinMaxAccumulator) other;
        for (int i = 0; i < count; i++) {
            int group = picked == null ? i : picked[i];
            int to = mapping == null ? group : mapping[i];
            if (from.kept.isSet(group) && (!kept.isSet(to) || beats(kept.compare(to, from.kept, group)))) {
                kept.set(to, from.kept, group);
            }
        }
    }

    @Override
    public void write(int[] picked, int from, int count, FieldVector target) {
        for (int i = 0; i < count; i++) {
            kept.write(picked == null ? from + i : picked[from + i], target, i);
        }
    }

    @Override
    public void close() {
        kept.close();
    }
}
