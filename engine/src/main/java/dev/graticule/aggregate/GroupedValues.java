package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.Selection;
import dev.graticule.batch.Values;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/**
 * The different arguments of each group: entries (group, arguments), numbered 0, 1, 2, ... in the order in which they are met.
 *
 * <p>Different arguments are numbered by themselves; an entry is a group and such a number. Off-heap; used by one thread at a time.
 */
final class GroupedValues implements AutoCloseable {
    private final List<SqlType> types;
    private final BufferAllocator allocator;
    private final KeyTable values;
    private final KeyTable pairs;
    private int[] codes;
    private int[] numbers;
    private long[] words = {};

    GroupedValues(List<SqlType> arguments, BufferAllocator allocator) {
        this.types = arguments;
        this.allocator = allocator;
        this.values = new KeyTable(arguments, allocator);
        this.pairs = new KeyTable(List.of(SqlType.BIGINT), allocator);
    }

    /** The different arguments, whatever their group. */
    KeyTable values() {
        return values;
    }

    /** How many entries there are. */
    int size() {
        return pairs.size();
    }

    int group(int entry) {
        return (int) (pairs.word(entry) >>> 32);
    }

    int value(int entry) {
        return (int) pairs.word(entry);
    }

    /** The numbers of the entries of rows, those of selected rows only; the array is filled anew by the next call. */
    int[] numbers(Batch batch, List<Column> arguments, int[] groups) {
        int rows = batch.rows();
        codes = values.codes(arguments, batch.shape(), rows, batch.selection(), codes);
        if (batch.selection() instanceof Selection.All) {
            return numbers(groups, codes, rows);
        }
        // Selected rows are moved together, looked up, and moved back.
        int[] rowsOf = new int[batch.selectedRows()];
        int[] groupsOf = new int[rowsOf.length];
        int[] codesOf = new int[rowsOf.length];
        int count = 0;
        for (int row = 0; row < rows; row++) {
            if (batch.selection().contains(row)) {
                rowsOf[count] = row;
                groupsOf[count] = groups[row];
                codesOf[count++] = codes[row];
            }
        }
        int[] found = numbers(groupsOf, codesOf, count);
        for (int i = count - 1; i >= 0; i--) {
            codes[rowsOf[i]] = found[i];
        }
        return codes;
    }

    /** The numbers of entries given by their groups and the numbers of their arguments. */
    int[] numbers(int[] groups, int[] values, int count) {
        if (words.length < count) {
            words = new long[count];
        }
        for (int i = 0; i < count; i++) {
            words[i] = (long) groups[i] << 32 | values[i];
        }
        numbers = pairs.codesOfWords(words, count, numbers);
        return numbers;
    }

    /**
     * Takes over the arguments of other entries.
     *
     * @param theirs numbers of different arguments in {@code other}
     * @return their numbers among those here
     */
    int[] mergeValues(GroupedValues other, int[] theirs, int count) {
        codes = values.merge(other.values, theirs, count, codes);
        return codes;
    }

    /** What is done with some entries. */
    interface ChunkAction {
        /**
         * @param groups the group of each entry
         * @param batch the arguments of each entry, lent
         */
        void accept(int[] groups, Batch batch);
    }

    /** Lends entries given by their groups and the numbers of their arguments. */
    void lend(int[] groups, int[] valueNumbers, int count, long ordinal, ChunkAction action) {
        int[] shape = {count};
        List<FieldVector> vectors = new ArrayList<>();
        try {
            List<Column> columns = new ArrayList<>();
            for (int argument = 0; argument < types.size(); argument++) {
                FieldVector vector = types.get(argument).field("x", Map.of()).createVector(allocator);
                vectors.add(vector);
                values.write(argument, valueNumbers, 0, count, vector);
                columns.add(Column.dense(Values.of(vector), shape, 0));
            }
            action.accept(groups, new Batch(Box.rows(0, count), shape, count, ordinal, columns, Selection.ALL));
        } finally {
            vectors.forEach(FieldVector::close);
        }
    }

    /** A bit for each different first argument, of {@code bits} in all: whether it is not NULL. */
    long[] notNull(int bits) {
        long[] words = new long[bits >>> 6];
        int count = values.size();
        try (FieldVector vector = types.getFirst().field("x", Map.of()).createVector(allocator)) {
            values.write(0, null, 0, count, vector);
            for (int i = 0; i < count; i++) {
                if (!vector.isNull(i)) {
                    words[i >>> 6] |= 1L << i;
                }
            }
        }
        return words;
    }

    /** Writes an argument of entries (-1: NULL) into a vector of its type. */
    void write(int argument, int[] entries, FieldVector target) {
        int[] valueNumbers = new int[entries.length];
        for (int i = 0; i < entries.length; i++) {
            valueNumbers[i] = entries[i] < 0 ? -1 : value(entries[i]);
        }
        values.write(argument, valueNumbers, 0, entries.length, target);
    }

    @Override
    public void close() {
        values.close();
        pairs.close();
    }
}
