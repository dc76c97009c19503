package dev.graticule.zarr.copy;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Memory;
import dev.graticule.batch.Values;
import dev.graticule.spi.AxisColumn;
import dev.graticule.spi.CopySource;
import dev.graticule.spi.GridVariable;
import dev.graticule.type.SqlType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * A column of the rows that is a dimension of the written grid, with its coordinates: where a row's value of it lies among them.
 * Immutable once read.
 */
final class CopyDimension {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final long DAY = 86_400_000_000_000L;

    private final String name;
    private final int column;
    private final SqlType type;
    private final Map<String, String> attributes;
    private final MemorySegment coordinates;
    private final int length;
    private final LongIndex positions;
    private final AxisColumn source;
    private final int[] indices;
    private final boolean complete;
    /** Positions by index along the axis, -1 where none is; {@code null} where the source has no axis for it. */
    private final int[] byIndex;
    private final List<String> texts;
    private final Map<String, Integer> byText = new HashMap<>();

    private CopyDimension(Field field, int column, AxisColumn source, byte[] coordinates, int[] indices,
            List<String> texts, boolean complete) {
        this.name = field.getName();
        this.column = column;
        this.type = SqlType.of(field);
        this.attributes = field.getMetadata();
        this.source = source;
        this.indices = indices;
        this.coordinates = MemorySegment.ofArray(coordinates);
        this.texts = texts;
        this.complete = complete;
        this.length = isText() ? texts.size() : coordinates.length / type.bytes();
        this.positions = new LongIndex(isText() ? 0 : length);
        this.byIndex = byIndex();
        for (int position = 0; position < length; position++) {
            Integer before = isText() ? byText.put(texts.get(position), position) : null;
            int same = isText() ? before == null ? -1 : before
                    : positions.put(key(this.coordinates, position), position);
            if (same >= 0) {
                throw GraticuleException.data(null, name + " cannot be a dimension: it has the value " + text(position)
                        + " at " + same + " and at " + position + ".");
            }
        }
    }

    private int[] byIndex() {
        if (source == null || source.computed() || indices == null) {
            return null;
        }
        int[] result = new int[(int) source.axis().length()];
        Arrays.fill(result, -1);
        for (int position = 0; position < length; position++) {
            result[indices[position]] = position;
        }
        return result;
    }

    /**
     * Reads the coordinates of column {@code column}; those that are NULL are left out.
     *
     * @throws GraticuleException where its type is none of a dimension, or a coordinate comes twice
     */
    static CopyDimension read(CopySource source, int column) throws IOException {
        Field field = source.schema().getFields().get(column);
        SqlType type = SqlType.of(field);
        if (!type.isInteger() && !type.isFloating() && type != SqlType.DATE && type != SqlType.VARCHAR
                && type != SqlType.INTERVAL && !(type instanceof SqlType.Timestamp)) {
            throw GraticuleException.unsupported(null,
                    type + " as a dimension (" + field.getName()
                            + "); dimensions are numbers, dates, timestamps, intervals and texts");
        }
        int width = type.bytes();
        byte[] bytes = new byte[1 << 12];
        int[] indices = new int[256];
        // An axis without indices gives no batch that would show its second column.
        boolean indexed = source.axis(column).filter(axis -> !axis.computed()).isPresent();
        int count = 0;
        List<String> texts = new ArrayList<>();
        boolean complete = true;
        try (ArrowReader reader = source.openCoordinates(column)) {
            while (reader.loadNextBatch()) {
                List<FieldVector> vectors = reader.getVectorSchemaRoot().getFieldVectors();
                int rows = reader.getVectorSchemaRoot().getRowCount();
                if ((count + (long) rows) * width > Integer.MAX_VALUE - 16) {
                    throw GraticuleException.unsupported(null, "a dimension of more than "
                            + Integer.MAX_VALUE / width + " coordinates (" + field.getName() + ")");
                }
                if ((count + rows) * width > bytes.length) {
                    bytes = Arrays.copyOf(bytes, Integer.max((count + rows) * width,
                            (int) Long.min(Integer.MAX_VALUE - 16, 2L * bytes.length)));
                }
                indices = count + rows > indices.length ? Arrays.copyOf(indices, 2 * (count + rows)) : indices;
                for (int row = 0; row < rows; row++) {
                    if (vectors.getFirst().isNull(row)) {
                        complete = false;
                        continue;
                    }
                    if (type == SqlType.VARCHAR) {
                        texts.add(Values.of(vectors.getFirst()).object(row).toString());
                    } else {
                        if (type == SqlType.INTERVAL) {
                            requireLength(field.getName(), vectors.getFirst(), row);
                        }
                        MemorySegment.copy(Memory.segment(vectors.getFirst().getDataBuffer()), ValueLayout.JAVA_BYTE,
                                (long) row * width, bytes, count * width, width);
                    }
                    indices[count++] = indexed
                            ? (int) Memory.segment(vectors.get(1).getDataBuffer()).get(LONG, row * 8L) : 0;
                }
            }
        }
        return new CopyDimension(field, column, source.axis(column).orElse(null),
                Arrays.copyOf(bytes, count * width), indexed ? Arrays.copyOf(indices, count) : null, texts, complete);
    }

    /** Lengths of time are compared as such: months have none. */
    private static void requireLength(String name, FieldVector intervals, int row) {
        MemorySegment data = Memory.segment(intervals.getDataBuffer());
        int days = data.get(INT, row * 16L + 4);
        long nanos = data.get(LONG, row * 16L + 8);
        if (data.get(INT, row * 16L) != 0 || Math.abs((long) days) > 100_000
                || Math.abs(nanos) > Long.MAX_VALUE - 100_000 * DAY) {
            throw GraticuleException.data(null, name
                    + " has an INTERVAL of months, or one beyond 292 years, which is no coordinate of a Zarr store.");
        }
    }

    /** The length of an INTERVAL without months. */
    static long nanoseconds(MemorySegment intervals, long row) {
        return intervals.get(INT, row * 16 + 4) * DAY + intervals.get(LONG, row * 16 + 8);
    }

    /** The lengths of the coordinates of a dimension of intervals. */
    long[] nanoseconds() {
        long[] lengths = new long[length];
        Arrays.setAll(lengths, i -> nanoseconds(coordinates, i));
        return lengths;
    }

    String name() {
        return name;
    }

    int column() {
        return column;
    }

    SqlType type() {
        return type;
    }

    int length() {
        return length;
    }

    int width() {
        return type.bytes();
    }

    /** The attributes that the column came with. */
    Map<String, String> attributes() {
        return attributes;
    }

    /** The coordinates as Arrow keeps them, one after the other, on the heap. */
    MemorySegment coordinates() {
        return coordinates;
    }

    boolean isText() {
        return type == SqlType.VARCHAR;
    }

    /** The coordinates of a dimension of texts. */
    List<String> texts() {
        return texts;
    }

    /** Whether it is an axis of a grid, whose indices say where a row lies: no coordinate is NULL. */
    boolean isByIndex() {
        return byIndex != null && complete;
    }

    /** Whether these are all axes of a grid, each whole, so that the grid is that of the source. */
    static boolean areWholeGrid(List<CopyDimension> dimensions) {
        return dimensions.stream().allMatch(dimension -> dimension.isByIndex()
                && dimension.length == dimension.source.axis().length()
                && dimension.source.of() == dimensions.size());
    }

    /** The number of the axis that it is. */
    int axis() {
        return source.number();
    }

    /** The number of the axis that it is, where it is one. */
    OptionalInt axisNumber() {
        return source == null || source.computed() ? OptionalInt.empty() : OptionalInt.of(source.number());
    }

    /** Where the rows at an index of the axis lie; -1 where that is no coordinate. */
    int positionOfIndex(long index) {
        return byIndex[(int) index];
    }

    /** Where the value of a row lies; -1 where it is no coordinate. {@code guess} is where it is looked for first. */
    int position(Values values, int row, int guess) {
        if (isText()) {
            return byText.getOrDefault(values.object(row).toString(), -1);
        }
        if (guess < length && raw(values.data(), row) == raw(coordinates, guess)) {
            return guess;
        }
        return positions.get(key(values.data(), row));
    }

    /** How many rows from {@code row} on, at least 1 and before {@code end}, have the same value. */
    int constant(Values values, int row, int end) {
        if (isText()) {
            int count = 1;
            while (row + count < end && isSame(values, row, row + count)) {
                count++;
            }
            return count;
        }
        long width = width();
        long different = MemorySegment.mismatch(values.data(), row * width, (end - 1) * width, values.data(),
                (row + 1) * width, end * width);
        return different < 0 ? end - row : (int) (different / width) + 1;
    }

    private static boolean isSame(Values texts, int row, int other) {
        MemorySegment offsets = texts.offsets();
        return MemorySegment.mismatch(texts.data(), offsets.get(INT, row * 4L), offsets.get(INT, row * 4L + 4),
                texts.data(), offsets.get(INT, other * 4L), offsets.get(INT, other * 4L + 4)) < 0;
    }

    /** How many rows from {@code row} on, at least 1 and at most {@code most}, have the coordinates from {@code position} on. */
    int consecutive(Values values, int row, int position, int most) {
        int count = Integer.min(most, length - position);
        if (isText()) {
            int found = 1;
            while (found < count && values.object(row + found).toString().equals(texts.get(position + found))) {
                found++;
            }
            return found;
        }
        long width = width();
        long different = MemorySegment.mismatch(values.data(), row * width, (row + count) * width, coordinates,
                position * width, (position + count) * width);
        return different < 0 ? count : Integer.max(1, (int) (different / width));
    }

    /** Whether rows come in the order of blocks of the source along this dimension. */
    boolean isOrdered() {
        return source != null && source.ordered() && indices != null;
    }

    /** The first position that lies in the same block of the source. */
    int blockStart(int position) {
        int block = indices[position] / source.blockLength();
        int start = Arrays.binarySearch(indices, block * source.blockLength());
        return start < 0 ? -start - 1 : start;
    }

    /** How many indices of the source's axis its chunks have, where this is an axis. */
    OptionalInt blockLength() {
        return source == null || source.computed() ? OptionalInt.empty() : OptionalInt.of(source.blockLength());
    }

    /** Whether the coordinates are but the numbers from 0 of an axis that has no coordinates. */
    boolean isIndex() {
        if (source == null || source.computed() || source.axis().coordinate().role() != GridVariable.Role.INDEX) {
            return false;
        }
        for (int position = 0; position < length; position++) {
            if (raw(coordinates, position) != position) {
                return false;
            }
        }
        return true;
    }

    /** A coordinate as text. */
    String text(int position) {
        if (isText()) {
            return "'" + texts.get(position) + "'";
        }
        long raw = raw(coordinates, position);
        return switch (type) {
            case SqlType.Timestamp timestamp -> timestamp(raw, timestamp);
            case SqlType.Scalar scalar -> switch (scalar) {
                case REAL -> Float.toString(Float.intBitsToFloat((int) raw));
                case DOUBLE -> Double.toString(Double.longBitsToDouble(raw));
                case DATE -> java.time.LocalDate.ofEpochDay((int) raw).toString();
                case UBIGINT -> Long.toUnsignedString(raw);
                case INTERVAL -> raw % 1000 == 0 ? raw / 1000 + " microseconds" : raw + " nanoseconds";
                default -> Long.toString(number(raw));
            };
            default -> Long.toString(raw);
        };
    }

    private static String timestamp(long count, SqlType.Timestamp type) {
        long seconds = Math.floorDiv(count, type.perSecond());
        long nanos = Math.floorMod(count, type.perSecond()) * (1_000_000_000L / type.perSecond());
        return java.time.LocalDateTime.ofEpochSecond(seconds, (int) nanos, java.time.ZoneOffset.UTC).toString()
                .replace('T', ' ');
    }

    private long number(long raw) {
        int shift = 64 - 8 * width();
        return type.isUnsigned() ? raw : raw << shift >> shift;
    }

    private long raw(MemorySegment values, long row) {
        return switch (width()) {
            case 1 -> values.get(ValueLayout.JAVA_BYTE, row) & 0xffL;
            case 2 -> values.get(SHORT, row * 2) & 0xffffL;
            case 4 -> values.get(INT, row * 4) & 0xffffffffL;
            case 16 -> nanoseconds(values, row);
            default -> values.get(LONG, row * 8);
        };
    }

    /** The same for values that are equal: the two zeros, and all NaN. */
    private long key(MemorySegment values, long row) {
        long raw = raw(values, row);
        if (type == SqlType.REAL) {
            return Float.floatToIntBits(Float.intBitsToFloat((int) raw) + 0.0f);
        }
        return type == SqlType.DOUBLE ? Double.doubleToLongBits(Double.longBitsToDouble(raw) + 0.0) : raw;
    }

    /** The columns that are dimensions where no option names them: axes, else the keys of a GROUP BY that axes decide. */
    static List<Integer> find(CopySource source) {
        List<Integer> found = new ArrayList<>();
        List<AxisColumn> taken = new ArrayList<>();
        int columns = source.schema().getFields().size();
        for (boolean computed : new boolean[]{false, true}) {
            int before = taken.size();
            for (int column = 0; column < columns; column++) {
                Optional<AxisColumn> axis = source.axis(column);
                if (axis.isPresent() && axis.get().computed() == computed && taken
                        .subList(0, computed ? before : taken.size()).stream()
                        .noneMatch(other -> other.axis().equals(axis.get().axis()))) {
                    taken.add(axis.get());
                    found.add(column);
                }
            }
        }
        return found.stream().sorted().toList();
    }
}
