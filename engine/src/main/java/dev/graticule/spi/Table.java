package dev.graticule.spi;

import java.util.List;

/**
 * Something that can stand in FROM. Opening one reads metadata only; it is immutable, thread-safe and used by many queries,
 * at once and one after the other.
 */
public sealed interface Table permits GriddedTable, RowTable {
    /** The name it has in its dataset, such as {@code time_latitude_longitude}. */
    String name();

    /** What was left out of the columns, and why, as sentences for DESCRIBE. */
    List<String> remarks();
}
