package dev.graticule.arrow;

import dev.graticule.GraticuleException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntervalDayVector;
import org.apache.arrow.vector.IntervalMonthDayNanoVector;
import org.apache.arrow.vector.IntervalYearVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarBinaryVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.LargeListViewVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.ListViewVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/**
 * The plain layout nearest to an Arrow type, and the copy into it: large and view strings become strings, date64 a date,
 * time32 microseconds, half floats floats, intervals month-day-nano, decimals of up to 38 digits 128 bits, large
 * lists and list views lists; dictionaries, run ends and extension types are resolved, at any depth.
 */
final class PlainLayout {
    private static final int DECIMAL128_DIGITS = 38;
    private static final long DAY_IN_MILLISECONDS = 86_400_000L;

    private final DictionaryProvider dictionaries;
    private final BufferAllocator allocator;

    /** A copier into memory of the allocator that looks dictionaries up in the provider. */
    PlainLayout(DictionaryProvider dictionaries, BufferAllocator allocator) {
        this.dictionaries = dictionaries;
        this.allocator = allocator;
    }

    /** The field in plain layout; a dictionary-encoded field has its values' type, as in an IPC message. */
    static Field plain(Field field) {
        ArrowType type = field.getType();
        if (type instanceof ArrowType.RunEndEncoded) {
            Field values = plain(field.getChildren().get(1));
            return new Field(field.getName(), new FieldType(true, values.getType(), null, field.getMetadata()),
                    values.getChildren());
        }
        if (type instanceof ArrowType.ExtensionType extension) {
            return plain(new Field(field.getName(),
                    new FieldType(field.isNullable(), extension.storageType(), null, field.getMetadata()),
                    field.getChildren()));
        }
        List<Field> children = field.getChildren().stream().map(PlainLayout::plain).toList();
        return new Field(field.getName(), new FieldType(field.isNullable(), plain(type), null, field.getMetadata()),
                children);
    }

    private static ArrowType plain(ArrowType type) {
        return switch (type) {
            case ArrowType.LargeUtf8 large -> ArrowType.Utf8.INSTANCE;
            case ArrowType.Utf8View view -> ArrowType.Utf8.INSTANCE;
            case ArrowType.LargeBinary large -> ArrowType.Binary.INSTANCE;
            case ArrowType.BinaryView view -> ArrowType.Binary.INSTANCE;
            case ArrowType.FixedSizeBinary fixed -> ArrowType.Binary.INSTANCE;
            case ArrowType.FloatingPoint floating when floating.getPrecision() == FloatingPointPrecision.HALF ->
                new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
            case ArrowType.Date date -> new ArrowType.Date(DateUnit.DAY);
            case ArrowType.Time time when time.getUnit() == TimeUnit.NANOSECOND -> time;
            case ArrowType.Time time -> new ArrowType.Time(TimeUnit.MICROSECOND, 64);
            case ArrowType.Interval interval -> new ArrowType.Interval(IntervalUnit.MONTH_DAY_NANO);
            case ArrowType.Decimal decimal when decimal.getPrecision() <= DECIMAL128_DIGITS ->
                new ArrowType.Decimal(decimal.getPrecision(), decimal.getScale(), 128);
            case ArrowType.LargeList large -> ArrowType.List.INSTANCE;
            case ArrowType.ListView view -> ArrowType.List.INSTANCE;
            case ArrowType.LargeListView view -> ArrowType.List.INSTANCE;
            default -> type;
        };
    }

    /** Whether a vector of this field (as it is in memory) is in plain layout already. */
    static boolean isPlain(Field field) {
        return field.getDictionary() == null && !(field.getType() instanceof ArrowType.RunEndEncoded)
                && !(field.getType() instanceof ArrowType.ExtensionType)
                && plain(field.getType()).equals(field.getType())
                && field.getChildren().stream().allMatch(PlainLayout::isPlain);
    }

    /** The field of a vector as an IPC message would describe it: with the types of its dictionaries' values. */
    Field message(Field field) {
        DictionaryEncoding encoding = field.getDictionary();
        if (encoding != null) {
            Field values = message(dictionary(encoding).getVector().getField());
            return new Field(field.getName(),
                    new FieldType(field.isNullable(), values.getType(), encoding, field.getMetadata()),
                    values.getChildren());
        }
        List<Field> children = field.getChildren().stream().map(this::message).toList();
        return new Field(field.getName(), field.getFieldType(), children);
    }

    Dictionary dictionary(DictionaryEncoding encoding) {
        Dictionary dictionary = dictionaries.lookup(encoding.getId());
        if (dictionary == null) {
            throw GraticuleException.source(
                    "The stream has no dictionary " + encoding.getId() + ", which one of its columns refers to.", null);
        }
        return dictionary;
    }

    /** A plain copy of a vector; the caller closes it. */
    FieldVector openPlain(FieldVector source) {
        FieldVector target = plain(message(source.getField())).createVector(allocator);
        try {
            fill(source, target);
            return target;
        } catch (RuntimeException | Error failure) {
            target.close();
            throw failure;
        }
    }

    /**
     * A vector of the same field and values; the caller closes it.
     *
     * @param allocator of the same root as the vector's where buffers are shared
     * @param shared whether it is over the vector's own buffers, or over copies
     */
    static FieldVector openSame(FieldVector source, BufferAllocator allocator, boolean shared) {
        FieldVector target = source.getField().createVector(allocator);
        try {
            loadSame(source, target, allocator, shared);
            return target;
        } catch (RuntimeException | Error failure) {
            target.close();
            throw failure;
        }
    }

    private static void loadSame(FieldVector source, FieldVector target, BufferAllocator allocator, boolean shared) {
        if (source instanceof NullVector) {
            target.setValueCount(source.getValueCount());
            return;
        }
        List<ArrowBuf> copies = new ArrayList<>();
        try {
            for (ArrowBuf part : source.getFieldBuffers()) {
                copies.add(shared ? part : openCopy(part, allocator));
            }
            target.loadFieldBuffers(new ArrowFieldNode(source.getValueCount(), source.getNullCount()), copies);
        } finally {
            if (!shared) {
                copies.forEach(ArrowBuf::close);
            }
        }
        List<FieldVector> from = source.getChildrenFromFields();
        List<FieldVector> to = target.getChildrenFromFields();
        for (int child = 0; child < from.size(); child++) {
            loadSame(from.get(child), to.get(child), allocator, shared);
        }
    }

    /** For each row the place of its value in the dictionary, checked; 0 where the row is NULL. */
    int[] dictionaryPlaces(FieldVector indices, int values) {
        int[] places = new int[indices.getValueCount()];
        BaseIntVector integers = (BaseIntVector) indices;
        for (int row = 0; row < places.length; row++) {
            if (!indices.isNull(row)) {
                long place = integers.getValueAsLong(row);
                if (place < 0 || place >= values) {
                    throw GraticuleException.source("Column " + indices.getName() + " has the dictionary index " + place
                            + ", and its dictionary has " + values + " values: the stream is damaged.", null);
                }
                places[row] = (int) place;
            }
        }
        return places;
    }

    /** For each row the number of its run. */
    static int[] runPlaces(RunEndEncodedVector source) {
        int[] places = new int[source.getValueCount()];
        BaseIntVector ends = (BaseIntVector) source.getRunEndsVector();
        int runs = Integer.min(source.getRunEndsVector().getValueCount(), source.getValuesVector().getValueCount());
        int row = 0;
        for (int run = 0; run < runs && row < places.length; run++) {
            for (long end = ends.getValueAsLong(run); row < end && row < places.length; row++) {
                places[row] = run;
            }
        }
        if (row < places.length) {
            throw GraticuleException
                    .source("Column " + source.getName() + " has runs for " + row + " of " + places.length
                            + " rows: the stream is damaged.", null);
        }
        return places;
    }

    private void fill(FieldVector source, FieldVector target) {
        int count = source.getValueCount();
        if (source.getField().getDictionary() != null) {
            try (FieldVector values = openPlain(dictionary(source.getField().getDictionary()).getVector())) {
                int[] places = dictionaryPlaces(source, values.getValueCount());
                gather(values, target, count, row -> source.isNull(row) ? -1 : places[row]);
            }
            return;
        }
        switch (source) {
            case RunEndEncodedVector runs -> {
                try (FieldVector values = openPlain(runs.getValuesVector())) {
                    int[] places = runPlaces(runs);
                    gather(values, target, count, row -> places[row]);
                }
            }
            case ExtensionTypeVector<?> extension -> fill((FieldVector) extension.getUnderlyingVector(), target);
            case BaseLargeVariableWidthVector large -> load(large, target, true);
            case LargeListVector large -> {
                load(large, target, true);
                fill(large.getDataVector(), ((ListVector) target).getDataVector());
            }
            case ListViewVector view -> gatherLists(view, view.getDataVector(), view.getOffsetBuffer(), 4,
                    view.getSizeBuffer(), (ListVector) target);
            case LargeListViewVector view ->
                gatherLists(view, (FieldVector) view.getDataVector(), view.getOffsetBuffer(), 8, view.getSizeBuffer(),
                        (ListVector) target);
            case NullVector nulls -> target.setValueCount(count);
            default -> {
                if (source.getField().getType().equals(target.getField().getType())) {
                    copy(source, target);
                } else {
                    convert(source, target);
                }
            }
        }
    }

    private static void gather(FieldVector values, FieldVector target, int count, IntUnaryOperator place) {
        target.setInitialCapacity(count);
        target.allocateNew();
        for (int row = 0; row < count; row++) {
            int from = place.applyAsInt(row);
            if (from < 0 || values.isNull(from)) {
                if (!(target instanceof NullVector)) {
                    target.setNull(row);
                }
            } else {
                target.copyFromSafe(from, row, values);
            }
        }
        target.setValueCount(count);
    }

    /** Copies the vector's own buffers and fills its children. */
    private void copy(FieldVector source, FieldVector target) {
        load(source, target, false);
        List<FieldVector> from = source.getChildrenFromFields();
        List<FieldVector> to = target.getChildrenFromFields();
        for (int child = 0; child < from.size(); child++) {
            fill(from.get(child), to.get(child));
        }
    }

    private static ArrowBuf openCopy(ArrowBuf buffer, BufferAllocator allocator) {
        long bytes = buffer.readableBytes();
        ArrowBuf copy = allocator.buffer(bytes);
        copy.setBytes(0, buffer, buffer.readerIndex(), bytes);
        return copy.writerIndex(bytes);
    }

    /** Gives a vector copies of the other's own buffers, where so said with the offsets (the second ones) narrowed. */
    private void load(FieldVector source, FieldVector target, boolean narrowed) {
        List<ArrowBuf> copies = new ArrayList<>();
        try {
            for (ArrowBuf part : source.getFieldBuffers()) {
                copies.add(narrowed && copies.size() == 1 ? openNarrowOffsets(source, source.getValueCount())
                        : openCopy(part, allocator));
            }
            target.loadFieldBuffers(new ArrowFieldNode(source.getValueCount(), source.getNullCount()), copies);
        } finally {
            copies.forEach(ArrowBuf::close);
        }
    }

    private ArrowBuf openNarrowOffsets(FieldVector source, int count) {
        ArrowBuf wide = source.getOffsetBuffer();
        long last = count == 0 ? 0 : wide.getLong(count * 8L);
        if (last > Integer.MAX_VALUE) {
            throw GraticuleException.source(
                    "Column " + source.getName() + " has more than 2 GiB in one batch: send smaller batches.", null);
        }
        ArrowBuf narrow = allocator.buffer((count + 1L) * 4);
        for (int i = 0; i <= count; i++) {
            narrow.setInt(i * 4L, count == 0 ? 0 : (int) wide.getLong(i * 8L));
        }
        return narrow.writerIndex((count + 1L) * 4);
    }

    private void gatherLists(FieldVector source, FieldVector elements, ArrowBuf offsets, int width, ArrowBuf sizes,
            ListVector target) {
        try (FieldVector values = openPlain(elements)) {
            int count = source.getValueCount();
            target.setInitialCapacity(count);
            target.allocateNew();
            FieldVector list = target.getDataVector();
            int next = 0;
            for (int row = 0; row < count; row++) {
                if (source.isNull(row)) {
                    target.setNull(row);
                    continue;
                }
                target.startNewValue(row);
                long offset = width == 4 ? offsets.getInt(row * 4L) : offsets.getLong(row * 8L);
                long size = width == 4 ? sizes.getInt(row * 4L) : sizes.getLong(row * 8L);
                for (long i = offset; i < offset + size; i++) {
                    list.copyFromSafe(Math.toIntExact(i), next++, values);
                }
                target.endValue(row, Math.toIntExact(size));
            }
            list.setValueCount(next);
            target.setValueCount(count);
        }
    }

    /** Copies value by value into the other type. */
    private static void convert(FieldVector source, FieldVector target) {
        int count = source.getValueCount();
        target.setInitialCapacity(count);
        target.allocateNew();
        for (int row = 0; row < count; row++) {
            if (source.isNull(row)) {
                target.setNull(row);
            } else {
                convert(source, target, row);
            }
        }
        target.setValueCount(count);
    }

    private static void convert(FieldVector source, FieldVector target, int row) {
        switch (source) {
            case ViewVarCharVector view -> ((VarCharVector) target).setSafe(row, view.get(row));
            case ViewVarBinaryVector view -> ((VarBinaryVector) target).setSafe(row, view.get(row));
            case FixedSizeBinaryVector fixed -> ((VarBinaryVector) target).setSafe(row, fixed.get(row));
            case Float2Vector half -> ((Float4Vector) target).setSafe(row, half.getValueAsFloat(row));
            case DateMilliVector date -> ((DateDayVector) target).setSafe(row, days(source, date.get(row)));
            case TimeSecVector time -> ((TimeMicroVector) target).setSafe(row, time.get(row) * 1_000_000L);
            case TimeMilliVector time -> ((TimeMicroVector) target).setSafe(row, time.get(row) * 1_000L);
            case IntervalYearVector interval ->
                ((IntervalMonthDayNanoVector) target).setSafe(row, interval.get(row), 0, 0);
            case IntervalDayVector interval -> {
                ArrowBuf parts = interval.getDataBuffer();
                ((IntervalMonthDayNanoVector) target).setSafe(row, 0, parts.getInt(row * 8L),
                        parts.getInt(row * 8L + 4) * 1_000_000L);
            }
            case Decimal256Vector decimal -> ((DecimalVector) target).setSafe(row, decimal.getObject(row));
            default ->
                throw new IllegalStateException("no conversion from " + source.getField() + " to " + target.getField());
        }
    }

    private static int days(ValueVector source, long milliseconds) {
        long days = Math.floorDiv(milliseconds, DAY_IN_MILLISECONDS);
        if (days != (int) days) {
            throw GraticuleException.source("Column " + source.getName() + " has a date of " + milliseconds
                    + " milliseconds since 1970, which is beyond the range of DATE.", null);
        }
        return (int) days;
    }

    /** A vector of NULLs; the caller closes it. */
    FieldVector openNulls(Field plain, int count) {
        FieldVector nulls = new Field(plain.getName(), new FieldType(true, plain.getType(), null, Map.of()),
                plain.getChildren())
                .createVector(allocator);
        gather(nulls, nulls, count, row -> -1);
        return nulls;
    }
}
