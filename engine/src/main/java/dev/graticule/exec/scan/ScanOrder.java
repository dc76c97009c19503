package dev.graticule.exec.scan;

/** In which order a grid's rows are wanted. */
public enum ScanOrder {
    /** In any: batches may be cut where chunks end, and blocks are those of the variables that are read. */
    ANY,
    /** In storage order: block by block of the table's own block grid, in C order inside a block. */
    STORAGE,
    /** In the array's own C order: a block reaches over all axes but the first. */
    ARRAY
}
