package dev.graticule.consistency;

import java.util.List;

/**
 * A query in the engine's spelling and in DuckDB's.
 *
 * @param columns what it gives
 * @param ordered whether ORDER BY puts all rows that differ in order
 * @param storageOrdered whether its rows come in the table's storage order
 */
record QueryText(String engine, String duck, List<Sql> columns, boolean ordered, boolean storageOrdered) {
    @Override
    public String toString() {
        return "\n  " + engine + "\n    " + (engine.equals(duck) ? "" : "DuckDB: " + duck);
    }
}
