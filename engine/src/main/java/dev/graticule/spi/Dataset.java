package dev.graticule.spi;

import java.util.List;

/**
 * What a location holds: one table, or a schema of tables (SEMANTICS 5).
 *
 * @param name a short name for messages, such as {@code era5.zarr}
 * @param tables the tables; a nested group's have dotted names
 */
public record Dataset(String name, List<Table> tables) {
    public Dataset {
        tables = List.copyOf(tables);
    }
}
