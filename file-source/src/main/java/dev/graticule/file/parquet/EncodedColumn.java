package dev.graticule.file.parquet;

import org.apache.arrow.vector.FieldVector;

/** What a column of a row group is written to; used by one thread at a time. */
interface EncodedColumn extends AutoCloseable {
    /**
     * Appends rows {@code [from, to)} of a vector.
     *
     * @param rowsBefore how many rows the row group has
     */
    void append(FieldVector vector, int from, int to, int rowsBefore);

    /** What was encoded so far. */
    long bytes();

    /** What it takes to hold that. */
    long allocatedBytes();

    /** Writes what is left as pages. */
    void flush();

    @Override
    void close();
}
