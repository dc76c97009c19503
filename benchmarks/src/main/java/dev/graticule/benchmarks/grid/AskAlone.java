package dev.graticule.benchmarks.grid;

import dev.graticule.Engine;
import dev.graticule.Query;
import dev.graticule.zarr.ZarrTable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * Runs one statement over one store in a process of its own, a few times, and prints what it took: the peak of its memory has nothing of
 * other statements. Arguments: the store, the statement, and how many times.
 */
public final class AskAlone {
    private static final long SAMPLE_MILLISECONDS = 1;

    private AskAlone() {
    }

    /**
     * What a process took.
     *
     * @param openSeconds until the table was known
     * @param firstSeconds of the first run, when nothing is compiled yet
     * @param lastSeconds of the last run
     * @param residentBytes the most that the process had in memory
     * @param buffersBytes the most off heap that the engine had, as far as samples saw
     */
    record Cost(double openSeconds, double firstSeconds, double lastSeconds, long residentBytes, long buffersBytes) {
        private static Cost parse(String line) {
            String[] words = line.split(" ");
            return new Cost(Double.parseDouble(words[0]), Double.parseDouble(words[1]), Double.parseDouble(words[2]),
                    Long.parseLong(words[3]), Long.parseLong(words[4]));
        }

        private String line() {
            return openSeconds + " " + firstSeconds + " " + lastSeconds + " " + residentBytes + " " + buffersBytes;
        }
    }

    /** Starts a process with the flags of this one. */
    static Cost measure(Path store, String sql, int times) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), AskAlone.class.getName(), store.toString(),
                sql, Integer.toString(times)));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("The process for " + sql + " failed: " + output);
        }
        return Cost.parse(output.lines().toList().getLast());
    }

    public static void main(String[] arguments) throws Exception {
        double[] seconds = new double[Integer.parseInt(arguments[2])];
        try (Engine engine = Engine.create()) {
            long start = System.nanoTime();
            engine.register("grid", ZarrTable.open(Path.of(arguments[0])));
            double open = (System.nanoTime() - start) / 1e9;
            AtomicBoolean done = new AtomicBoolean();
            long[] most = new long[1];
            Thread sampler = Thread.ofPlatform().start(() -> sample(engine, done, most));
            for (int i = 0; i < seconds.length; i++) {
                start = System.nanoTime();
                try (Query query = engine.query(arguments[1]); ArrowReader reader = query.run()) {
                    Answer.count(reader);
                }
                seconds[i] = (System.nanoTime() - start) / 1e9;
            }
            done.set(true);
            sampler.join();
            System.out.println(new Cost(open, seconds[0], Arrays.stream(seconds).skip(seconds.length - 1L).sum(),
                    resident(), most[0]).line());
        }
    }

    private static void sample(Engine engine, AtomicBoolean done, long[] most) {
        while (!done.get()) {
            most[0] = Math.max(most[0], engine.allocatedBytes());
            try {
                Thread.sleep(SAMPLE_MILLISECONDS);
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static long resident() throws IOException {
        String kilobytes = Machine.proc("/proc/self/status", "VmHWM", "0 kB");
        return Long.parseLong(kilobytes.split(" ")[0]) * 1024;
    }
}
