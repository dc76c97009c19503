/**
 * What the Python package needs beyond the engine's own API: everything that crosses between the two passes through here, as
 * addresses of the Arrow C Data Interface and of NumPy's memory.
 *
 * <p>Interfaces are implemented in Python; their methods are called from the engine's threads, and what they throw fails the query.
 */
package dev.graticule.python;
