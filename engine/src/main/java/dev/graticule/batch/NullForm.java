package dev.graticule.batch;

/** How a column keeps its NULLs. */
public enum NullForm {
    /** No row is NULL. */
    NONE,
    /** A validity bitmap in Arrow's form, one bit a value, 1 is valid. */
    BITMAP,
    /** REAL and DOUBLE of a grid: a NaN is a NULL, and there is no bitmap. */
    NAN
}
