package dev.graticule.spi;

import java.util.List;

/** Closes several things, all of them whatever happens. */
public final class Closing {
    private Closing() {
    }

    /**
     * Closes in order.
     *
     * @throws IllegalStateException at the end, with the first failure as its cause and the others suppressed
     */
    public static void all(List<? extends AutoCloseable> resources) {
        RuntimeException failure = null;
        for (AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (Exception problem) {
                if (failure == null) {
                    failure = new IllegalStateException("Closing a query's resource failed", problem);
                } else {
                    failure.addSuppressed(problem);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
