package dev.graticule.consistency;

import com.github.luben.zstd.Zstd;
import com.scalableminds.bloscjava.Blosc;
import dev.graticule.spi.GridVariable.Unpacking;
import dev.graticule.type.SqlType;
import dev.graticule.zarr.StoreWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A grid and how each kind of table keeps it.
 *
 * @param grid the grid; in version 2 what a missing chunk holds is one more sentinel
 * @param version of the Zarr format
 * @param masksFill whether {@code fill_value} is a missing value of version 2
 * @param arrays how the arrays are kept: those of the axes, then those of the variables
 * @param stream how its rows are cut
 * @param cut whether arrays in memory are seen in chunks
 */
record StoreRecipe(GridRecipe grid, int version, boolean masksFill, List<Kept> arrays, RowStream.Cut stream,
        boolean cut) {

    /** How an array is kept. */
    record Kept(Codec codec, boolean columnMajor, boolean bigEndian) {
    }

    /** From the bytes of a chunk to those of its file. */
    enum Codec {
        RAW, ZSTD, GZIP, BLOSC_LZ4, BLOSC_ZSTD, CRC32C, ZLIB
    }

    /** A grid kept in a way that choices say: version 3, uncompressed and in C order first. */
    static StoreRecipe of(GridRecipe grid, Choices choices) {
        int version = choices.of(3, 2);
        boolean masksFill = version == 2 && choices.chance(50);
        boolean cut = choices.chance(50);
        RowStream.Cut stream = RowStream.Cut.of(choices, grid);
        List<Kept> arrays = new ArrayList<>();
        for (int i = 0; i < grid.names().size(); i++) {
            Codec codec = choices.of(Codec.values());
            boolean fits = version == 3 ? codec != Codec.ZLIB : codec != Codec.CRC32C;
            arrays.add(new Kept(fits ? codec : Codec.RAW, choices.chance(25), choices.chance(25)));
        }
        return new StoreRecipe(masksFill ? masked(grid) : grid, version, masksFill, arrays, stream, cut);
    }

    /** The same grid in other chunks, kept otherwise; what is NULL stays. */
    StoreRecipe rechunked(Choices choices) {
        GridRecipe other = RandomGrid.rechunked(grid, choices);
        StoreRecipe kept = of(other, choices);
        return new StoreRecipe(other, version, masksFill,
                kept.version == version ? kept.arrays : arrays, kept.stream, kept.cut);
    }

    private static GridRecipe masked(GridRecipe grid) {
        return new GridRecipe(grid.axes(), grid.variables().stream().map(StoreRecipe::masked).toList());
    }

    private static GridRecipe.Variable masked(GridRecipe.Variable variable) {
        Unpacking unpacking = variable.unpacking();
        Object fill = variable.fill();
        boolean maskable = fill instanceof Number number && !Double.isNaN(number.doubleValue())
                && !(variable.stored() == SqlType.UBIGINT && number.longValue() < 0);
        if (!maskable || !unpacking.sentinels().isEmpty()) {
            return variable;
        }
        Number sentinel = variable.stored().isFloating() ? (Number) ((Number) fill).doubleValue()
                : (Number) (((Number) fill).longValue() & unsignedMask(variable.stored()));
        return variable.unpacked(new Unpacking(List.of(sentinel), unpacking.nanIsNull(), unpacking.scaled(),
                unpacking.scale(), unpacking.offset()));
    }

    private static long unsignedMask(SqlType type) {
        return type.isUnsigned() && type.bytes() < 8 ? (1L << 8 * type.bytes()) - 1 : -1L;
    }

    /** Whether a store can hold the grid. */
    boolean isStorable() {
        boolean full = grid.variables().getFirst().over().size() == grid.axes().size();
        Set<Boolean> meanings = new java.util.HashSet<>();
        grid.axes().stream().filter(axis -> axis.type().isFloating())
                .forEach(axis -> meanings.add(axis.unpacking().nanIsNull()));
        grid.variables().stream().filter(variable -> variable.stored().isFloating())
                .forEach(variable -> meanings.add(variable.unpacking().nanIsNull()));
        boolean large = grid.variables().stream().anyMatch(variable -> variable.stored() == SqlType.UBIGINT
                && masksFill && ((Number) variable.fill()).longValue() < 0);
        return full && meanings.size() < 2 && !large;
    }

    private boolean nanIsNull() {
        return grid.axes().stream().noneMatch(axis -> axis.type().isFloating() && !axis.unpacking().nanIsNull())
                && grid.variables().stream().noneMatch(
                        variable -> variable.stored().isFloating() && !variable.unpacking().nanIsNull());
    }

    /** The options with which the store is opened. */
    Map<String, Object> options() {
        Map<String, Object> options = new TreeMap<>();
        if (!nanIsNull()) {
            options.put("nan_as_null", false);
        }
        if (version == 2 && !masksFill) {
            options.put("use_zarr_fill_value_as_mask", false);
        }
        return options;
    }

    /** A statement that makes the store at that place the table {@code g}. */
    String statement(Path folder) {
        Map<String, Object> all = new TreeMap<>(options());
        all.put("table", "'" + axisOrder().stream().map(axis -> grid.axes().get(axis).name())
                .collect(Collectors.joining("_")) + "'");
        return "CREATE EXTERNAL TABLE g STORED AS ZARR LOCATION '" + folder + "' OPTIONS ("
                + all.entrySet().stream().map(each -> each.getKey() + " " + each.getValue())
                        .collect(Collectors.joining(", "))
                + ")";
    }

    /** The axes in the order that most variables have: the store's. */
    List<Integer> axisOrder() {
        Map<List<Integer>, Integer> counts = new java.util.LinkedHashMap<>();
        grid.variables().stream().filter(variable -> variable.over().size() == grid.axes().size())
                .forEach(variable -> counts.merge(variable.over(), 1, Integer::sum));
        return counts.entrySet().stream().reduce((a, b) -> b.getValue() > a.getValue() ? b : a).orElseThrow().getKey();
    }

    /** Writes the store. */
    void write(Path folder) {
        GridPath.delete(folder);
        StoreWriter writer = new StoreWriter(folder);
        if (version == 3) {
            writer.group3("", "{}");
        } else {
            writer.group2("", "{}");
        }
        for (int i = 0; i < grid.axes().size(); i++) {
            GridRecipe.Axis axis = grid.axes().get(i);
            if (axis.data() != null) {
                // A coordinate is one more variable along its own axis.
                int half = Math.max(1, axis.length() / 2);
                write(writer, new GridRecipe.Variable(axis.name(), axis.type(), axis.unpacking(), List.of(i),
                        axis.data(), zero(axis.data()), new int[]{half}, false, false, Set.of()), arrays.get(i), false);
            }
        }
        for (int i = 0; i < grid.variables().size(); i++) {
            write(writer, grid.variables().get(i), arrays.get(grid.axes().size() + i), true);
        }
    }

    private static Object zero(Object data) {
        return data instanceof String[] ? "" : Array.get(Array.newInstance(data.getClass().getComponentType(), 1), 0);
    }

    private void write(StoreWriter writer, GridRecipe.Variable variable, Kept kept, boolean hasFill) {
        int[] shape = variable.over().stream().mapToInt(axis -> grid.axes().get(axis).length()).toArray();
        String names = variable.over().stream().map(axis -> "'" + grid.axes().get(axis).name() + "'")
                .collect(Collectors.joining(", "));
        String attributes = attributes(variable);
        boolean text = variable.stored() == SqlType.VARCHAR;
        // No number says that a text is missing: where version 2 would take its fill value for that, it has none.
        boolean filled = hasFill && !(text && masksFill);
        TextKind kind = TextKind.of(kept);
        boolean wide = variable.stored() != SqlType.BOOLEAN && variable.stored().bytes() > 1;
        String fill = text ? kind.json(variable.fill().toString()) : json(variable.fill(), variable.stored());
        if (version == 3) {
            String order = kept.columnMajor && shape.length > 0
                    ? "{'name': 'transpose', 'configuration': {'order': " + Arrays.toString(reversed(shape.length))
                            + "}}, "
                    : "";
            String bytes = text && kind == TextKind.LENGTHS ? "{'name': 'vlen-utf8'}"
                    : "{'name': 'bytes', 'configuration': {'endian': '" + (kept.bigEndian ? "big" : "little")
                            + "'}}";
            writer.array3(variable.name(), text ? kind.zarrType() : zarrType(variable.stored()), text(shape),
                    text(variable.chunks()), names,
                    fill, "{" + attributes + "}", order + bytes + codec3(kept.codec));
        } else {
            String type = text ? kind.numPyType(kept.bigEndian)
                    : (!wide ? "|" : kept.bigEndian ? ">" : "<") + numPyType(variable.stored());
            writer.array2(variable.name(), type, text(shape), text(variable.chunks()), filled ? fill : "null",
                    "{'_ARRAY_DIMENSIONS': [" + names + "]" + (attributes.isEmpty() ? "" : ", " + attributes) + "}",
                    codec2(kept.codec), kept.columnMajor ? "F" : "C");
        }
        int[] chunks = variable.chunks();
        int[] counts = new int[shape.length];
        int total = 1;
        for (int d = 0; d < shape.length; d++) {
            counts[d] = (shape[d] + chunks[d] - 1) / chunks[d];
            total *= counts[d];
        }
        for (int number = 0; number < total; number++) {
            int[] key = new int[shape.length];
            for (int d = shape.length - 1, rest = number; d >= 0; d--) {
                key[d] = rest % counts[d];
                rest /= counts[d];
            }
            if (!filled || !variable.missing().contains(Arrays.stream(key).boxed().toList())) {
                String separator = version == 3 ? "/" : ".";
                String name = Arrays.stream(key).mapToObj(Integer::toString).collect(Collectors.joining(separator));
                String place = version == 3 ? name.isEmpty() ? "c" : "c/" + name : name.isEmpty() ? "0" : name;
                writer.bytes(variable.name() + "/" + place,
                        encode(chunk(variable, shape, key, kept), kept.codec, variable.stored()));
            }
        }
    }

    private static int[] reversed(int rank) {
        int[] order = new int[rank];
        for (int i = 0; i < rank; i++) {
            order[i] = rank - 1 - i;
        }
        return order;
    }

    private static String text(int[] numbers) {
        return Arrays.stream(numbers).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    }

    private String attributes(GridRecipe.Variable variable) {
        List<String> attributes = new ArrayList<>();
        Unpacking unpacking = variable.unpacking();
        if (unpacking.scaled()) {
            attributes.add("'scale_factor': " + unpacking.scale());
            attributes.add("'add_offset': " + unpacking.offset());
        }
        boolean implied = masksFill
                && unpacking.sentinels().equals(masked(variable.unpacked(Unpacking.NONE)).unpacking()
                        .sentinels());
        for (int i = 0; i < unpacking.sentinels().size() && !implied; i++) {
            attributes.add((i == 0 ? "'_FillValue': " : "'missing_value': ") + unpacking.sentinels().get(i));
        }
        if (variable.stored() == SqlType.TIMESTAMP) {
            attributes.add("'units': 'microseconds since 1970-01-01', 'calendar': 'proleptic_gregorian'");
        }
        return String.join(", ", attributes);
    }

    private static String json(Object value, SqlType type) {
        return switch (value) {
            case Float number when number.isNaN() -> "'NaN'";
            case Double number when number.isNaN() -> "'NaN'";
            case Number number when type.isUnsigned() -> type.bytes() == 8 ? Long.toUnsignedString(number.longValue())
                    : Long.toString(number.longValue() & unsignedMask(type));
            default -> value.toString();
        };
    }

    private static String zarrType(SqlType type) {
        return type == SqlType.BOOLEAN ? "bool"
                : (type.isFloating() ? "float" : type.isUnsigned() ? "uint" : "int") + 8 * type.bytes();
    }

    private static String numPyType(SqlType type) {
        return type == SqlType.BOOLEAN ? "b1"
                : (type.isFloating() ? "f" : type.isUnsigned() ? "u" : "i") + type.bytes();
    }

    private static String codec3(Codec codec) {
        return switch (codec) {
            case RAW, ZLIB -> "";
            case ZSTD -> ", {'name': 'zstd', 'configuration': {'level': 3, 'checksum': false}}";
            case GZIP -> ", {'name': 'gzip', 'configuration': {'level': 5}}";
            case BLOSC_LZ4 -> ", {'name': 'blosc', 'configuration': {'cname': 'lz4', 'clevel': 5}}";
            case BLOSC_ZSTD -> ", {'name': 'blosc', 'configuration': {'cname': 'zstd', 'clevel': 5}}";
            case CRC32C -> ", {'name': 'crc32c'}";
        };
    }

    private static String codec2(Codec codec) {
        return switch (codec) {
            case RAW, CRC32C -> "null";
            case ZSTD -> "{'id': 'zstd', 'level': 3}";
            case GZIP -> "{'id': 'gzip', 'level': 5}";
            case ZLIB -> "{'id': 'zlib', 'level': 5}";
            case BLOSC_LZ4 -> "{'id': 'blosc', 'cname': 'lz4', 'clevel': 5, 'shuffle': 1}";
            case BLOSC_ZSTD -> "{'id': 'blosc', 'cname': 'zstd', 'clevel': 5, 'shuffle': 2}";
        };
    }

    /** A chunk's elements; what lies beyond the array's edge are values that no cell should have. */
    private static byte[] chunk(GridRecipe.Variable variable, int[] shape, int[] key, Kept kept) {
        int[] chunks = variable.chunks();
        int cells = Arrays.stream(chunks).reduce(1, (a, b) -> a * b);
        if (variable.stored() == SqlType.VARCHAR) {
            List<String> texts = new ArrayList<>();
            for (int cell = 0; cell < cells; cell++) {
                int place = place(chunks, shape, key, kept, cell);
                texts.add(place < 0 ? "A" : Array.get(variable.data(), place).toString());
            }
            return TextKind.of(kept).bytes(texts, kept.bigEndian);
        }
        int width = variable.stored() == SqlType.BOOLEAN ? 1 : variable.stored().bytes();
        ByteBuffer buffer = ByteBuffer.allocate(cells * width)
                .order(kept.bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        Arrays.fill(buffer.array(), (byte) (variable.stored() == SqlType.BOOLEAN ? 1 : 0x41));
        for (int cell = 0; cell < cells; cell++) {
            int place = place(chunks, shape, key, kept, cell);
            if (place >= 0) {
                put(buffer, cell * width, Array.get(variable.data(), place));
            }
        }
        return buffer.array();
    }

    /** Where a cell of a chunk is in the array; -1 beyond its edge. */
    private static int place(int[] chunks, int[] shape, int[] key, Kept kept, int cell) {
        int rest = cell;
        int place = 0;
        boolean inside = true;
        for (int n = 0; n < shape.length; n++) {
            int d = kept.columnMajor ? n : shape.length - 1 - n;
            int at = key[d] * chunks[d] + rest % chunks[d];
            rest /= chunks[d];
            inside &= at < shape[d];
            int cellsBehind = 1;
            for (int e = d + 1; e < shape.length; e++) {
                cellsBehind *= shape[e];
            }
            place += at * cellsBehind;
        }
        return inside ? place : -1;
    }

    private static void put(ByteBuffer buffer, int at, Object value) {
        switch (value) {
            case Boolean truth -> buffer.put(at, (byte) (truth ? 1 : 0));
            case Byte number -> buffer.put(at, number);
            case Short number -> buffer.putShort(at, number);
            case Integer number -> buffer.putInt(at, number);
            case Long number -> buffer.putLong(at, number);
            case Float number -> buffer.putFloat(at, number);
            case Double number -> buffer.putDouble(at, number);
            default -> throw new IllegalArgumentException("No element: " + value);
        }
    }

    private static byte[] encode(byte[] elements, Codec codec, SqlType type) {
        int width = Math.max(1, type.bytes());
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            switch (codec) {
                case RAW -> bytes.write(elements);
                case ZSTD -> bytes.write(Zstd.compress(elements, 3));
                case GZIP -> {
                    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
                        out.write(elements);
                    }
                }
                case ZLIB -> {
                    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
                        out.write(elements);
                    }
                }
                case BLOSC_LZ4 ->
                    bytes.write(Blosc.compress(elements, width, Blosc.Compressor.LZ4, 5, Blosc.Shuffle.BYTE_SHUFFLE));
                case BLOSC_ZSTD ->
                    bytes.write(Blosc.compress(elements, width, Blosc.Compressor.ZSTD, 5, Blosc.Shuffle.BIT_SHUFFLE));
                case CRC32C -> {
                    bytes.write(elements);
                    CRC32C sum = new CRC32C();
                    sum.update(elements);
                    bytes.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) sum.getValue())
                            .array());
                }
            }
            return bytes.toByteArray();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** How it is kept: what can be different for the same grid. */
    String kept() {
        List<String> each = new ArrayList<>();
        for (int i = 0; i < arrays.size(); i++) {
            Kept kept = arrays.get(i);
            int variable = i - grid.axes().size();
            each.add(grid.names().get(i) + " "
                    + (variable < 0 ? "" : Arrays.toString(grid.variables().get(variable).chunks()) + " ") + kept.codec
                    + (kept.columnMajor ? " F" : "") + (kept.bigEndian ? " big-endian" : ""));
        }
        return "Zarr " + version + " " + options() + " " + each + "; rows " + stream
                + (cut ? "; arrays in memory in chunks" : "");
    }

    @Override
    public String toString() {
        return grid + "\n  " + kept();
    }
}
