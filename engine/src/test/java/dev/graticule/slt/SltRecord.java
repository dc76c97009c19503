package dev.graticule.slt;

import java.util.List;

/** One record of an {@code .slt} file. {@code line} is the line, from 1, on which it begins. */
public sealed interface SltRecord {
    int line();

    /** Comments and blank lines, kept as they are. */
    record Comment(int line, List<String> text) implements SltRecord {
    }

    /** {@code statement ok}: it must run. */
    record StatementOk(int line, String sql) implements SltRecord {
    }

    /** {@code statement error}: it must fail with exactly this message, written after {@code ----}. */
    record StatementError(int line, String sql, List<String> expected) implements SltRecord {
    }

    /**
     * {@code query TYPES [rowsort] [notices]}: its rows, one a line, values separated by tabs, written after {@code ----}; with
     * {@code notices}, then its notices, each behind {@code ! }.
     *
     * @param types one letter a column: I whole numbers, R other numbers (10 digits count), T anything as text
     */
    record Query(int line, String types, boolean sorted, boolean notices, String sql, List<String> expected)
            implements SltRecord {
    }
}
