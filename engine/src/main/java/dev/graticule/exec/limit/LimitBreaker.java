package dev.graticule.exec.limit;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.Selection;
import dev.graticule.exec.Breaker;
import dev.graticule.exec.Morsel;
import dev.graticule.exec.Source;
import dev.graticule.exec.Stage;
import dev.graticule.exec.Worker;
import dev.graticule.exec.rows.RowStore;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * LIMIT and OFFSET inside a query: the rows {@code [offset, offset + limit)} in the order of (ordinal, row), whoever delivers them.
 *
 * <p>Morsels whose ordinals follow each other from 0 and are complete form a prefix; once that holds enough rows, nothing more is read.
 */
public final class LimitBreaker implements Breaker {
    private final long offset;
    /** How many rows are wanted from the beginning, those of the offset included. */
    private final long end;
    private final List<SqlType> types;

    private final TreeMap<Long, Segment> segments = new TreeMap<>();
    /** Morsels below this ordinal are complete, and have {@code prefixRows} rows together. */
    private long prefix;
    private long prefixRows;
    private volatile boolean satisfied;
    private List<Piece> pieces = List.of();

    /** A limit of rows with columns of these types; {@code limit} is {@link Long#MAX_VALUE} where there is none. */
    public LimitBreaker(long limit, long offset, List<SqlType> types) {
        this.offset = offset;
        this.end = limit > Long.MAX_VALUE - offset ? Long.MAX_VALUE : offset + limit;
        this.types = List.copyOf(types);
        this.satisfied = limit == 0;
    }

    /** What came of one morsel: rows that only the offset needs are counted and not kept. */
    private static final class Segment {
        private final RowStore store;
        private final long start;
        private long skipped;
        private long kept;
        private boolean complete;

        Segment(RowStore store) {
            this.store = store;
            this.start = store == null ? 0 : store.size();
        }

        long rows() {
            return skipped + kept;
        }
    }

    private record Piece(RowStore store, int chunk, int from, int count) {
    }

    @Override
    public Stage openInput(Worker worker) {
        return new Input(worker.own(new RowStore(types, worker.allocator())));
    }

    private final class Input implements Stage {
        private final RowStore store;
        private long ordinal = -1;
        private Segment segment;
        /** How many more rows of this morsel can matter. */
        private long wanted;
        /** How many of its next rows are known to fall into the offset. */
        private long skip;

        Input(RowStore store) {
            this.store = store;
        }

        @Override
        public boolean push(Batch batch) {
            if (satisfied) {
                return false;
            }
            if (batch.ordinal() != ordinal) {
                begin(batch.ordinal());
            }
            int selected = batch.selectedRows();
            int skipped = (int) Long.min(skip, selected);
            int kept = (int) Long.min(wanted, selected) - skipped;
            if (kept > 0) {
                store.append(batch.withSelection(part(batch, skipped, skipped + kept)));
            }
            skip -= skipped;
            wanted -= skipped + kept;
            synchronized (LimitBreaker.this) {
                segment.skipped += skipped;
                segment.kept += kept;
            }
            return wanted > 0;
        }

        private void begin(long next) {
            ordinal = next;
            synchronized (LimitBreaker.this) {
                segment = new Segment(store);
                segments.put(ordinal, segment);
                wanted = end - prefixRows;
                skip = ordinal == prefix ? Long.max(0, offset - prefixRows) : 0;
            }
        }

        @Override
        public void finish() {
        }
    }

    /** The selected rows of a batch from number {@code from} to before {@code to}. */
    private static Selection part(Batch batch, int from, int to) {
        if (from == 0 && to == batch.selectedRows()) {
            return batch.selection();
        }
        long[] words = new long[batch.rows() + 63 >>> 6];
        int number = 0;
        for (int row = 0; row < batch.rows() && number < to; row++) {
            if (batch.selection().contains(row)) {
                if (number >= from) {
                    words[row >>> 6] |= 1L << row;
                }
                number++;
            }
        }
        return new Selection.Bitmap(words, to - from);
    }

    @Override
    public synchronized void finishMorsel(long ordinal) {
        Segment finished = segments.computeIfAbsent(ordinal, _ -> new Segment(null));
        finished.complete = true;
        for (Segment next = segments.get(prefix); next != null && next.complete; next = segments.get(prefix)) {
            prefixRows += next.rows();
            if (next.rows() == 0) {
                segments.remove(prefix);
            }
            prefix++;
        }
        if (prefixRows >= end) {
            satisfied = true;
        }
    }

    @Override
    public boolean isSatisfied() {
        return satisfied;
    }

    @Override
    public synchronized void complete(Worker worker) {
        List<Piece> found = new ArrayList<>();
        long before = 0;
        for (Segment segment : segments.values()) {
            long from = segment.start + Long.max(0, offset - before - segment.skipped);
            long to = segment.start + Long.min(segment.kept, end - before - segment.skipped);
            before += segment.rows();
            for (long row = from; row < to;) {
                int chunk = (int) (row / RowStore.CHUNK);
                int inside = (int) (row % RowStore.CHUNK);
                int count = (int) Long.min(to - row, segment.store.rows(chunk) - inside);
                found.add(new Piece(segment.store, chunk, inside, count));
                row += count;
            }
            if (before >= end) {
                break;
            }
        }
        pieces = found;
    }

    @Override
    public Source output() {
        return new Source() {
            private final AtomicInteger next = new AtomicInteger();

            @Override
            public Morsel next() {
                int number = next.getAndIncrement();
                return number < pieces.size() ? new PieceMorsel(number, pieces.get(number)) : null;
            }

            @Override
            public String describe() {
                return "limited rows";
            }
        };
    }

    private record PieceMorsel(long ordinal, Piece piece) implements Morsel {
        @Override
        public void run(Worker worker, Stage stage) {
            Batch whole = piece.store.batch(piece.chunk, ordinal);
            int[] start = {piece.from};
            int[] length = {piece.count};
            List<Column> columns = whole.columns().stream().map(column -> column.slice(start, length)).toList();
            worker.scratch().mark();
            try {
                stage.push(new Batch(Box.rows(piece.from, piece.count), length, piece.count, ordinal, columns,
                        Selection.ALL));
            } finally {
                worker.scratch().release();
            }
        }
    }

    @Override
    public String describe() {
        return "Limit " + (end == Long.MAX_VALUE ? "" : "to " + (end - offset) + " rows")
                + (offset > 0 ? " after " + offset : "");
    }
}
