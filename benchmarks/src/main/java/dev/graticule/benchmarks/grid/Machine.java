package dev.graticule.benchmarks.grid;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import jdk.incubator.vector.FloatVector;

/** Says where, of what and how something was measured. */
final class Machine {
    private Machine() {
    }

    /** A paragraph of Markdown. */
    static String describe(String command, GridOptions options, String others)
            throws IOException, InterruptedException {
        return String.format(Locale.ROOT, """
                Command: `%s`

                Commit %s; %d hours; %d threads; %s, vectors of %d bits, %s of memory; JDK %s%s; load when it began %.2f.
                """, command, commit(), options.hours(), options.threads(),
                proc("/proc/cpuinfo", "model name", System.getProperty("os.arch")),
                FloatVector.SPECIES_PREFERRED.vectorBitSize(), proc("/proc/meminfo", "MemTotal", "unknown size"),
                Runtime.version(), others, ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    private static String commit() throws IOException, InterruptedException {
        Process git = new ProcessBuilder("git", "describe", "--always", "--dirty").redirectErrorStream(true).start();
        String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return git.waitFor() == 0 ? text : "unknown";
    }

    /** What the first line with a name says, where there is such a file. */
    static String proc(String file, String name, String otherwise) throws IOException {
        if (!Files.exists(Path.of(file))) {
            return otherwise;
        }
        return Files.readAllLines(Path.of(file)).stream().filter(line -> line.startsWith(name)).findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse(otherwise);
    }
}
