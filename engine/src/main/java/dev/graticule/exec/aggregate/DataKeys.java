package dev.graticule.exec.aggregate;

import dev.graticule.aggregate.Results;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.IndexSet;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.RowArrays;
import dev.graticule.batch.Selection;
import dev.graticule.exec.Worker;
import dev.graticule.expression.Expression;
import dev.graticule.kernel.Masks;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/**
 * The keys of a GROUP BY that vary along several axes, or with the data: combinations of their values are numbered as they are met in
 * batches, the same for all workers, up to a limit. Thread-safe; each worker codes its batches with a {@link Coder} of its own.
 */
final class DataKeys {
    /** Where there are more combinations, a hash table is as good. */
    private static final int MOST_CODES = 1 << 14;
    private static final int MOST_KEYS = 4;
    private static final int BITS_PER_KEY = 16;
    /** Up to so many codes in a batch are told apart by bitmaps, under which runs stay runs. */
    private static final int MOST_PARTS = 16;
    /** How many rows' codes a worker keeps to use them again where only other axes have moved on. */
    private static final int MOST_KEPT_ROWS = 1 << 22;

    private final List<Expression> keys;
    private final int[] keyNumbers;
    private final List<WordCodes> values = new ArrayList<>();
    private final WordCodes combinations;
    private final BitSet footprint;
    private volatile boolean overflowed;

    /**
     * @param keys over the columns of the batches
     * @param keyNumbers their numbers among all keys of the GROUP BY
     * @param footprint along which axes at least one of the keys varies
     * @param most how many combinations may be numbered
     */
    DataKeys(List<Expression> keys, int[] keyNumbers, BitSet footprint, long most) {
        this.keys = keys;
        this.footprint = footprint;
        this.keyNumbers = keyNumbers;
        int limit = (int) Long.min(most, MOST_CODES);
        keys.forEach(key -> values.add(new WordCodes(keys.size() == 1 ? limit : MOST_CODES)));
        this.combinations = keys.size() == 1 ? values.getFirst() : new WordCodes(limit);
    }

    /** Whether such keys can be numbered here: few, and each a BOOLEAN or a number of up to 64 bits. */
    static boolean canCode(List<Expression> keys) {
        return keys.size() <= MOST_KEYS && keys.stream().map(Expression::type)
                .allMatch(type -> type == SqlType.BOOLEAN || type.bytes() > 0 && type.bytes() <= 8);
    }

    /** How many combinations there can be; {@link Long#MAX_VALUE} where only the data can tell. */
    static long bound(List<Expression> keys) {
        return keys.stream().allMatch(key -> key.type() == SqlType.BOOLEAN) ? (long) Math.pow(3, keys.size())
                : Long.MAX_VALUE;
    }

    /** Whether there were more combinations than may be numbered: then nothing that was accumulated counts. */
    boolean overflowed() {
        return overflowed;
    }

    /** The combinations' codes in the order of their values, NULL last. */
    int[] order() {
        int size = combinations.size();
        Comparator<Integer> byValue = Comparator.comparingInt(code -> 0);
        for (int k = 0; k < keys.size(); k++) {
            int key = k;
            SqlType type = keys.get(k).type();
            WordCodes words = values.get(k);
            byValue = byValue.thenComparing(code -> valueCode(code, key), (a, b) -> compare(words, type, a, b));
        }
        return IntStream.range(0, size).boxed().sorted(byValue).mapToInt(Integer::intValue).toArray();
    }

    private static int compare(WordCodes words, SqlType type, int a, int b) {
        if (words.isNull(a) || words.isNull(b)) {
            return Boolean.compare(words.isNull(a), words.isNull(b));
        }
        long left = words.word(a);
        long right = words.word(b);
        return type.isFloating() ? Double.compare(Double.longBitsToDouble(left), Double.longBitsToDouble(right))
                : type.isUnsigned() ? Long.compareUnsigned(left, right) : Long.compare(left, right);
    }

    /** The code of one key's value in a combination. */
    private int valueCode(int code, int key) {
        return keys.size() == 1 ? code
                : (int) (combinations.word(code) >>> key * BITS_PER_KEY) & (1 << BITS_PER_KEY) - 1;
    }

    /** The number among all keys of data key {@code k}. */
    int keyNumber(int k) {
        return keyNumbers[k];
    }

    int count() {
        return keys.size();
    }

    /** A vector of the values that data key {@code k} has in the combinations of these codes; the caller closes it. */
    FieldVector openValues(int k, int[] codes, BufferAllocator allocator) {
        SqlType type = keys.get(k).type();
        FieldVector vector = type.field("key", Map.of()).createVector(allocator);
        try {
            vector.setInitialCapacity(codes.length);
            vector.allocateNew();
            for (int i = 0; i < codes.length; i++) {
                int code = valueCode(codes[i], k);
                long word = values.get(k).word(code);
                if (values.get(k).isNull(code)) {
                    Results.writeNull(vector, i);
                } else {
                    Results.writeNumber(vector, i, type.bytes(), type == SqlType.REAL
                            ? Float.floatToRawIntBits((float) Double.longBitsToDouble(word)) : word);
                }
            }
            vector.setValueCount(codes.length);
            return vector;
        } catch (Throwable failure) {
            vector.close();
            throw failure;
        }
    }

    /** The combinations that a batch's selected rows have. */
    sealed interface Coded {
        /** The same in memory of its own. */
        Coded copy();

        /** Few combinations: a bitmap for each. */
        record Parts(List<Part> parts) implements Coded {
            @Override
            public Parts copy() {
                return new Parts(parts.stream().map(part -> new Part(part.code,
                        new Selection.Bitmap(part.rows.words().clone(), part.rows.count()))).toList());
            }
        }

        /** The code of each row; undefined for rows that are not selected. */
        record Rows(int[] codes, int greatest) implements Coded {
            @Override
            public Rows copy() {
                return new Rows(codes.clone(), greatest);
            }
        }
    }

    /** The selected rows that have one combination. */
    record Part(int code, Selection.Bitmap rows) {
    }

    /** One worker's way from batches to codes. */
    final class Coder {
        private final List<WordCodes.Lookup> lookups;
        private final WordCodes.Lookup lookup;
        private int[] codes;
        private int[] others;
        private double[] doubles;
        private long[] longs;
        private final int[] batchOfCode = new int[MOST_CODES];
        private final int[] partOfCode = new int[MOST_CODES];
        private final int[] present = new int[MOST_PARTS];
        private int batches;
        /** What was coded before, by the indices of the axes of the footprint; {@code null} where keys vary along all axes. */
        private final Map<List<IndexSet>, Coded> kept = new HashMap<>();
        private int keptRows;

        Coder() {
            this.lookups = values.stream().map(words -> words.new Lookup()).toList();
            this.lookup = keys.size() == 1 ? lookups.getFirst() : combinations.new Lookup();
        }

        /** Numbers the rows of a batch; {@code null} where there are too many combinations. Bitmaps are the worker's temporaries. */
        Coded code(Batch batch, Worker worker) {
            if (!mayRepeat(batch)) {
                return codeAnew(batch, worker);
            }
            List<IndexSet> place = footprint.stream().mapToObj(axis -> batch.box().axes().get(axis)).toList();
            Coded known = kept.get(place);
            if (known == null) {
                known = codeAnew(batch, worker);
                if (known != null && keptRows + batch.rows() <= MOST_KEPT_ROWS) {
                    keptRows += batch.rows();
                    kept.put(place, known.copy());
                }
            }
            return known;
        }

        /** Whether batches at other indices of the axes outside the footprint have the same codes. */
        private boolean mayRepeat(Batch batch) {
            if (footprint.cardinality() == batch.shape().length || !(batch.selection() instanceof Selection.All)) {
                return false;
            }
            for (int axis = 0; axis < batch.shape().length; axis++) {
                if (!footprint.get(axis) && batch.shape()[axis] != 1
                        || footprint.get(axis) && batch.box().axes().get(axis) instanceof IndexSet.Listed) {
                    return false;
                }
            }
            return true;
        }

        private Coded codeAnew(Batch batch, Worker worker) {
            List<Column> columns = keys.stream().map(key -> worker.evaluator().evaluate(key, batch)).toList();
            Coded coded = keys.stream().allMatch(key -> key.type() == SqlType.BOOLEAN)
                    ? conditions(columns, batch, worker) : numbers(columns, batch, worker);
            if (coded == null) {
                overflowed = true;
            }
            return coded;
        }

        /** BOOLEAN keys: the selection is split by each, bit by bit. */
        private Coded conditions(List<Column> columns, Batch batch, Worker worker) {
            int rows = batch.rows();
            int words = Masks.words(rows);
            List<long[]> bits = new ArrayList<>();
            List<Long> combination = new ArrayList<>();
            bits.add(batch.selection().words(batch.rows(), null));
            combination.add(0L);
            for (int k = 0; k < columns.size(); k++) {
                long[] valid = RowArrays.live(columns.get(k), batch.shape(), rows, batch.selection(), null);
                long[] truth = truth(columns.get(k), batch, worker);
                List<long[]> split = new ArrayList<>();
                List<Long> splitCombination = new ArrayList<>();
                for (int p = 0; p < bits.size(); p++) {
                    for (int value = 0; value < 3; value++) {
                        long[] part = worker.scratch().words(rows);
                        long any = 0;
                        for (int w = 0; w < words; w++) {
                            long those = value == 2 ? ~valid[w] : value == 1 ? valid[w] & truth[w]
                                    : valid[w] & ~truth[w];
                            part[w] = bits.get(p)[w] & those;
                            any |= part[w];
                        }
                        if (any != 0) {
                            int code = value == 2 ? lookups.get(k).ofNull() : lookups.get(k).code(value);
                            if (code == WordCodes.TOO_MANY) {
                                return null;
                            }
                            split.add(part);
                            splitCombination.add(combination.get(p) | (long) code << k * BITS_PER_KEY);
                        }
                    }
                }
                bits = split;
                combination = splitCombination;
            }
            List<Part> parts = new ArrayList<>();
            for (int p = 0; p < bits.size(); p++) {
                int code = columns.size() == 1 ? combination.get(p).intValue() : lookup.code(combination.get(p));
                if (code == WordCodes.TOO_MANY) {
                    return null;
                }
                parts.add(part(code, bits.get(p), rows));
            }
            return new Coded.Parts(parts);
        }

        private static Part part(int code, long[] bits, int rows) {
            return new Part(code, new Selection.Bitmap(bits, Masks.count(bits, rows)));
        }

        private long[] truth(Column column, Batch batch, Worker worker) {
            int rows = batch.rows();
            long[] truth = worker.scratch().words(rows);
            if (column instanceof Column.Strided strided && strided.layout().isDense(batch.shape())) {
                Masks.fromBitmap(strided.values().data(), strided.layout().offset(), rows, truth);
                return truth;
            }
            Arrays.fill(truth, 0, Masks.words(rows), 0);
            longs = RowArrays.longs(column, batch.shape(), rows, longs);
            for (int row = 0; row < rows; row++) {
                truth[row >>> 6] |= longs[row] << row;
            }
            return truth;
        }

        private Coded numbers(List<Column> columns, Batch batch, Worker worker) {
            int rows = batch.rows();
            long[] selected = batch.selection().words(batch.rows(), null);
            codes = room(codes, rows);
            if (!numbers(columns.getFirst(), lookups.getFirst(), batch, selected, codes)) {
                return null;
            }
            if (columns.size() > 1 && !combine(columns, batch, selected)) {
                return null;
            }
            return split(selected, rows, worker);
        }

        private static int[] room(int[] array, int rows) {
            return array == null || array.length < rows ? new int[rows] : array;
        }

        /** Writes the codes of a key's values; false where they are too many. */
        private boolean numbers(Column column, WordCodes.Lookup words, Batch batch, long[] selected, int[] into) {
            int rows = batch.rows();
            boolean floating = column.type().isFloating();
            if (floating) {
                doubles = RowArrays.doubles(column, batch.shape(), rows, doubles);
            } else {
                longs = RowArrays.longs(column, batch.shape(), rows, longs);
            }
            boolean nanIsNull = column.nulls() == NullForm.NAN;
            long[] valid = nanIsNull ? selected
                    : RowArrays.live(column, batch.shape(), rows, batch.selection(), null);
            int ored = 0;
            for (int w = 0; w < Masks.words(rows); w++) {
                int first = w << 6;
                long live = valid[w];
                if (live == -1L) {
                    ored |= floating ? floating(words, nanIsNull, first, first + 64, into)
                            : whole(words, first, first + 64, into);
                } else {
                    for (long left = live; left != 0; left &= left - 1) {
                        int row = first + Long.numberOfTrailingZeros(left);
                        ored |= floating ? floating(words, nanIsNull, row, row + 1, into)
                                : whole(words, row, row + 1, into);
                    }
                    for (long left = selected[w] & ~live; left != 0; left &= left - 1) {
                        int code = words.ofNull();
                        into[first + Long.numberOfTrailingZeros(left)] = code;
                        ored |= code;
                    }
                }
                if (ored < 0) {
                    return false;
                }
            }
            return true;
        }

        private int floating(WordCodes.Lookup words, boolean nanIsNull, int from, int to, int[] into) {
            int ored = 0;
            for (int row = from; row < to; row++) {
                // -0.0 + 0.0 is 0.0, and doubleToLongBits knows one NaN.
                double value = doubles[row] + 0.0;
                int code = nanIsNull && value != value ? words.ofNull() : words.code(Double.doubleToLongBits(value));
                into[row] = code;
                ored |= code;
            }
            return ored;
        }

        private int whole(WordCodes.Lookup words, int from, int to, int[] into) {
            int ored = 0;
            for (int row = from; row < to; row++) {
                int code = words.code(longs[row]);
                into[row] = code;
                ored |= code;
            }
            return ored;
        }

        /** Makes the first key's codes those of combinations; false where they are too many. */
        private boolean combine(List<Column> columns, Batch batch, long[] selected) {
            int rows = batch.rows();
            long[] packed = new long[rows];
            for (int row = 0; row < rows; row++) {
                packed[row] = codes[row];
            }
            others = room(others, rows);
            for (int k = 1; k < columns.size(); k++) {
                if (!numbers(columns.get(k), lookups.get(k), batch, selected, others)) {
                    return false;
                }
                for (int row = 0; row < rows; row++) {
                    packed[row] |= (long) others[row] << k * BITS_PER_KEY;
                }
            }
            for (int w = 0; w < Masks.words(rows); w++) {
                for (long left = selected[w]; left != 0; left &= left - 1) {
                    int row = (w << 6) + Long.numberOfTrailingZeros(left);
                    codes[row] = lookup.code(packed[row]);
                    if (codes[row] == WordCodes.TOO_MANY) {
                        return false;
                    }
                }
            }
            return true;
        }

        /** Bitmaps where few codes are present, else the codes themselves. */
        private Coded split(long[] selected, int rows, Worker worker) {
            int all = combinations.size();
            int found = all;
            if (all <= MOST_PARTS) {
                for (int code = 0; code < all; code++) {
                    present[code] = code;
                    partOfCode[code] = code;
                }
            } else {
                found = findPresent(selected, rows);
                if (found > MOST_PARTS) {
                    return new Coded.Rows(codes, all - 1);
                }
            }
            long[][] bits = new long[found][];
            for (int p = 0; p < found; p++) {
                bits[p] = worker.scratch().words(rows);
            }
            long[] word = new long[MOST_PARTS];
            for (int w = 0; w < Masks.words(rows); w++) {
                int first = w << 6;
                if (selected[w] == -1L) {
                    for (int bit = 0; bit < 64; bit++) {
                        word[partOfCode[codes[first + bit]]] |= 1L << bit;
                    }
                } else {
                    for (long left = selected[w]; left != 0; left &= left - 1) {
                        int bit = Long.numberOfTrailingZeros(left);
                        word[partOfCode[codes[first + bit]]] |= 1L << bit;
                    }
                }
                for (int p = 0; p < found; p++) {
                    bits[p][w] = word[p];
                    word[p] = 0;
                }
            }
            List<Part> parts = new ArrayList<>();
            for (int p = 0; p < found; p++) {
                Part part = part(present[p], bits[p], rows);
                if (part.rows.count() > 0) {
                    parts.add(part);
                }
            }
            return new Coded.Parts(parts);
        }

        /** Lists the codes that selected rows have, and gives how many; what is listed is complete up to {@link #MOST_PARTS} only. */
        private int findPresent(long[] selected, int rows) {
            int now = ++batches;
            int found = 0;
            for (int w = 0; w < Masks.words(rows); w++) {
                for (long left = selected[w]; left != 0; left &= left - 1) {
                    int code = codes[(w << 6) + Long.numberOfTrailingZeros(left)];
                    if (batchOfCode[code] != now) {
                        if (found == MOST_PARTS) {
                            return found + 1;
                        }
                        batchOfCode[code] = now;
                        present[found] = code;
                        partOfCode[code] = found++;
                    }
                }
            }
            return found;
        }
    }
}
