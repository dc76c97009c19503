package dev.graticule.zarr.codec;

/** Which twin of a loop runs. */
enum Loops {
    /** Plain loops. */
    SCALAR,
    /** Vector loops wherever there is one. */
    VECTOR,
    /**
     * Plain loops until the vector loop is measured to be faster: before it is compiled it is many times slower, so it gets
     * only a short piece of each block, which is what makes the compiler look at it.
     */
    WHAT_IS_FASTER
}
