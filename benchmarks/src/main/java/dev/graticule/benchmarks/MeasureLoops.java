package dev.graticule.benchmarks;

import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs the JMH benchmarks of this module whose names a regular expression finds: the system property {@code include}, by default all.
 */
public final class MeasureLoops {
    private MeasureLoops() {
    }

    public static void main(String[] arguments) throws Exception {
        new Runner(new OptionsBuilder().include(System.getProperty("include", ".*")).build()).run();
    }
}
