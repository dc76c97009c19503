package dev.graticule.data;

import java.io.IOException;

/** A Zarr store that is being written: a group of arrays in a folder. */
interface Store {
    /** Writes a variable in chunks of this shape; those at the upper edges may reach over the array's end. */
    void add(Variable variable, int[] chunk) throws IOException;

    /** Gathers the metadata of all arrays in one file, once the last has been added. */
    void consolidate() throws IOException;
}
