package dev.graticule.python;

import dev.graticule.spi.Dataset;

/** The Python variables that a query may name in FROM; implemented in Python. */
@FunctionalInterface
public interface NamedObjects {
    /** The variable of that name as a dataset, or {@code null} where there is none. */
    Dataset find(String name);
}
