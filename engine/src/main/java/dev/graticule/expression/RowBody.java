package dev.graticule.expression;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/**
 * What a row function computes, in the cheapest form that its types allow. Errors are {@code GraticuleException.data} without
 * a position, which is added.
 */
public sealed interface RowBody {
    /** Whole numbers, dates, times and timestamps, as Arrow keeps them. */
    record OfLong(LongUnaryOperator function) implements RowBody {
    }

    /** Two of these. */
    record OfLongs(LongBinaryOperator function) implements RowBody {
    }

    /** REAL or DOUBLE. */
    record OfDouble(DoubleUnaryOperator function) implements RowBody {
    }

    /** Two of these. */
    record OfDoubles(DoubleBinaryOperator function) implements RowBody {
    }

    /** Anything, as {@code Values.object} gives it; may return {@code null} for NULL. */
    record OfObjects(Rows function) implements RowBody {
    }

    /** A function of a row's arguments. The array is reused from row to row. */
    @FunctionalInterface
    interface Rows {
        Object apply(Object[] arguments);
    }
}
