package dev.graticule.bind;

import dev.graticule.sql.QueryExpression.CommonTable;

/**
 * The tables of WITH that a place in a query sees: each one sees those before it.
 *
 * @param table the nearest
 * @param outer those before it; {@code null} for none
 */
record CommonTables(CommonTable table, CommonTables outer) {

    /** The common tables of that name, the nearest at its head; {@code null} where there is none. */
    static CommonTables find(CommonTables tables, String name) {
        for (CommonTables each = tables; each != null; each = each.outer) {
            if (each.table.name().name().equalsIgnoreCase(name)) {
                return each;
            }
        }
        return null;
    }
}
