package dev.graticule.cli;

import dev.graticule.Engine;
import dev.graticule.GraticuleException;
import dev.graticule.Query;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.arrow.vector.ipc.ArrowReader;

/** Runs scripts: results go to a stream in a format, everything about them to standard error. Used by one thread. */
final class Session {
    private final Engine engine;
    private final StandardStreams streams;
    private final Interruption interruption;
    private final boolean quiet;
    private final OutputStream out;
    private Supplier<TableLimits> limits;
    private OutputFormat format;
    private String target;
    private Progress progress;
    private int results;

    /**
     * @param out where results go; not closed
     * @param toTerminal whether that is the terminal: what is shown of a table then fits it, and the progress line makes way
     */
    Session(Engine engine, StandardStreams streams, Interruption interruption, boolean quiet, OutputStream out,
            boolean toTerminal,
            OutputFormat format) {
        this.engine = engine;
        this.streams = streams;
        this.interruption = interruption;
        this.quiet = quiet;
        this.out = toTerminal ? new TerminalStream(out) : out;
        TableLimits fixed = toTerminal ? TableLimits.of(streams) : TableLimits.NONE;
        this.limits = () -> fixed;
        this.format = format;
    }

    /** Chooses the format of the results to come. */
    void format(OutputFormat format) {
        this.format = format;
    }

    /** Has what is shown of a table fit what a terminal is then. */
    void limits(Supplier<TableLimits> limits) {
        this.limits = limits;
    }

    /** Has the last statement of a script written to a folder, as COPY ... TO would, and not shown; others give no rows then. */
    void copyLastTo(String target) {
        this.target = target;
    }

    /**
     * Runs the statements of a script one after the other, up to the first that fails.
     *
     * @throws dev.graticule.GraticuleException of the statement that failed
     * @throws IOException where the result cannot be written
     */
    void run(String script) throws IOException {
        List<Query> queries = engine.queryAll(script);
        for (int i = 0; i < queries.size(); i++) {
            try (Query query = queries.get(i)) {
                run(query, target != null && i == queries.size() - 1);
            }
        }
    }

    private void run(Query query, boolean copied) throws IOException {
        long start = System.nanoTime();
        boolean shown = false;
        long count = 0;
        interruption.begin(query);
        if (!quiet && streams.errorIsTerminal()) {
            progress = new Progress(streams.error(), query::progress);
        }
        try {
            if (copied) {
                shown = true;
                count = query.copyTo(target, Map.of("format", format.word()));
            } else {
                try (ArrowReader rows = query.run()) {
                    shown = !rows.getVectorSchemaRoot().getSchema().getFields().isEmpty();
                    if (shown && (format.holdsOneResult() && results++ > 0 || format == OutputFormat.ZARR)) {
                        throw GraticuleException.binding(format == OutputFormat.ZARR
                                ? "A Zarr store holds one result: that of the last statement."
                                : (format == OutputFormat.ARROW ? "An Arrow" : "A Parquet")
                                        + " file holds one result, and this is the second.");
                    }
                    count = shown ? format.writer(out, limits.get()).write(rows) : drain(rows);
                    out.flush();
                }
            }
        } finally {
            interruption.end();
            endProgress();
            for (String notice : query.notices()) {
                streams.error().println("Notice: " + notice);
            }
        }
        if (!quiet && shown) {
            streams.error()
                    .println(Quantity.of(count, "row") + " (" + Quantity.seconds(System.nanoTime() - start) + ")");
        }
    }

    private void endProgress() {
        if (progress != null) {
            progress.close();
            progress = null;
        }
    }

    private static long drain(ArrowReader rows) throws IOException {
        long count = 0;
        while (rows.loadNextBatch()) {
            count += rows.getVectorSchemaRoot().getRowCount();
        }
        return count;
    }

    /** The terminal, which has no place for both rows and the progress line. */
    private final class TerminalStream extends FilterOutputStream {
        TerminalStream(OutputStream terminal) {
            super(terminal);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            endProgress();
            out.write(bytes, offset, length);
        }
    }
}
