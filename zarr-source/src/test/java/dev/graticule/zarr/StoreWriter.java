package dev.graticule.zarr;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes small stores for tests: metadata as JSON text (single quotes become double ones), chunks as bytes. */
public final class StoreWriter {
    private final Path root;

    public StoreWriter(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    public StoreWriter file(String key, String json) {
        return bytes(key, json.replace('\'', '"').getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    public StoreWriter bytes(String key, byte[] content) {
        try {
            Path path = root.resolve(key);
            Files.createDirectories(path.getParent());
            Files.write(path, content);
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public StoreWriter group3(String path, String attributes) {
        return file(child(path, "zarr.json"),
                "{'zarr_format': 3, 'node_type': 'group', 'attributes': " + attributes + "}");
    }

    public StoreWriter group2(String path, String attributes) {
        return file(child(path, ".zgroup"), "{'zarr_format': 2}").file(child(path, ".zattrs"), attributes);
    }

    /** An uncompressed little-endian array of version 3; lists are given as JSON without brackets, types as names or objects. */
    public StoreWriter array3(String path, String type, String shape, String chunks, String names, String fill,
            String attributes) {
        return array3(path, type, shape, chunks, names, fill, attributes,
                "{'name': 'bytes', 'configuration': {'endian': 'little'}}");
    }

    public StoreWriter array3(String path, String type, String shape, String chunks, String names, String fill,
            String attributes, String codecs) {
        return file(child(path, "zarr.json"),
                "{'zarr_format': 3, 'node_type': 'array', 'shape': [" + shape + "], 'data_type': "
                        + (type.startsWith("{") ? type : "'" + type + "'")
                        + ", 'chunk_grid': {'name': 'regular', 'configuration': {'chunk_shape': [" + chunks
                        + "]}}, 'chunk_key_encoding': {'name': 'default'}, 'fill_value': " + fill + ", 'codecs': ["
                        + codecs
                        + "], 'dimension_names': [" + names + "], 'attributes': " + attributes + "}");
    }

    /** An uncompressed array of version 2 in C order; objects are texts in the form vlen-utf8. */
    public StoreWriter array2(String path, String type, String shape, String chunks, String fill, String attributes) {
        return array2(path, type, shape, chunks, fill, attributes, "null", "C");
    }

    public StoreWriter array2(String path, String type, String shape, String chunks, String fill, String attributes,
            String compressor, String order) {
        return file(child(path, ".zarray"),
                "{'zarr_format': 2, 'shape': [" + shape + "], 'chunks': [" + chunks + "], 'dtype': '" + type
                        + "', 'fill_value': " + fill
                        + ", 'order': '" + order + "', 'filters': "
                        + (type.equals("|O") ? "[{'id': 'vlen-utf8'}]" : "null") + ", 'compressor': " + compressor
                        + "}")
                .file(child(path, ".zattrs"), attributes);
    }

    private static String child(String path, String name) {
        return path.isEmpty() ? name : path + "/" + name;
    }

    static byte[] floats(float... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            buffer.putFloat(value);
        }
        return buffer.array();
    }

    static byte[] doubles(double... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            buffer.putDouble(value);
        }
        return buffer.array();
    }

    static byte[] longs(long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            buffer.putLong(value);
        }
        return buffer.array();
    }

    static byte[] ints(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            buffer.putInt(value);
        }
        return buffer.array();
    }

    static byte[] shorts(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * 2).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            buffer.putShort((short) value);
        }
        return buffer.array();
    }
}
