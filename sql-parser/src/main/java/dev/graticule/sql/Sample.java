package dev.graticule.sql;

import java.util.Optional;

/**
 * TABLESAMPLE or USING SAMPLE.
 *
 * @param method the method's name as written, such as {@code reservoir} or {@code bernoulli}
 * @param size how many rows or how many per cent
 * @param seed the value of REPEATABLE
 */
public record Sample(Position position, Optional<Identifier> method, SqlExpression size, Unit unit,
        Optional<SqlExpression> seed) implements SqlNode {

    /** Whether the size counts rows or per cent, or does not say. */
    public enum Unit {
        DEFAULT, ROWS, PERCENT
    }
}
