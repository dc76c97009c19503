package dev.graticule.exec;

import java.util.List;

/** Closes several things, all of them whatever happens. */
final class Closing {
    private Closing() {
    }

    /** Closes in order; what the first failure was is thrown at the end, with the others in it. */
    static void all(List<? extends AutoCloseable> resources) {
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
