package dev.graticule.exec.scan;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.IndexSet;
import dev.graticule.batch.Layout;
import dev.graticule.batch.Memory;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.RowArrays;
import dev.graticule.batch.Values;
import dev.graticule.exec.Operator;
import dev.graticule.exec.Stage;
import dev.graticule.exec.Worker;
import dev.graticule.plan.LogicalPlan.Fetch;
import dev.graticule.spi.Axis;
import dev.graticule.spi.GridReader;
import dev.graticule.spi.GridVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads variables of a grid for few rows whose cells are known: cell by cell, a chunk that several rows need once. */
public record FetchOperator(Fetch fetch) implements Operator {
    @Override
    public Stage open(Worker worker, Stage downstream) {
        return worker.own(new Fetching(worker, downstream));
    }

    @Override
    public String describe() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < fetch.sources().size(); i++) {
            if (fetch.sources().get(i) < 0) {
                names.add(fetch.output().get(i).name());
            }
        }
        return "fetch " + String.join(", ", names) + " of these rows";
    }

    private final class Fetching implements Stage, AutoCloseable {
        private final Worker worker;
        private final Stage downstream;
        private final GridReader reader = fetch.table().openReader();
        private final VariableReader[] variables = new VariableReader[fetch.columns().size()];
        private final long[][] indices = new long[fetch.table().axes().size()][];
        private long bytesCounted;
        private long chunksCounted;

        Fetching(Worker worker, Stage downstream) {
            this.worker = worker;
            this.downstream = downstream;
            ChunkCache cache = ChunkCache.of(worker.query());
            int[] lengths = fetch.table().axes().stream().mapToInt(Axis::length).toArray();
            for (int c = 0; c < variables.length; c++) {
                if (fetch.sources().get(c) < 0) {
                    int number = fetch.columns().get(c) - lengths.length;
                    GridVariable variable = fetch.table().variables().get(number);
                    variables[c] = new VariableReader(variable, cache.numberOf(fetch.table()), number, lengths, true,
                            reader, cache, worker, List.of());
                }
            }
        }

        @Override
        public boolean push(Batch batch) {
            for (int axis = 0; axis < indices.length; axis++) {
                indices[axis] = RowArrays.longs(batch.columns().get(fetch.firstIndex() + axis), batch.shape(),
                        batch.rows(), indices[axis]);
            }
            Column[] columns = new Column[variables.length];
            for (int c = 0; c < columns.length; c++) {
                int source = fetch.sources().get(c);
                columns[c] = source >= 0 ? batch.columns().get(source)
                        : read(variables[c], fetch.columns().get(c), batch);
            }
            return downstream.push(batch.withColumns(Arrays.asList(columns)));
        }

        private Column read(VariableReader variable, int number, Batch batch) {
            Values values = worker.scratch()
                    .values(fetch.table().variables().get(number - indices.length).stored(), batch.rows(), true);
            boolean nulls = false;
            for (int row = 0; row < batch.rows(); row++) {
                if (!batch.selection().contains(row)) {
                    continue;
                }
                worker.query().checkRunning();
                List<IndexSet> cell = new ArrayList<>(indices.length);
                for (long[] index : indices) {
                    cell.add(new IndexSet.Range(index[row], 1));
                }
                Column.Strided one = variable.read(new Box(cell));
                StridedCopy.copy(one.values(), Layout.strided(one.layout().offset(), 0), values, Layout.strided(row, 0),
                        new int[]{1});
                boolean valid = one.nulls() != NullForm.BITMAP || one.values().isValid(one.layout().offset());
                Memory.setBit(values.validity(), row, valid);
                nulls |= !valid;
                variable.endBatch();
            }
            count();
            return new Column.Strided(values, Layout.dense(batch.shape(), 0), nulls ? NullForm.BITMAP : NullForm.NONE);
        }

        private void count() {
            worker.query().bytesRead().add(reader.bytesRead() - bytesCounted);
            bytesCounted = reader.bytesRead();
            worker.query().chunksRead().add(reader.chunksRead() - chunksCounted);
            chunksCounted = reader.chunksRead();
        }

        @Override
        public void finish() {
            downstream.finish();
        }

        @Override
        public void close() {
            for (VariableReader variable : variables) {
                if (variable != null) {
                    variable.close();
                }
            }
            reader.close();
        }
    }
}
