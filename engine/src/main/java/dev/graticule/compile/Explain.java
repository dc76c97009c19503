package dev.graticule.compile;

import dev.graticule.batch.Batch;
import dev.graticule.exec.Breaker;
import dev.graticule.exec.Operator;
import dev.graticule.exec.Pipeline;
import dev.graticule.exec.QueryContext;
import dev.graticule.exec.QueryRun;
import dev.graticule.exec.Source;
import dev.graticule.exec.Stage;
import dev.graticule.exec.Worker;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.plan.PlanText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

/** EXPLAIN: the logical plan, and the pipelines that it is cut into, with what each scan will read. */
public final class Explain {
    private Explain() {
    }

    /** The text for a plan that is not run. Coordinates are read, chunks are not; frees the query's memory, but not its allocator. */
    public static String text(LogicalPlan plan, QueryContext query) {
        List<Pipeline> pipelines = new ArrayList<>();
        try (Worker worker = new Worker(0, query)) {
            new Compiler(worker, pipelines::add).run(plan, new Result(), false);
            StringBuilder text = heading(plan);
            for (int i = 0; i < pipelines.size(); i++) {
                Pipeline pipeline = pipelines.get(i);
                text.append(i + 1).append(". ").append(indented(pipeline.source().describe())).append('\n');
                for (Operator operator : pipeline.operators()) {
                    text.append("   -> ").append(operator.describe()).append('\n');
                }
                text.append("   -> ").append(pipeline.breaker().describe()).append('\n');
            }
            return text.toString();
        }
    }

    private static String indented(String text) {
        return text.replace("\n", "\n   ");
    }

    private static StringBuilder heading(LogicalPlan plan) {
        return new StringBuilder("Plan\n").append(PlanText.of(plan).indent(2)).append("Pipelines\n");
    }

    /**
     * Runs a plan, throws its rows away, and tells what was read and where the time went; frees the query's memory, but not its
     * allocator.
     */
    public static String analyze(LogicalPlan plan, QueryContext query, Semaphore permits) {
        List<Measured> measured = new ArrayList<>();
        Result result = new Result();
        long start = System.nanoTime();
        Compiler.run(plan, query, result, (pipeline, workers) -> {
            Measured run = new Measured(pipeline, query);
            measured.add(run);
            QueryRun.run(run.pipeline(), workers, permits);
            run.end();
        });
        StringBuilder text = heading(plan);
        for (int i = 0; i < measured.size(); i++) {
            text.append(i + 1).append(". ").append(indented(measured.get(i).text())).append('\n');
        }
        text.append(String.format(Locale.ROOT, "Total: %,d rows, %.1f ms; %,d bytes and %,d chunks read%n",
                result.rows.sum(),
                (System.nanoTime() - start) / 1e6, query.bytesRead().sum(), query.chunksRead().sum()));
        return text.toString();
    }

    /** The end of an explained query: counts rows. */
    private static final class Result implements Breaker {
        private final LongAdder rows = new LongAdder();

        @Override
        public Stage openInput(Worker worker) {
            return new Stage() {
                @Override
                public boolean push(Batch batch) {
                    rows.add(batch.selectedRows());
                    return true;
                }

                @Override
                public void finish() {
                    // Nothing is kept.
                }
            };
        }

        @Override
        public void complete(Worker worker) {
            // Nothing is kept.
        }

        @Override
        public Source output() {
            throw new UnsupportedOperationException("The result is the last breaker of a query");
        }

        @Override
        public String describe() {
            return "result";
        }
    }

    /** A pipeline whose every step counts its rows and its time, summed over workers. */
    private static final class Measured {
        private final Pipeline original;
        private final List<Step> steps = new ArrayList<>();
        private final QueryContext query;
        private final long bytesBefore;
        private final long chunksBefore;
        private final long start = System.nanoTime();
        private long end;
        private long bytes;
        private long chunks;

        Measured(Pipeline original, QueryContext query) {
            this.original = original;
            this.query = query;
            this.bytesBefore = query.bytesRead().sum();
            this.chunksBefore = query.chunksRead().sum();
        }

        Pipeline pipeline() {
            List<Operator> operators = new ArrayList<>();
            for (Operator operator : original.operators()) {
                operators.add(measured(operator));
            }
            Step last = new Step(original.breaker().describe());
            steps.add(last);
            return new Pipeline(original.source(), operators, new MeasuredBreaker(original.breaker(), last),
                    original.ordered(),
                    original.cautious());
        }

        private Operator measured(Operator operator) {
            Step step = new Step(operator.describe());
            steps.add(step);
            return new Operator() {
                @Override
                public Stage open(Worker worker, Stage downstream) {
                    return step.around(operator.open(worker, downstream));
                }

                @Override
                public String describe() {
                    return operator.describe();
                }
            };
        }

        void end() {
            end = System.nanoTime();
            bytes = query.bytesRead().sum() - bytesBefore;
            chunks = query.chunksRead().sum() - chunksBefore;
        }

        String text() {
            StringBuilder text = new StringBuilder(original.source().describe());
            text.append(String.format(Locale.ROOT, "  (%.1f ms%s)", (end - start) / 1e6,
                    bytes > 0 || chunks > 0
                            ? String.format(Locale.ROOT, "; %,d bytes and %,d chunks read", bytes, chunks) : ""));
            for (int i = 0; i < steps.size(); i++) {
                long inner = i + 1 < steps.size() ? steps.get(i + 1).nanoseconds.sum() : 0;
                text.append(String.format(Locale.ROOT, "%n-> %s  (%,d rows in, %.1f ms)", steps.get(i).name,
                        steps.get(i).rows.sum(),
                        (steps.get(i).nanoseconds.sum() - inner) / 1e6));
            }
            return text.toString();
        }
    }

    private static final class Step {
        private final String name;
        private final LongAdder rows = new LongAdder();
        private final LongAdder nanoseconds = new LongAdder();

        Step(String name) {
            this.name = name;
        }

        Stage around(Stage stage) {
            return new Stage() {
                @Override
                public boolean push(Batch batch) {
                    long began = System.nanoTime();
                    rows.add(batch.selectedRows());
                    try {
                        return stage.push(batch);
                    } finally {
                        nanoseconds.add(System.nanoTime() - began);
                    }
                }

                @Override
                public void finish() {
                    long began = System.nanoTime();
                    stage.finish();
                    nanoseconds.add(System.nanoTime() - began);
                }
            };
        }
    }

    private record MeasuredBreaker(Breaker breaker, Step step) implements Breaker {
        @Override
        public Stage openInput(Worker worker) {
            return step.around(breaker.openInput(worker));
        }

        @Override
        public void finishMorsel(long ordinal) {
            breaker.finishMorsel(ordinal);
        }

        @Override
        public boolean isSatisfied() {
            return breaker.isSatisfied();
        }

        @Override
        public void complete(Worker worker) {
            breaker.complete(worker);
        }

        @Override
        public Source output() {
            return breaker.output();
        }

        @Override
        public String describe() {
            return breaker.describe();
        }
    }
}
