package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.RowOrder;
import dev.graticule.batch.Selection;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/**
 * Any aggregate over different arguments only: keeps the set of (group, arguments), and aggregates it when results are written.
 *
 * <p>Different arguments are numbered. As long as groups times arguments are few the set is a bit for each of both, otherwise a hash table.
 * Where the result depends on the order of rows, each (group, arguments) stands for its first row by (ordinal, row).
 */
final class DistinctAccumulator implements Accumulator {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final int CHUNK = 1 << 14;
    /** The set may always have that many bits, and for each pair in it so many. */
    private static final long FREE_BITS = 1 << 23;
    private static final long BITS_PER_PAIR = 256;

    private final AggregateFunction function;
    private final BufferAllocator allocator;
    private final GroupedValues seen;
    private final boolean ordered;
    private final RowOrder order = new RowOrder();
    /** For each entry the number of its first row, where the order matters. */
    private final GrowableBuffer positions;
    private final EntriesByGroup byGroup;
    private final int[] entryGroups = new int[CHUNK];
    private final int[] entryValues = new int[CHUNK];
    private GrowableBuffer bits;
    private boolean hasBits;
    /** How many different arguments the bits of a group have room for. */
    private int stride = 64;
    private long pairs;
    private Accumulator results;
    /** The arguments that are not NULL, as bits; {@code null} before they are wanted. */
    private long[] counted;
    private int groups;
    private int[] codes;
    private int[] valueCodes;

    DistinctAccumulator(AggregateFunction function, List<SqlType> arguments, BufferAllocator allocator) {
        this.function = function;
        this.allocator = allocator;
        this.ordered = function.dependsOnOrder();
        this.seen = new GroupedValues(arguments, allocator);
        this.positions = new GrowableBuffer(allocator);
        this.byGroup = new EntriesByGroup(allocator);
        this.bits = new GrowableBuffer(allocator);
        this.hasBits = !ordered;
    }

    @Override
    public void resize(int count) {
        if (count != groups) {
            changed();
        }
        groups = count;
        fitBits(pairs);
    }

    private void changed() {
        counted = null;
        byGroup.close();
        if (results != null) {
            results.close();
            results = null;
        }
    }

    @Override
    public void add(Batch batch, List<Column> arguments, GroupCodes groupCodes) {
        changed();
        if (ordered) {
            codes = groupCodes.perRow(batch.shape(), batch.rows(), codes);
            addInOrder(batch, seen.numbers(batch, arguments, codes));
            return;
        }
        if (hasBits && groupCodes instanceof GroupCodes.Gridded grid && DistinctRuns.fit(batch, arguments)
                && addRuns(new DistinctRuns(batch, arguments, grid))) {
            return;
        }
        Cells cells = Cells.of(batch, arguments, groupCodes);
        int rows = cells.batch().rows();
        int[] shape = cells.batch().shape();
        Selection selection = cells.batch().selection();
        codes = cells.groups().perRow(shape, rows, codes);
        if (hasBits) {
            valueCodes = seen.values().codes(cells.arguments(), shape, rows, selection, valueCodes);
            fitBits(pairs);
        }
        if (!hasBits) {
            seen.numbers(cells.batch(), cells.arguments(), codes);
        } else if (selection instanceof Selection.Bitmap bitmap) {
            LiveRows.forEach(bitmap.words(), rows, row -> setBit(codes[row], valueCodes[row]));
        } else {
            for (int row = 0; row < rows; row++) {
                setBit(codes[row], valueCodes[row]);
            }
        }
    }

    /** Adds a batch whose arguments vary along few axes; false where the set has no bits any more. */
    private boolean addRuns(DistinctRuns runs) {
        valueCodes = seen.values().codes(runs.arguments(), runs.argumentShape(), runs.argumentCells(), runs.present(),
                valueCodes);
        fitBits(pairs + runs.pairs());
        if (hasBits) {
            pairs += runs.add(valueCodes, bits.segment(), stride);
        }
        return hasBits;
    }

    private void addInOrder(Batch batch, int[] numbers) {
        long first = order.first(batch);
        int known = (int) pairs;
        MemorySegment rows = room();
        LiveRows.forEach(batch.selection().words(batch.rows(), null), batch.rows(), row -> {
            long at = numbers[row] * 8L;
            if (numbers[row] >= known || rows.get(LONG, at) > first + row) {
                rows.set(LONG, at, Long.min(rows.get(LONG, at), first + row));
            }
        });
    }

    /** Room for the first rows of all entries; those of new ones are beyond every row. */
    private MemorySegment room() {
        MemorySegment rows = positions.ensure(Long.max(1, seen.size()) * 8);
        for (; pairs < seen.size(); pairs++) {
            rows.set(LONG, pairs * 8, Long.MAX_VALUE);
        }
        return rows;
    }

    private void setBit(int group, int value) {
        long bit = (long) group * stride + value;
        MemorySegment set = bits.segment();
        long word = set.get(LONG, bit >>> 6 << 3);
        if ((word >>> bit & 1) == 0) {
            set.set(LONG, bit >>> 6 << 3, word | 1L << bit);
            pairs++;
        }
    }

    /**
     * Makes room for a bit for each group and argument, or moves the set to the hash table where that would be too many.
     *
     * @param expected how many pairs there will be at least, as far as is known
     */
    private void fitBits(long expected) {
        if (!hasBits) {
            return;
        }
        int wanted = stride;
        while (wanted < seen.values().size()) {
            wanted *= 2;
        }
        long count = (long) groups * wanted;
        if (count > Long.max(FREE_BITS, expected * BITS_PER_PAIR)) {
            moveToEntries();
            return;
        }
        if (wanted == stride || pairs == 0) {
            stride = wanted;
            bits.ensure(count / 8);
            return;
        }
        GrowableBuffer wider = new GrowableBuffer(allocator);
        MemorySegment target = wider.ensure(count / 8);
        long bytes = stride / 8;
        long held = Long.min(groups, bits.segment().byteSize() / bytes);
        for (long group = 0; group < held; group++) {
            MemorySegment.copy(bits.segment(), group * bytes, target, group * (wanted / 8), bytes);
        }
        bits.close();
        bits = wider;
        stride = wanted;
    }

    private void moveToEntries() {
        long held = bits.segment().byteSize() * 8 / stride;
        int filled = 0;
        for (int group = 0; group < Long.min(groups, held); group++) {
            for (int word = 0; word < stride >>> 6; word++) {
                long at = ((long) group * stride >>> 6) + word;
                for (long left = bits.segment().get(LONG, at * 8); left != 0; left &= left - 1) {
                    if (filled == CHUNK) {
                        seen.numbers(entryGroups, entryValues, filled);
                        filled = 0;
                    }
                    entryGroups[filled] = group;
                    entryValues[filled++] = (word << 6) + Long.numberOfTrailingZeros(left);
                }
            }
        }
        seen.numbers(entryGroups, entryValues, filled);
        bits.close();
        hasBits = false;
    }

    private interface EntryAction {
        /** Takes some entries of {@code entryGroups} and {@code entryValues}; their first rows, where the order matters. */
        void take(int count, long[] firstRows);
    }

    /** Goes through the entries of groups {@code picked[i]} ({@code null}: {@code i}), with {@code mapping[i]} as their group. */
    private void forEachEntry(int[] picked, int[] mapping, int count, EntryAction action) {
        long[] firstRows = ordered ? new long[CHUNK] : null;
        int filled = 0;
        if (!hasBits && !byGroup.isBuilt()) {
            byGroup.build(groups, seen.size(), entry -> seen.group((int) entry));
            if (ordered) {
                byGroup.order(entry -> positions.segment().get(LONG, entry * 8));
            }
        }
        for (int i = 0; i < count; i++) {
            int group = picked == null ? i : picked[i];
            int to = mapping == null ? group : mapping[i];
            long at = hasBits ? 0 : byGroup.start(group);
            long end = hasBits ? stride : byGroup.end(group);
            for (; at < end; at++) {
                int value = (int) at;
                if (hasBits) {
                    long bit = (long) group * stride + at;
                    long word = bits.segment().get(LONG, bit >>> 6 << 3) >>> bit;
                    if (word == 0) {
                        at |= 63;
                        continue;
                    }
                    if ((word & 1) == 0) {
                        at += Long.numberOfTrailingZeros(word) - 1;
                        continue;
                    }
                } else {
                    int entry = (int) byGroup.entry(at);
                    value = seen.value(entry);
                    if (ordered) {
                        firstRows[filled] = positions.segment().get(LONG, entry * 8L);
                    }
                }
                entryGroups[filled] = to;
                entryValues[filled++] = value;
                if (filled == CHUNK) {
                    action.take(filled, firstRows);
                    filled = 0;
                }
            }
        }
        if (filled > 0) {
            action.take(filled, firstRows);
        }
    }

    @Override
    public void merge(Accumulator other, int[] picked, int[] mapping, int count) {
        changed();
        DistinctAccumulator from = (DistinctAccumulator) other;
        from.forEachEntry(picked, mapping, count, (taken, firstRows) -> {
            int[] values = seen.mergeValues(from.seen, from.entryValues, taken);
            fitBits(pairs);
            if (hasBits) {
                for (int i = 0; i < taken; i++) {
                    setBit(from.entryGroups[i], values[i]);
                }
                return;
            }
            int[] numbers = seen.numbers(from.entryGroups, values, taken);
            if (ordered) {
                MemorySegment rows = room();
                for (int i = 0; i < taken; i++) {
                    rows.set(LONG, numbers[i] * 8L, Long.min(rows.get(LONG, numbers[i] * 8L), firstRows[i]));
                }
            }
        });
    }

    @Override
    public void write(int[] picked, int from, int count, FieldVector target) {
        if (hasBits && function.name().equals("count")) {
            writeCounts(picked, from, count, target);
            return;
        }
        if (results == null) {
            results = function.openAccumulator(allocator);
            results.resize(groups);
            long[] ordinal = {0};
            // Entries of a group come in the order of their first rows, where that matters, and so do ordinals.
            forEachEntry(null, null, groups, (taken, firstRows) -> seen.lend(entryGroups, entryValues, taken,
                    ordinal[0]++,
                    (groupsOf, batch) -> results.add(batch, batch.columns(), new GroupCodes.PerRow(groupsOf))));
        }
        results.write(picked, from, count, target);
    }

    /** The numbers of bits of groups, without that of NULL. */
    private void writeCounts(int[] picked, int from, int count, FieldVector target) {
        if (counted == null) {
            counted = seen.notNull(stride);
        }
        for (int i = 0; i < count; i++) {
            long first = (long) (picked == null ? from + i : picked[from + i]) * stride >>> 3;
            long different = 0;
            for (int word = 0; word < counted.length; word++) {
                different += Long.bitCount(bits.segment().get(LONG, first + word * 8L) & counted[word]);
            }
            Results.writeLong(target, i, true, different);
        }
    }

    @Override
    public void follow(Accumulator before) {
        order.follow(((DistinctAccumulator) before).order);
    }

    @Override
    public void close() {
        changed();
        seen.close();
        positions.close();
        bits.close();
    }
}
