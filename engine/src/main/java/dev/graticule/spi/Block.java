package dev.graticule.spi;

import dev.graticule.batch.Layout;
import dev.graticule.batch.Values;

/**
 * The stored values of one variable over one box, valid until it is closed.
 *
 * @param values values of the variable's stored type, little-endian; a validity bitmap only where the source has NULLs of its own
 * @param layout where the box's cells are, over the variable's own dimensions in their order: dense for C order, other strides
 *            for F order or a box inside a larger chunk, all 0 for a missing chunk (one value)
 * @param release gives the memory back; runs once
 */
public record Block(Values values, Layout layout, Runnable release) implements AutoCloseable {
    @Override
    public void close() {
        release.run();
    }
}
