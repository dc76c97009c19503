package dev.graticule.arrow;

import dev.graticule.batch.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.LargeListViewVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.ListViewVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.complex.UnionVector;

/**
 * Whether what a vector says of places is true: offsets ascend and end inside their bytes or elements, views and run ends point to
 * something, children have enough values. What was read of a damaged file may say anything, and Arrow's library copies without looking.
 *
 * <p>A problem is the end of a sentence about the column. Offsets of texts are one pass over four or eight bytes a row; numbers cost
 * nothing.
 */
final class VectorCheck {
    private static final int VIEW = 16;
    private static final int INLINE = 12;
    /** From how many offsets on vectors pay: the first use of them costs much. */
    private static final int MANY = 1 << 15;
    private static final Optional<String> NONE = Optional.empty();

    private VectorCheck() {
    }

    /** What is wrong with the vector, as the end of a sentence that begins with its name; empty where nothing is. */
    static Optional<String> problem(FieldVector vector) {
        return problem(vector, 0, vector.getValueCount());
    }

    /** As {@link #problem(FieldVector)}, of {@code count} of its values. */
    static Optional<String> problem(FieldVector vector, int from, int count) {
        if (count == 0) {
            return NONE;
        }
        if (from + count > vector.getValueCount()) {
            return Optional.of("has " + vector.getValueCount() + " values and should have " + (from + count));
        }
        if (hasShortBitmap(vector, from + count)) {
            return Optional.of("does not say which of its values are NULL");
        }
        return switch (vector) {
            case NullVector nulls -> NONE;
            case ExtensionTypeVector<?> extension ->
                problem((FieldVector) extension.getUnderlyingVector(), from, count);
            case BaseVariableWidthVector texts ->
                offsets(texts.getOffsetBuffer(), 4, from, count, texts.getDataBuffer().capacity());
            case BaseLargeVariableWidthVector texts ->
                offsets(texts.getOffsetBuffer(), 8, from, count, texts.getDataBuffer().capacity());
            case BaseVariableWidthViewVector views -> views(views, from, count);
            case LargeListVector lists -> lists(lists.getOffsetBuffer(), 8, lists.getDataVector(), from, count);
            case ListVector lists -> lists(lists.getOffsetBuffer(), 4, lists.getDataVector(), from, count);
            case ListViewVector lists ->
                listViews(lists, 4, lists.getSizeBuffer(), lists.getDataVector(), from, count);
            case LargeListViewVector lists ->
                listViews(lists, 8, lists.getSizeBuffer(), (FieldVector) lists.getDataVector(), from, count);
            case FixedSizeListVector lists -> {
                long size = lists.getListSize();
                long end = (from + count) * size;
                yield end > lists.getDataVector().getValueCount()
                        ? Optional
                                .of("has " + lists.getDataVector().getValueCount() + " elements and should have " + end)
                        : problem(lists.getDataVector(), (int) (from * size), (int) (count * size));
            }
            case StructVector struct -> children(struct.getChildrenFromFields(), from, count);
            case RunEndEncodedVector runs -> runs(runs, from + count);
            case DenseUnionVector union -> union(union, from, count);
            case UnionVector union -> union(union, from, count);
            default -> fixed(vector, from + count);
        };
    }

    private static boolean hasShortBitmap(FieldVector vector, int end) {
        return !(vector instanceof NullVector || vector instanceof ExtensionTypeVector<?>
                || vector instanceof UnionVector
                || vector instanceof DenseUnionVector || vector instanceof RunEndEncodedVector)
                && vector.getValidityBuffer().capacity() < (end + 7L) / 8;
    }

    /** Values of one width: their bytes are there. */
    private static Optional<String> fixed(FieldVector vector, int end) {
        int width = vector instanceof BaseFixedWidthVector values ? values.getTypeWidth() : 0;
        long needed = vector instanceof BitVector ? (end + 7L) / 8 : (long) end * width;
        long there = vector.getDataBuffer().capacity();
        return there < needed ? Optional.of("has " + there + " bytes and should have " + needed) : NONE;
    }

    private static long at(MemorySegment places, int width, long index) {
        return width == 4 ? places.get(ValueLayout.JAVA_INT_UNALIGNED, index * 4)
                : places.get(ValueLayout.JAVA_LONG_UNALIGNED, index * 8);
    }

    /** Offsets ascend from 0 or more to at most {@code most}. */
    private static Optional<String> offsets(ArrowBuf buffer, int width, int from, int count, long most) {
        if (buffer.capacity() < (from + count + 1L) * width) {
            return Optional.of("has " + buffer.capacity() + " bytes of offsets for " + (from + count) + " rows");
        }
        MemorySegment offsets = Memory.segment(buffer).asSlice((long) from * width, (count + 1L) * width);
        long first = at(offsets, width, 0);
        long last = at(offsets, width, count);
        if (first >= 0 && last <= most && (width == 4 ? ascend(offsets, count) : ascendLarge(offsets, count))) {
            return NONE;
        }
        long before = 0;
        for (int i = 0; i <= count; i++) {
            long offset = at(offsets, width, i);
            if (offset < before || offset > most) {
                return Optional.of("has the offset " + offset + " at row " + (from + Integer.max(0, i - 1))
                        + ", which is not in " + before + " to " + most);
            }
            before = offset;
        }
        throw new IllegalStateException("offsets that do not ascend do");
    }

    /** The sign of all differences in one: a descent between two that are not negative is negative. */
    private static boolean ascend(MemorySegment offsets, int count) {
        int vectors = count < MANY ? 0 : count - count % Lanes.SPECIES.length();
        int signs = vectors == 0 ? 0 : Lanes.signs(offsets, vectors);
        for (int i = vectors; i < count; i++) {
            int one = offsets.get(ValueLayout.JAVA_INT_UNALIGNED, i * 4L);
            int next = offsets.get(ValueLayout.JAVA_INT_UNALIGNED, i * 4L + 4);
            signs |= next | next - one;
        }
        return signs >= 0;
    }

    /** The same, many at once. */
    private static final class Lanes {
        private static final VectorSpecies<Integer> SPECIES = IntVector.SPECIES_PREFERRED;

        static int signs(MemorySegment offsets, int count) {
            IntVector signs = IntVector.zero(SPECIES);
            for (int i = 0; i < count; i += SPECIES.length()) {
                IntVector one = IntVector.fromMemorySegment(SPECIES, offsets, i * 4L, ByteOrder.LITTLE_ENDIAN);
                IntVector next = IntVector.fromMemorySegment(SPECIES, offsets, i * 4L + 4, ByteOrder.LITTLE_ENDIAN);
                signs = signs.or(next.or(next.sub(one)));
            }
            return signs.reduceLanes(VectorOperators.OR);
        }
    }

    private static boolean ascendLarge(MemorySegment offsets, int count) {
        long signs = 0;
        for (int i = 0; i < count; i++) {
            long one = offsets.get(ValueLayout.JAVA_LONG_UNALIGNED, i * 8L);
            long next = offsets.get(ValueLayout.JAVA_LONG_UNALIGNED, i * 8L + 8);
            signs |= next | next - one;
        }
        return signs >= 0;
    }

    private static Optional<String> lists(ArrowBuf buffer, int width, FieldVector elements, int from, int count) {
        Optional<String> problem = offsets(buffer, width, from, count, elements.getValueCount());
        if (problem.isPresent()) {
            return problem;
        }
        MemorySegment offsets = Memory.segment(buffer);
        int start = (int) at(offsets, width, from);
        return inside(elements, start, (int) at(offsets, width, (long) from + count) - start);
    }

    private static Optional<String> inside(FieldVector child, int from, int count) {
        return problem(child, from, count).map(problem -> "has a part " + child.getName() + " that " + problem);
    }

    private static Optional<String> children(List<FieldVector> children, int from, int count) {
        return children.stream().map(child -> inside(child, from, count)).flatMap(Optional::stream).findFirst();
    }

    private static Optional<String> listViews(FieldVector lists, int width, ArrowBuf sizeBuffer, FieldVector elements,
            int from, int count) {
        long needed = (from + (long) count) * width;
        if (lists.getOffsetBuffer().capacity() < needed || sizeBuffer.capacity() < needed) {
            return Optional.of("has too few offsets or sizes for " + (from + count) + " rows");
        }
        MemorySegment offsets = Memory.segment(lists.getOffsetBuffer());
        MemorySegment sizes = Memory.segment(sizeBuffer);
        for (int row = from; row < from + count; row++) {
            long offset = at(offsets, width, row);
            long size = at(sizes, width, row);
            if (offset < 0 || size < 0 || offset > elements.getValueCount() - size) {
                return Optional.of("has a list of " + size + " elements from " + offset + " at row " + row + ", and "
                        + elements.getValueCount() + " elements");
            }
        }
        return inside(elements, 0, elements.getValueCount());
    }

    private static Optional<String> views(BaseVariableWidthViewVector texts, int from, int count) {
        if (texts.getDataBuffer().capacity() < (from + (long) count) * VIEW) {
            return Optional.of("has too few views for " + (from + count) + " rows");
        }
        MemorySegment views = Memory.segment(texts.getDataBuffer());
        List<ArrowBuf> buffers = texts.getDataBuffers();
        for (int row = from; row < from + count; row++) {
            int length = views.get(ValueLayout.JAVA_INT_UNALIGNED, (long) row * VIEW);
            if (length >= 0 && length <= INLINE || texts.isNull(row)) {
                continue;
            }
            int buffer = views.get(ValueLayout.JAVA_INT_UNALIGNED, (long) row * VIEW + 8);
            int offset = views.get(ValueLayout.JAVA_INT_UNALIGNED, (long) row * VIEW + 12);
            if (length < 0 || buffer < 0 || buffer >= buffers.size() || offset < 0
                    || offset + (long) length > buffers.get(buffer).capacity()) {
                return Optional
                        .of("has a text of " + length + " bytes at " + offset + " of buffer " + buffer + " at row "
                                + row + ", which is not there");
            }
        }
        return NONE;
    }

    private static Optional<String> runs(RunEndEncodedVector runs, int end) {
        FieldVector ends = runs.getRunEndsVector();
        int number = ends.getValueCount();
        Optional<String> problem = children(List.of(ends, runs.getValuesVector()), 0, number);
        if (problem.isPresent()) {
            return problem;
        }
        long before = 0;
        for (int run = 0; run < number; run++) {
            long next = ((BaseIntVector) ends).getValueAsLong(run);
            if (next <= before) {
                return Optional.of("has a run that ends at row " + next + " after one that ends at row " + before);
            }
            before = next;
        }
        return before < end ? Optional.of("has runs for " + before + " of " + end + " rows") : NONE;
    }

    private static Optional<String> union(UnionVector union, int from, int count) {
        if (union.getTypeBuffer().capacity() < from + (long) count) {
            return Optional.of("has too few types for " + (from + count) + " rows");
        }
        for (int row = from; row < from + count; row++) {
            if (union.getTypeValue(row) < 0 || union.getVector(row) == null) {
                return Optional
                        .of("has the type " + union.getTypeValue(row) + " at row " + row + ", which is none of its");
            }
        }
        return children(union.getChildrenFromFields(), from, count);
    }

    private static Optional<String> union(DenseUnionVector union, int from, int count) {
        if (union.getTypeBuffer().capacity() < from + (long) count
                || union.getOffsetBuffer().capacity() < (from + (long) count) * 4) {
            return Optional.of("has too few types or offsets for " + (from + count) + " rows");
        }
        for (int row = from; row < from + count; row++) {
            byte type = union.getTypeId(row);
            FieldVector values = type < 0 ? null : (FieldVector) union.getVectorByType(type);
            int offset = union.getOffsetBuffer().getInt(row * 4L);
            if (values == null || offset < 0 || offset >= values.getValueCount()) {
                return Optional
                        .of("has value " + offset + " of type " + type + " at row " + row + ", which is not there");
            }
        }
        return union.getChildrenFromFields().stream().map(child -> inside(child, 0, child.getValueCount()))
                .flatMap(Optional::stream).findFirst();
    }
}
