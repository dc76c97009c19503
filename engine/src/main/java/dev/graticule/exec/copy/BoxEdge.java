package dev.graticule.exec.copy;

import dev.graticule.batch.Batch;
import dev.graticule.exec.Breaker;
import dev.graticule.exec.Source;
import dev.graticule.exec.Stage;
import dev.graticule.exec.Worker;
import dev.graticule.spi.BoxSink;

/** Where boxes leave the engine for a COPY: each goes to the sink on the thread of the worker that made it. */
record BoxEdge(BoxSink sink) implements Breaker {
    @Override
    public Stage openInput(Worker worker) {
        return new Stage() {
            @Override
            public boolean push(Batch batch) {
                sink.write(batch);
                return true;
            }

            @Override
            public void finish() {
                // Every box was written when it came.
            }
        };
    }

    @Override
    public void finishMorsel(long ordinal) {
        sink.finishMorsel(ordinal);
    }

    @Override
    public void complete(Worker worker) {
        // Nothing is kept.
    }

    @Override
    public Source output() {
        throw new UnsupportedOperationException("Boxes go to the sink of a COPY");
    }

    @Override
    public String describe() {
        return "boxes to COPY";
    }
}
