package dev.graticule.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.DoubleSupplier;

/** A line on the terminal for what takes longer than a second; it is gone when the query is done. */
final class Progress implements AutoCloseable {
    private static final long PATIENCE = 1_000;
    private static final long STEP = 200;
    private static final int BAR = 30;

    private final PrintStream terminal;
    private final DoubleSupplier done;
    private final Thread thread;
    private final long start = System.nanoTime();
    private boolean drawn;
    private boolean closed;

    /** @param done the share that is done, from 0 to 1, or 0 where that is not known; asked from another thread */
    Progress(PrintStream terminal, DoubleSupplier done) {
        this.terminal = terminal;
        this.done = done;
        this.thread = Thread.ofPlatform().daemon().name("progress").start(this::run);
    }

    private synchronized void run() {
        try {
            wait(PATIENCE);
            while (!closed) {
                terminal.print("\r" + line(done.getAsDouble(), (System.nanoTime() - start) / 1e9) + "\u001b[K");
                terminal.flush();
                drawn = true;
                wait(STEP);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    static String line(double share, double seconds) {
        if (!(share > 0)) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        int full = (int) Math.round(Math.min(1, share) * BAR);
        return String.format(Locale.ROOT, "[%s%s] %3.0f %%  %.1f s", "█".repeat(full), "░".repeat(BAR - full),
                Math.min(1, share) * 100, seconds);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            notifyAll();
            if (drawn) {
                terminal.print("\r\u001b[K");
                terminal.flush();
            }
        }
    }
}
