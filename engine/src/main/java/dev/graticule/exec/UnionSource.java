package dev.graticule.exec;

import dev.graticule.batch.Batch;
import java.util.List;

/** UNION ALL: the morsels of its inputs, one input after the other. */
public final class UnionSource implements Source {
    private final List<Input> inputs;
    private int current;
    private long ordinal;

    /** An input: a source and the steps that its batches take before they are joined. */
    public record Input(Source source, List<Operator> operators) {
    }

    /** The morsels of these inputs, in this order. */
    public UnionSource(List<Input> inputs) {
        this.inputs = List.copyOf(inputs);
    }

    @Override
    public synchronized Morsel next() {
        while (current < inputs.size()) {
            Morsel morsel = inputs.get(current).source().next();
            if (morsel != null) {
                return new Renumbered(ordinal++, morsel, inputs.get(current).operators());
            }
            current++;
        }
        return null;
    }

    @Override
    public void end() {
        RuntimeException failure = null;
        for (Input input : inputs) {
            try {
                input.source().end();
            } catch (RuntimeException problem) {
                if (failure == null) {
                    failure = problem;
                } else {
                    failure.addSuppressed(problem);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private record Renumbered(long ordinal, Morsel morsel, List<Operator> operators) implements Morsel {
        @Override
        public void run(Worker worker, Stage downstream) {
            Stage stage = new Stage() {
                @Override
                public boolean push(Batch batch) {
                    return downstream.push(new Batch(batch.box(), batch.shape(), batch.rows(), ordinal, batch.columns(),
                            batch.selection()));
                }

                @Override
                public void finish() {
                    // Other morsels follow: the pipeline finishes what is downstream.
                }
            };
            for (Operator operator : operators.reversed()) {
                stage = operator.open(worker, stage);
            }
            morsel.run(worker, stage);
            stage.finish();
        }
    }

    @Override
    public String describe() {
        return "union of " + inputs.size();
    }
}
