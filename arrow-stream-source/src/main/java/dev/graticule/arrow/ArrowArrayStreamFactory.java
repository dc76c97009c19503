package dev.graticule.arrow;

/** Exports a stream of the Arrow C Data Interface anew; called by every query, from any thread. */
@FunctionalInterface
public interface ArrowArrayStreamFactory {
    /**
     * Fills in the {@code ArrowArrayStream} at an address; the query releases it, once, also where it stops early.
     *
     * @param address 40 bytes that hold a released stream, valid during the call: the query moves what was put there
     * @throws Exception where the producer fails: the query then fails with its message
     */
    void exportStream(long address) throws Exception;
}
