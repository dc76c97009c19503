package dev.graticule.exec.aggregate;

import dev.graticule.aggregate.AggregateCall;
import dev.graticule.aggregate.AggregateFunction;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.IndexSet;
import dev.graticule.exec.Breaker;
import dev.graticule.exec.Morsel;
import dev.graticule.exec.Source;
import dev.graticule.exec.Stage;
import dev.graticule.exec.Worker;
import dev.graticule.exec.scan.GridScanSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Dense groups that all workers share: cut along one component into stripes, each with a lock. A batch is cut where its groups
 * pass from one stripe to the next; a worker adds first to the stripes that nobody else is at.
 */
final class GridStripes implements Breaker {
    private static final int STRIPES_PER_WORKER = 8;

    private final GridKeys keys;
    private final List<AggregateCall> calls;
    private final AggregateFunction countRows;
    /** The component that is cut. */
    private final int cut;
    private final int count;
    private final List<Stripe> stripes = new ArrayList<>();

    private record Stripe(Box codes, GridAccumulation groups, ReentrantLock lock) {
    }

    /** The indices {@code [from, from + length)} of a batch's axis, whose groups are in one stripe. */
    private record Slice(int stripe, int from, int length) {
    }

    /** @param countRows as for {@link GridAccumulation} */
    GridStripes(GridScanSource scan, GridKeys keys, List<AggregateCall> calls, AggregateFunction countRows,
            int workers) {
        this.keys = keys;
        this.calls = calls;
        this.countRows = countRows;
        int wanted = STRIPES_PER_WORKER * workers;
        this.cut = componentToCut(scan, wanted);
        this.count = Integer.min(wanted, keys.components().get(cut).codes());
    }

    /** The first component with enough codes that keep together along its axis, else the one with the most codes. */
    private int componentToCut(GridScanSource scan, int wanted) {
        int most = 0;
        for (int c = 0; c < keys.components().size(); c++) {
            GridKeys.Component component = keys.components().get(c);
            if (component.codes() >= wanted
                    && changes(scan.selected(component.axis()), component, wanted) < 2 * wanted) {
                return c;
            }
            most = component.codes() > keys.components().get(most).codes() ? c : most;
        }
        return most;
    }

    private static int changes(IndexSet indices, GridKeys.Component component, int stripes) {
        int changes = 0;
        for (int i = 1; i < indices.size(); i++) {
            changes += stripe(component, indices.at(i), stripes) != stripe(component, indices.at(i - 1), stripes) ? 1
                    : 0;
        }
        return changes;
    }

    private static int stripe(GridKeys.Component component, long index, int stripes) {
        return (int) ((long) component.code(index) * stripes / component.codes());
    }

    @Override
    public synchronized Stage openInput(Worker worker) {
        if (stripes.isEmpty()) {
            int codes = keys.components().get(cut).codes();
            int from = 0;
            for (int s = 0; s < count; s++) {
                // The first code of the next stripe.
                int to = (int) (((long) (s + 1) * codes + count - 1) / count);
                List<IndexSet> sets = new ArrayList<>(keys.allCodes().axes());
                sets.set(cut, new IndexSet.Range(from, to - from));
                Box box = new Box(sets);
                stripes.add(new Stripe(box,
                        worker.own(new GridAccumulation(keys, null, calls, box, countRows, worker.allocator())),
                        new ReentrantLock()));
                from = to;
            }
        }
        return new Stage() {
            @Override
            public boolean push(Batch batch) {
                add(batch, worker);
                return true;
            }

            @Override
            public void finish() {
                // The groups are taken from outside when the input has ended.
            }
        };
    }

    private void add(Batch batch, Worker worker) {
        GridInput input = GridInput.of(batch, calls, worker);
        int axis = keys.components().get(cut).axis();
        List<Slice> slices = slices(batch.box().axes().get(axis));
        List<Slice> busy = new ArrayList<>();
        for (Slice slice : slices) {
            if (stripes.get(slice.stripe).lock.tryLock()) {
                addLocked(input, axis, slice);
            } else {
                busy.add(slice);
            }
        }
        for (Slice slice : busy) {
            stripes.get(slice.stripe).lock.lock();
            addLocked(input, axis, slice);
        }
    }

    /** Adds a slice of the input to its stripe, whose lock this thread holds, and gives the lock back. */
    private void addLocked(GridInput input, int axis, Slice slice) {
        Stripe stripe = stripes.get(slice.stripe);
        try {
            stripe.groups.add(input.slice(axis, slice.from, slice.length));
        } finally {
            stripe.lock.unlock();
        }
    }

    private List<Slice> slices(IndexSet indices) {
        GridKeys.Component component = keys.components().get(cut);
        List<Slice> slices = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= indices.size(); i++) {
            int stripe = stripe(component, indices.at(from), count);
            if (i == indices.size() || stripe(component, indices.at(i), count) != stripe) {
                slices.add(new Slice(stripe, from, i - from));
                from = i;
            }
        }
        return slices;
    }

    @Override
    public void complete(Worker worker) {
        // There is only one state of each group.
    }

    @Override
    public Source output() {
        AtomicLong next = new AtomicLong();
        // Stripes of the first component follow each other; others alternate, and are read by one worker.
        int morsels = cut == 0 ? stripes.size() : Integer.min(1, stripes.size());
        return new Source() {
            @Override
            public Morsel next() {
                long number = next.getAndIncrement();
                return number < morsels ? new Groups(number) : null;
            }

            @Override
            public String describe() {
                return "groups";
            }
        };
    }

    private final class Groups implements Morsel {
        private final long number;

        Groups(long number) {
            this.number = number;
        }

        @Override
        public long ordinal() {
            return number;
        }

        @Override
        public void run(Worker worker, Stage stage) {
            if (cut == 0) {
                stripes.get((int) number).groups.emit(worker, number, stage);
            } else {
                emitInOrder(worker, stage);
            }
        }

        private void emitInOrder(Worker worker, Stage stage) {
            int[] before = new int[cut];
            int outer = 0;
            boolean wanted = true;
            do {
                for (int s = 0; s < stripes.size() && wanted; s++) {
                    Stripe stripe = stripes.get(s);
                    List<IndexSet> sets = new ArrayList<>(stripe.codes.axes());
                    int groups = 1;
                    for (int c = 0; c < sets.size(); c++) {
                        if (c < cut) {
                            sets.set(c, new IndexSet.Range(before[c], 1));
                        } else {
                            groups *= sets.get(c).size();
                        }
                    }
                    wanted = stripe.groups.emit(new Box(sets), outer * groups, worker, number, stage);
                }
                outer++;
            } while (wanted && advance(before));
        }

        /** Counts on to the next codes of the components before the cut one; false after the last. */
        private boolean advance(int[] before) {
            for (int c = before.length - 1; c >= 0; c--) {
                if (++before[c] < keys.components().get(c).codes()) {
                    return true;
                }
                before[c] = 0;
            }
            return false;
        }
    }

    @Override
    public String describe() {
        return "group by on the grid, " + keys.groups() + " groups, shared by the workers in " + count + " stripes";
    }
}
