package dev.graticule.expression;

/**
 * A scalar function of fixed argument and result types: the running side of a {@code Call}. Stateless and thread-safe; two
 * that are {@code equals} compute the same.
 */
public interface ScalarFunction {
    /** The SQL name, or the operator's sign. */
    String name();

    /** Whether it may raise an error for some arguments: only then a narrower selection matters. */
    boolean canFail();
}
