package dev.graticule.arrow;

/**
 * What an {@link org.apache.arrow.vector.ipc.ArrowReader} may implement to say that it loads every batch into other buffers than the
 * one before, and never writes to those again: workers then share them while the reader goes on, and results may keep them. Readers
 * of Arrow's own library are known to do so; the batches of others are copied where several workers want them.
 */
public interface GivesBuffersAway {
}
