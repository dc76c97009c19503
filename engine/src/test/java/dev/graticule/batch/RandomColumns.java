package dev.graticule.batch;

import dev.graticule.type.SqlType;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.TimeUnit;

/** Columns of random types, encodings and values for tests, with what each row should read as. Closes what it made. */
public final class RandomColumns implements AutoCloseable {
    /** The types that columns are made of. */
    public static final List<SqlType> TYPES = List.of(SqlType.BOOLEAN, SqlType.TINYINT, SqlType.SMALLINT,
            SqlType.INTEGER, SqlType.BIGINT,
            SqlType.UTINYINT, SqlType.USMALLINT, SqlType.UINTEGER, SqlType.UBIGINT, SqlType.REAL, SqlType.DOUBLE,
            SqlType.VARCHAR,
            SqlType.BLOB, SqlType.DATE, SqlType.TIME, SqlType.INTERVAL,
            new SqlType.Timestamp(TimeUnit.NANOSECOND, false),
            new SqlType.Decimal(20, 2));

    private final Random random;
    private final BufferAllocator allocator;
    private final List<FieldVector> vectors = new ArrayList<>();

    public RandomColumns(Random random, BufferAllocator allocator) {
        this.random = random;
        this.allocator = allocator;
    }

    /** A random shape of up to {@code most} rows. */
    public int[] shape(int most) {
        int[] shape = new int[1 + random.nextInt(3)];
        int left = most;
        for (int axis = 0; axis < shape.length; axis++) {
            shape[axis] = 1 + random.nextInt(Integer.max(1, axis == shape.length - 1 ? left : Integer.min(left, 7)));
            left /= shape[axis];
        }
        return shape;
    }

    public static int rows(int[] shape) {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    public Selection selection(int rows) {
        return switch (random.nextInt(5)) {
            case 0, 1 -> Selection.ALL;
            case 2 -> bits(rows, 0.02);
            case 3 -> bits(rows, 1.0);
            default -> bits(rows, random.nextDouble());
        };
    }

    private Selection bits(int rows, double share) {
        long[] words = new long[(rows + 63 >>> 6) + random.nextInt(3)];
        int count = 0;
        for (int row = 0; row < rows; row++) {
            if (random.nextDouble() < share) {
                words[row >>> 6] |= 1L << row;
                count++;
            }
        }
        return new Selection.Bitmap(words, count);
    }

    /** A column of a type over a shape in a random encoding; few different values where {@code few}. */
    public Column column(SqlType type, int[] shape, boolean few) {
        int rows = rows(shape);
        NullForm form = type == SqlType.NULL || random.nextBoolean() ? NullForm.BITMAP
                : type.isFloating() && random.nextBoolean() ? NullForm.NAN : NullForm.NONE;
        switch (random.nextInt(5)) {
            case 0 -> {
                int offset = random.nextInt(70);
                return new Column.Strided(values(type, rows + offset, form, few), Layout.dense(shape, offset), form);
            }
            case 1 -> {
                return new Column.Strided(values(type, 3, form, few), Layout.constant(shape.length, random.nextInt(3)),
                        form);
            }
            case 2 -> {
                int size = 1 + random.nextInt(6);
                Values dictionary = values(type, size, form, few);
                boolean gaps = random.nextBoolean();
                Values indices = indices(rows, size, gaps);
                return new Column.Dictionary(indices, Layout.dense(shape, 0), dictionary,
                        gaps ? NullForm.BITMAP : form);
            }
            default -> {
                boolean[] varies = new boolean[shape.length];
                for (int axis = 0; axis < varies.length; axis++) {
                    varies[axis] = random.nextBoolean();
                }
                Layout layout = Layout.compact(shape, varies);
                int axis = random.nextInt(shape.length);
                if (random.nextBoolean()) {
                    int[] strides = new int[shape.length];
                    Arrays.setAll(strides, layout::stride);
                    int[][] tables = new int[shape.length][];
                    tables[axis] = new int[shape[axis]];
                    for (int i = 0; i < shape[axis]; i++) {
                        tables[axis][i] = layout.step(axis, random.nextInt(shape[axis]));
                    }
                    layout = Layout.of(layout.offset(), strides, tables);
                }
                return new Column.Strided(values(type, rows, form, few), layout, form);
            }
        }
    }

    private Values indices(int rows, int size, boolean gaps) {
        FieldVector vector = vector(SqlType.INTEGER, rows);
        for (int row = 0; row < rows; row++) {
            vector.getDataBuffer().setInt(row * 4L, random.nextInt(size));
            Memory.setBit(Memory.segment(vector.getValidityBuffer()), row, !gaps || random.nextInt(4) > 0);
        }
        return Values.of(vector);
    }

    private FieldVector vector(SqlType type, int count) {
        FieldVector vector = type.field("x", Map.of()).createVector(allocator);
        vectors.add(vector);
        vector.setInitialCapacity(Integer.max(1, count));
        vector.allocateNew();
        vector.setValueCount(count);
        return vector;
    }

    /** Random values; NULLs where the form is BITMAP; NaN, infinities and -0.0 among REAL and DOUBLE. */
    public Values values(SqlType type, int count, NullForm form, boolean few) {
        FieldVector vector = vector(type, count);
        if (vector instanceof BaseVariableWidthVector strings) {
            for (int i = 0; i < count; i++) {
                byte[] bytes = (few ? "k" + random.nextInt(5) : "é".repeat(random.nextInt(4)) + random.nextInt(1000))
                        .getBytes(StandardCharsets.UTF_8);
                strings.setSafe(i, bytes);
            }
            strings.setValueCount(count);
        }
        for (int i = 0; i < count && type != SqlType.NULL; i++) {
            set(type, vector, i, few);
            Memory.setBit(Memory.segment(vector.getValidityBuffer()), i,
                    form != NullForm.BITMAP || random.nextInt(4) > 0);
        }
        return Values.of(vector);
    }

    private void set(SqlType type, FieldVector vector, int i, boolean few) {
        var data = Memory.segment(vector.getDataBuffer());
        if (type == SqlType.BOOLEAN) {
            Memory.setBit(data, i, random.nextBoolean());
        } else if (type == SqlType.REAL) {
            data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4L, (float) number(few));
        } else if (type == SqlType.DOUBLE) {
            data.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, i * 8L, number(few));
        } else if (type instanceof SqlType.Decimal) {
            Memory.setDecimal(data, i, BigInteger.valueOf(few ? random.nextInt(5) - 2 : random.nextLong()));
        } else if (type == SqlType.INTERVAL) {
            data.set(ValueLayout.JAVA_INT_UNALIGNED, i * 16L, random.nextInt(3));
            data.set(ValueLayout.JAVA_INT_UNALIGNED, i * 16L + 4, random.nextInt(3));
            data.set(ValueLayout.JAVA_LONG_UNALIGNED, i * 16L + 8, random.nextInt(few ? 2 : 1000));
        } else if (!type.isVariableWidth()) {
            long value = few ? random.nextInt(5) - 2 : random.nextLong();
            for (int b = 0; b < type.bytes(); b++) {
                data.set(ValueLayout.JAVA_BYTE, (long) i * type.bytes() + b, (byte) (value >> 8 * b));
            }
        }
    }

    private double number(boolean few) {
        return switch (random.nextInt(8)) {
            case 0 -> Double.NaN;
            case 1 -> -0.0;
            case 2 -> 0.0;
            case 3 -> random.nextBoolean() ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
            default -> few ? random.nextInt(3) : random.nextGaussian();
        };
    }

    /** What a row of a column is, read one by one: {@code null} for NULL; byte arrays as lists so that they are comparable. */
    public static Object object(Column column, int[] shape, int row) {
        int place = column.layout().place(shape, row);
        Values values = switch (column) {
            case Column.Strided strided -> strided.values();
            case Column.Dictionary dictionary -> {
                Object index = dictionary.indices().object(place);
                if (index == null) {
                    yield null;
                }
                place = (int) index;
                yield dictionary.dictionary();
            }
        };
        if (values == null || column.nulls() != NullForm.NONE && !values.isValid(place)) {
            return null;
        }
        return plain(values.object(place), column.nulls());
    }

    private static Object plain(Object object, NullForm form) {
        if (form == NullForm.NAN
                && (object instanceof Float f && f.isNaN() || object instanceof Double d && d.isNaN())) {
            return null;
        }
        if (object instanceof byte[] bytes) {
            List<Byte> list = new ArrayList<>();
            for (byte b : bytes) {
                list.add(b);
            }
            return list;
        }
        return object;
    }

    /** What an Arrow vector holds, in the form of {@link #object}. */
    public static List<Object> objects(FieldVector vector) {
        Values values = Values.of(vector);
        List<Object> objects = new ArrayList<>();
        for (int i = 0; i < vector.getValueCount(); i++) {
            objects.add(plain(values.object(i), NullForm.BITMAP));
        }
        return objects;
    }

    /** The selected rows of a column. */
    public static List<Object> objects(Column column, int[] shape, Selection selection, int from, int to) {
        List<Object> objects = new ArrayList<>();
        for (int row = from; row < to; row++) {
            if (selection.contains(row)) {
                objects.add(object(column, shape, row));
            }
        }
        return objects;
    }

    @Override
    public void close() {
        vectors.forEach(FieldVector::close);
    }
}
