package dev.graticule.arrow;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.IntervalDayVector;
import org.apache.arrow.vector.IntervalMonthDayNanoVector;
import org.apache.arrow.vector.IntervalYearVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.PeriodDuration;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarBinaryVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.LargeListViewVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.ListViewVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;

/** What a cell of any Arrow layout means, as text that is the same for every layout of the same value. */
final class Truth {
    private Truth() {
    }

    static String text(FieldVector vector, int row, DictionaryProvider dictionaries) {
        if (vector instanceof RunEndEncodedVector runs) {
            return text(runs.getValuesVector(), runs.getPhysicalIndex(row), dictionaries);
        }
        if (vector.isNull(row)) {
            return "NULL";
        }
        if (vector.getField().getDictionary() != null) {
            FieldVector values = dictionaries.lookup(vector.getField().getDictionary().getId()).getVector();
            return text(values, (int) ((BaseIntVector) vector).getValueAsLong(row), dictionaries);
        }
        return switch (vector) {
            case ExtensionTypeVector<?> extension ->
                text((FieldVector) extension.getUnderlyingVector(), row, dictionaries);
            case StructVector struct -> {
                TreeMap<String, String> fields = new TreeMap<>();
                struct.getChildrenFromFields()
                        .forEach(child -> fields.put(child.getName(), text(child, row, dictionaries)));
                yield fields.toString();
            }
            case MapVector map -> {
                List<FieldVector> entry = map.getDataVector().getChildrenFromFields();
                int start = map.getElementStartIndex(row);
                int end = map.getElementEndIndex(row);
                yield list(start, end, entry.get(0), dictionaries) + " to "
                        + list(start, end, entry.get(1), dictionaries);
            }
            case UnionVector union -> text((FieldVector) union.getVector(row), row, dictionaries);
            case DenseUnionVector union ->
                text((FieldVector) union.getVectorByType(union.getTypeId(row)), union.getOffset(row), dictionaries);
            case ListVector list ->
                list(list.getElementStartIndex(row), list.getElementEndIndex(row), list.getDataVector(), dictionaries);
            case LargeListVector list ->
                list(list.getElementStartIndex(row), list.getElementEndIndex(row), list.getDataVector(), dictionaries);
            case FixedSizeListVector list -> list((long) row * list.getListSize(), (row + 1L) * list.getListSize(),
                    list.getDataVector(), dictionaries);
            case ListViewVector list -> {
                int start = list.getOffsetBuffer().getInt(row * 4L);
                yield list(start, start + list.getSizeBuffer().getInt(row * 4L), list.getDataVector(), dictionaries);
            }
            case LargeListViewVector list -> {
                long start = list.getOffsetBuffer().getLong(row * 8L);
                yield list(start, start + list.getSizeBuffer().getLong(row * 8L), (FieldVector) list.getDataVector(),
                        dictionaries);
            }
            case VarCharVector text -> string(text::get, row);
            case LargeVarCharVector text -> string(text::get, row);
            case ViewVarCharVector text -> string(text::get, row);
            case VarBinaryVector bytes -> hex(bytes::get, row);
            case LargeVarBinaryVector bytes -> hex(bytes::get, row);
            case ViewVarBinaryVector bytes -> hex(bytes::get, row);
            case FixedSizeBinaryVector bytes -> hex(bytes::get, row);
            case Float2Vector half -> String.valueOf(half.getValueAsFloat(row));
            case DateDayVector date -> "day " + date.get(row);
            case DateMilliVector date -> "day " + Math.floorDiv(date.get(row), 86_400_000L);
            case TimeSecVector time -> "time " + time.get(row) * 1_000_000L;
            case TimeMilliVector time -> "time " + time.get(row) * 1_000L;
            case TimeMicroVector time -> "time " + time.get(row);
            case TimeNanoVector time -> "time " + time.get(row) + " ns";
            case DecimalVector decimal -> decimal.getObject(row).toPlainString();
            case Decimal256Vector decimal -> decimal.getObject(row).toPlainString();
            case IntervalYearVector interval -> interval.get(row) + " months 0 days 0 ns";
            case IntervalDayVector interval -> "0 months " + interval.getDataBuffer().getInt(row * 8L) + " days "
                    + interval.getDataBuffer().getInt(row * 8L + 4) * 1_000_000L + " ns";
            case IntervalMonthDayNanoVector interval -> {
                PeriodDuration span = interval.getObject(row);
                yield span.getPeriod().toTotalMonths() + " months " + span.getPeriod().getDays() + " days "
                        + span.getDuration().toNanos() + " ns";
            }
            default -> String.valueOf(vector.getObject(row));
        };
    }

    private static String list(long start, long end, FieldVector values, DictionaryProvider dictionaries) {
        List<String> elements = new ArrayList<>();
        for (long i = start; i < end; i++) {
            elements.add(text(values, (int) i, dictionaries));
        }
        return elements.toString();
    }

    private static String string(IntFunction<byte[]> bytes, int row) {
        return new String(bytes.apply(row), StandardCharsets.UTF_8);
    }

    private static String hex(IntFunction<byte[]> bytes, int row) {
        return HexFormat.of().formatHex(bytes.apply(row));
    }
}
