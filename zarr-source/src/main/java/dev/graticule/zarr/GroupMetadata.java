package dev.graticule.zarr;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.SortedMap;

/**
 * A group of a hierarchy: its attributes, arrays and groups by name.
 *
 * @param path the group's key in its store; empty for the root
 */
record GroupMetadata(String path, ObjectNode attributes, SortedMap<String, ArrayMetadata> arrays,
        SortedMap<String, GroupMetadata> groups) {
}
