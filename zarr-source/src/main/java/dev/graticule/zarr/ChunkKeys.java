package dev.graticule.zarr;

/**
 * How the indices of a chunk become its key below the array's own.
 *
 * @param prefixed {@code c/0/1} (version 3's default) instead of {@code 0.1}
 */
record ChunkKeys(boolean prefixed, char separator) {
    /** The key of a chunk relative to the array. */
    String key(long[] chunk) {
        StringBuilder key = new StringBuilder();
        if (prefixed) {
            key.append('c');
        }
        for (int axis = 0; axis < chunk.length; axis++) {
            if (prefixed || axis > 0) {
                key.append(separator);
            }
            key.append(chunk[axis]);
        }
        return key.isEmpty() ? "0" : key.toString();
    }
}
