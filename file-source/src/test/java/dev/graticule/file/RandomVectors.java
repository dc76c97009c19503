package dev.graticule.file;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntervalMonthDayNanoVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** Vectors of every type with random values, a fifth of them NULL. */
public final class RandomVectors {
    private final Random random;

    public RandomVectors(long seed) {
        this.random = new Random(seed);
    }

    /** A field of each type that has no children. */
    public static List<Field> flat() {
        List<Field> fields = new ArrayList<>();
        for (int bits : new int[]{8, 16, 32, 64}) {
            fields.add(Field.nullable("i" + bits, new ArrowType.Int(bits, true)));
            fields.add(Field.nullable("u" + bits, new ArrowType.Int(bits, false)));
        }
        fields.add(Field.nullable("flag", ArrowType.Bool.INSTANCE));
        fields.add(Field.nullable("r", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)));
        fields.add(Field.nullable("d", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)));
        fields.add(Field.nullable("dec5", new ArrowType.Decimal(5, 2, 128)));
        fields.add(Field.nullable("dec15", new ArrowType.Decimal(15, 3, 128)));
        fields.add(Field.nullable("dec38", new ArrowType.Decimal(38, 10, 128)));
        fields.add(Field.nullable("text", ArrowType.Utf8.INSTANCE));
        fields.add(Field.nullable("bytes", ArrowType.Binary.INSTANCE));
        fields.add(Field.nullable("day", new ArrowType.Date(DateUnit.DAY)));
        fields.add(Field.nullable("clock", new ArrowType.Time(TimeUnit.MICROSECOND, 64)));
        for (TimeUnit unit : TimeUnit.values()) {
            fields.add(Field.nullable("t_" + unit, new ArrowType.Timestamp(unit, null)));
        }
        fields.add(Field.nullable("zoned", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC")));
        fields.add(Field.nullable("span", new ArrowType.Interval(IntervalUnit.MONTH_DAY_NANO)));
        return fields;
    }

    /** Lists, structs and what they make together. */
    public static List<Field> nested() {
        Field number = Field.nullable("item", new ArrowType.Int(64, true));
        Field text = Field.nullable("name", ArrowType.Utf8.INSTANCE);
        Field list = new Field("numbers", FieldType.nullable(ArrowType.List.INSTANCE), List.of(number));
        Field struct = new Field("pair", FieldType.nullable(ArrowType.Struct.INSTANCE), List.of(number, text));
        return List.of(list, struct, ofTwo(number), map(Field.nullable("value", text.getType())),
                new Field("lists", FieldType.nullable(ArrowType.List.INSTANCE), List.of(list)),
                new Field("structs", FieldType.nullable(ArrowType.List.INSTANCE), List.of(struct)),
                new Field("deep", FieldType.nullable(ArrowType.Struct.INSTANCE), List.of(text, list,
                        new Field("more", FieldType.nullable(ArrowType.List.INSTANCE), List.of(
                                new Field("element", FieldType.nullable(ArrowType.Struct.INSTANCE),
                                        List.of(list, number)))))));
    }

    private static Field ofTwo(Field item) {
        return new Field("two", FieldType.nullable(new ArrowType.FixedSizeList(2)), List.of(item));
    }

    private static Field map(Field value) {
        Field key = new Field("key", FieldType.notNullable(new ArrowType.Int(64, true)), List.of());
        return new Field("map", FieldType.nullable(new ArrowType.Map(false)), List.of(
                new Field("entries", FieldType.notNullable(ArrowType.Struct.INSTANCE), List.of(key, value))));
    }

    /** What Parquet has no types of its own for. */
    public static List<Field> foreign() {
        List<Field> parts = new ArrayList<>();
        parts.add(Field.nullable("half", new ArrowType.FloatingPoint(FloatingPointPrecision.HALF)));
        parts.add(Field.nullable("large text", ArrowType.LargeUtf8.INSTANCE));
        parts.add(Field.nullable("large bytes", ArrowType.LargeBinary.INSTANCE));
        parts.add(Field.nullable("day", new ArrowType.Date(DateUnit.MILLISECOND)));
        parts.add(Field.nullable("clock s", new ArrowType.Time(TimeUnit.SECOND, 32)));
        parts.add(Field.nullable("clock ms", new ArrowType.Time(TimeUnit.MILLISECOND, 32)));
        for (int digits : new int[]{5, 15, 30}) {
            parts.add(Field.nullable("wide" + digits, new ArrowType.Decimal(digits, 2, 256)));
        }
        for (TimeUnit unit : TimeUnit.values()) {
            parts.add(Field.nullable("t " + unit, new ArrowType.Timestamp(unit, "Europe/Berlin")));
            parts.add(Field.nullable("span " + unit, new ArrowType.Duration(unit)));
        }
        parts.add(Field.nullable("dec50", new ArrowType.Decimal(50, 3, 256)));
        Field struct = new Field("struct", FieldType.nullable(ArrowType.Struct.INSTANCE), parts);
        return List.of(struct, ofTwo(struct), map(ofTwo(struct)),
                new Field("large list", FieldType.nullable(ArrowType.LargeList.INSTANCE), List.of(struct)),
                Field.nullable("t_SECOND", new ArrowType.Timestamp(TimeUnit.SECOND, null)),
                Field.nullable("zoned", new ArrowType.Timestamp(TimeUnit.MILLISECOND, "Asia/Kolkata")),
                Field.nullable("span", new ArrowType.Duration(TimeUnit.SECOND)),
                Field.nullable("dec76", new ArrowType.Decimal(76, 10, 256)));
    }

    public VectorSchemaRoot openRoot(List<Field> fields, int rows, BufferAllocator allocator) {
        VectorSchemaRoot root = VectorSchemaRoot.create(new Schema(fields), allocator);
        root.getFieldVectors().forEach(vector -> fill(vector, rows));
        root.setRowCount(rows);
        return root;
    }

    private void fill(FieldVector vector, int rows) {
        vector.setInitialCapacity(rows);
        vector.allocateNew();
        switch (vector) {
            case NullVector nulls -> {
                // All NULL.
            }
            case FixedSizeListVector list -> {
                for (int row = 0; row < rows; row++) {
                    if (isNull()) {
                        list.setNull(row);
                    } else {
                        list.startNewValue(row);
                    }
                }
                fill(list.getDataVector(), rows * list.getListSize());
            }
            case LargeListVector list -> {
                int items = 0;
                for (int row = 0; row < rows; row++) {
                    if (isNull()) {
                        list.setNull(row);
                    } else {
                        int length = random.nextInt(4);
                        list.startNewValue(row);
                        list.endValue(row, length);
                        items += length;
                    }
                }
                fill(list.getDataVector(), items);
            }
            case ListVector list -> {
                int[] lengths = new int[rows];
                int items = 0;
                for (int row = 0; row < rows; row++) {
                    lengths[row] = isNull() ? -1 : random.nextInt(4);
                    if (lengths[row] >= 0) {
                        list.startNewValue(row);
                        list.endValue(row, lengths[row]);
                        items += lengths[row];
                    } else {
                        list.setNull(row);
                    }
                }
                if (list instanceof MapVector map) {
                    fillEntries((StructVector) map.getDataVector(), items);
                } else {
                    fill(list.getDataVector(), items);
                }
                list.getDataVector().setValueCount(items);
            }
            case StructVector struct -> {
                struct.getChildrenFromFields().forEach(child -> fill(child, rows));
                for (int row = 0; row < rows; row++) {
                    if (isNull()) {
                        struct.setNull(row);
                    } else {
                        struct.setIndexDefined(row);
                    }
                }
            }
            default -> {
                for (int row = 0; row < rows; row++) {
                    if (isNull()) {
                        vector.setNull(row);
                    } else {
                        set(vector, row);
                    }
                }
            }
        }
        vector.setValueCount(rows);
    }

    /** Keys that differ. */
    private void fillEntries(StructVector entries, int count) {
        BigIntVector keys = (BigIntVector) entries.getChildrenFromFields().get(0);
        fill(entries.getChildrenFromFields().get(1), count);
        for (int i = 0; i < count; i++) {
            keys.setSafe(i, i);
            entries.setIndexDefined(i);
        }
        keys.setValueCount(count);
        entries.setValueCount(count);
    }

    private boolean isNull() {
        return random.nextInt(5) == 0;
    }

    private void set(FieldVector vector, int row) {
        ArrowType type = vector.getField().getType();
        switch (vector) {
            case VarCharVector text -> text.setSafe(row, text().getBytes(StandardCharsets.UTF_8));
            case VarBinaryVector bytes -> {
                byte[] value = new byte[random.nextInt(5)];
                random.nextBytes(value);
                bytes.setSafe(row, value);
            }
            case LargeVarCharVector text -> text.setSafe(row, text().getBytes(StandardCharsets.UTF_8));
            case LargeVarBinaryVector bytes -> bytes.setSafe(row, text().getBytes(StandardCharsets.UTF_8));
            case Decimal256Vector decimals -> {
                BigInteger most = BigInteger.TEN.pow(decimals.getPrecision()).subtract(BigInteger.ONE);
                BigInteger digits = new BigInteger(260, random).mod(most.multiply(BigInteger.TWO)).subtract(most);
                decimals.setSafe(row, new BigDecimal(digits, decimals.getScale()));
            }
            case BitVector bits -> bits.setSafe(row, random.nextInt(2));
            case Float4Vector floats -> floats.setSafe(row, number().floatValue());
            case Float8Vector doubles -> doubles.setSafe(row, number());
            case DecimalVector decimals -> {
                BigInteger most = BigInteger.TEN.pow(decimals.getPrecision()).subtract(BigInteger.ONE);
                BigInteger digits = new BigInteger(130, random).mod(most.multiply(BigInteger.TWO)).subtract(most);
                decimals.setSafe(row, new BigDecimal(digits, decimals.getScale()));
            }
            case IntervalMonthDayNanoVector spans -> spans.setSafe(row, random.nextInt(12), random.nextInt(30),
                    random.nextInt(80_000_000) * 1_000_000L);
            case BaseFixedWidthVector fixed -> {
                long value = switch (type) {
                    case ArrowType.FloatingPoint half -> random.nextInt(1 << 16);
                    case ArrowType.Date date when date.getUnit() == DateUnit.MILLISECOND ->
                        86_400_000L * (random.nextInt(40_000) - 10_000);
                    case ArrowType.Time time when time.getBitWidth() == 32 -> random.nextInt(86_400);
                    case ArrowType.Date date -> random.nextInt(40_000) - 10_000;
                    case ArrowType.Time time -> random.nextLong(86_400_000_000L);
                    case ArrowType.Timestamp time -> random.nextLong(4_000_000_000L) - 1_000_000_000L;
                    default -> random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(5);
                };
                BitVectorHelper.setBit(fixed.getValidityBuffer(), row);
                switch (fixed.getTypeWidth()) {
                    case 1 -> fixed.getDataBuffer().setByte(row, (byte) value);
                    case 2 -> fixed.getDataBuffer().setShort(row * 2L, (short) value);
                    case 4 -> fixed.getDataBuffer().setInt(row * 4L, (int) value);
                    case 8 -> fixed.getDataBuffer().setLong(row * 8L, value);
                    default -> throw new IllegalStateException(type.toString());
                }
            }
            default -> throw new IllegalStateException(type.toString());
        }
    }

    private String text() {
        String[] texts = {"", "a", "\u00e4\u20ac\ud83d\ude00", "it's, \"quoted\"", "two\nlines", "NULL", " x ", "a\\b",
                "1"};
        return random.nextInt(3) == 0 ? Long.toString(random.nextLong(), 36) : texts[random.nextInt(texts.length)];
    }

    private Double number() {
        double[] special = {0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1.5, -2.25};
        return random.nextInt(3) == 0 ? special[random.nextInt(special.length)] : random.nextGaussian() * 1000;
    }
}
