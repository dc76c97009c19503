package dev.graticule.file.text;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.IntervalDayVector;
import org.apache.arrow.vector.IntervalMonthDayNanoVector;
import org.apache.arrow.vector.IntervalYearVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarBinaryVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.UnionVector;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.ArrowType;

/**
 * The one place that turns a cell of a result into text or JSON.
 *
 * <p>Numbers have the fewest digits that give the same value back; dates, times and timestamps are ISO 8601 (zoned ones end
 * with {@code Z}); blobs are hexadecimal; an interval is {@code 1 year 2 days 03:04:05.5}; lists and structs are JSON.
 */
public final class CellText {
    private static final long NANOSECONDS = 1_000_000_000L;
    private static final int DAY_IN_SECONDS = 86_400;
    private static final String[] ZEROS = {"", "0", "00", "000", "0000", "00000", "000000", "0000000", "00000000"};

    private final boolean decimalsAsText;

    /** @param decimalsAsText whether a DECIMAL in JSON is a string, for readers that would make a double of it */
    public CellText(boolean decimalsAsText) {
        this.decimalsAsText = decimalsAsText;
    }

    /** The cell as text without quotes; the caller asks whether it is NULL first. */
    public String text(FieldVector vector, int row) {
        StringBuilder out = new StringBuilder();
        appendText(out, vector, row);
        return out.toString();
    }

    /** Appends the cell as a JSON value; NaN and the infinities are strings. */
    public void appendJson(StringBuilder out, FieldVector vector, int row) {
        MinorType type = vector.getMinorType();
        if (type == MinorType.NULL || vector.isNull(row)) {
            out.append("null");
            return;
        }
        switch (type) {
            case TINYINT, SMALLINT, INT, BIGINT, UINT1, UINT2, UINT4, UINT8, BIT -> appendText(out, vector, row);
            case FLOAT2, FLOAT4, FLOAT8 -> appendNumberOrString(out, vector, row);
            case DECIMAL, DECIMAL256 -> {
                out.append(decimalsAsText ? "\"" : "");
                appendText(out, vector, row);
                out.append(decimalsAsText ? "\"" : "");
            }
            case STRUCT -> {
                List<FieldVector> children = vector.getChildrenFromFields();
                String separator = "{";
                for (FieldVector child : children) {
                    appendString(out.append(separator), child.getName());
                    appendJson(out.append(": "), child, row);
                    separator = ", ";
                }
                out.append(children.isEmpty() ? "{}" : "}");
            }
            case MAP -> appendMap(out, (MapVector) vector, row);
            case LIST -> {
                ListVector list = (ListVector) vector;
                appendList(out, list.getDataVector(), list.getElementStartIndex(row), list.getElementEndIndex(row));
            }
            case LARGELIST -> {
                LargeListVector list = (LargeListVector) vector;
                appendList(out, list.getDataVector(), list.getElementStartIndex(row), list.getElementEndIndex(row));
            }
            case FIXED_SIZE_LIST -> {
                FixedSizeListVector list = (FixedSizeListVector) vector;
                appendList(out, list.getDataVector(), (long) row * list.getListSize(), (row + 1L) * list.getListSize());
            }
            case UNION -> appendJson(out, (FieldVector) ((UnionVector) vector).getVector(row), row);
            case DENSEUNION -> {
                DenseUnionVector union = (DenseUnionVector) vector;
                appendJson(out, (FieldVector) union.getVectorByType(union.getTypeId(row)), union.getOffset(row));
            }
            case EXTENSIONTYPE ->
                appendJson(out, (FieldVector) ((ExtensionTypeVector<?>) vector).getUnderlyingVector(), row);
            default -> appendString(out, text(vector, row));
        }
    }

    private void appendNumberOrString(StringBuilder out, FieldVector vector, int row) {
        int start = out.length();
        appendText(out, vector, row);
        char last = out.charAt(out.length() - 1);
        if (last == 'N' || last == 'y') {
            out.insert(start, '"').append('"');
        }
    }

    private void appendList(StringBuilder out, FieldVector values, long start, long end) {
        out.append('[');
        for (long i = start; i < end; i++) {
            appendJson(out.append(i > start ? ", " : ""), values, (int) i);
        }
        out.append(']');
    }

    /** A map is an object where its keys are text, else an object of the keys' text. */
    private void appendMap(StringBuilder out, MapVector map, int row) {
        List<FieldVector> entry = map.getDataVector().getChildrenFromFields();
        String separator = "{";
        for (int i = map.getElementStartIndex(row); i < map.getElementEndIndex(row); i++) {
            appendString(out.append(separator), entry.get(0).isNull(i) ? "" : text(entry.get(0), i));
            appendJson(out.append(": "), entry.get(1), i);
            separator = ", ";
        }
        out.append(separator.equals("{") ? "{}" : "}");
    }

    private void appendText(StringBuilder out, FieldVector vector, int row) {
        switch (vector.getMinorType()) {
            case NULL -> out.append("NULL");
            case BIT -> out.append(((BitVector) vector).get(row) != 0);
            case TINYINT -> out.append(((TinyIntVector) vector).get(row));
            case SMALLINT -> out.append(((SmallIntVector) vector).get(row));
            case INT -> out.append(((IntVector) vector).get(row));
            case BIGINT -> out.append(((BigIntVector) vector).get(row));
            case UINT1 -> out.append(((UInt1Vector) vector).get(row) & 0xff);
            case UINT2 -> out.append((int) ((UInt2Vector) vector).get(row));
            case UINT4 -> out.append(Integer.toUnsignedString(((UInt4Vector) vector).get(row)));
            case UINT8 -> out.append(Long.toUnsignedString(((UInt8Vector) vector).get(row)));
            case FLOAT2 -> appendNumber(out, Float.toString(((Float2Vector) vector).getValueAsFloat(row)));
            case FLOAT4 -> appendNumber(out, Float.toString(((Float4Vector) vector).get(row)));
            case FLOAT8 -> appendNumber(out, Double.toString(((Float8Vector) vector).get(row)));
            case DECIMAL -> out.append(((DecimalVector) vector).getObject(row).toPlainString());
            case DECIMAL256 -> out.append(((Decimal256Vector) vector).getObject(row).toPlainString());
            case VARCHAR -> appendUtf8(out, ((VarCharVector) vector).get(row));
            case LARGEVARCHAR -> appendUtf8(out, ((LargeVarCharVector) vector).get(row));
            case VIEWVARCHAR -> appendUtf8(out, ((ViewVarCharVector) vector).get(row));
            case VARBINARY -> appendHexadecimal(out, ((VarBinaryVector) vector).get(row));
            case LARGEVARBINARY -> appendHexadecimal(out, ((LargeVarBinaryVector) vector).get(row));
            case VIEWVARBINARY -> appendHexadecimal(out, ((ViewVarBinaryVector) vector).get(row));
            case FIXEDSIZEBINARY -> appendHexadecimal(out, ((FixedSizeBinaryVector) vector).get(row));
            case DATEDAY -> appendDate(out, ((DateDayVector) vector).get(row));
            case DATEMILLI ->
                appendDate(out, Math.floorDiv(((DateMilliVector) vector).get(row), DAY_IN_SECONDS * 1_000L));
            case TIMESEC -> appendTime(out, ((TimeSecVector) vector).get(row), 0);
            case TIMEMILLI -> appendTime(out, ((TimeMilliVector) vector).get(row), 1_000);
            case TIMEMICRO -> appendTime(out, ((TimeMicroVector) vector).get(row), 1_000_000);
            case TIMENANO -> appendTime(out, ((TimeNanoVector) vector).get(row), NANOSECONDS);
            case TIMESTAMPSEC, TIMESTAMPSECTZ -> appendTimestamp(out, (TimeStampVector) vector, row, 1);
            case TIMESTAMPMILLI, TIMESTAMPMILLITZ -> appendTimestamp(out, (TimeStampVector) vector, row, 1_000);
            case TIMESTAMPMICRO, TIMESTAMPMICROTZ -> appendTimestamp(out, (TimeStampVector) vector, row, 1_000_000);
            case TIMESTAMPNANO, TIMESTAMPNANOTZ -> appendTimestamp(out, (TimeStampVector) vector, row, NANOSECONDS);
            case INTERVALYEAR -> appendInterval(out, ((IntervalYearVector) vector).get(row), 0, 0);
            case INTERVALDAY -> appendInterval(out, 0, IntervalDayVector.getDays(vector.getDataBuffer(), row),
                    IntervalDayVector.getMilliseconds(vector.getDataBuffer(), row) * 1_000_000L);
            case INTERVALMONTHDAYNANO ->
                appendInterval(out, IntervalMonthDayNanoVector.getMonths(vector.getDataBuffer(), row),
                        IntervalMonthDayNanoVector.getDays(vector.getDataBuffer(), row),
                        IntervalMonthDayNanoVector.getNanoseconds(vector.getDataBuffer(), row));
            case DURATION -> out.append(((DurationVector) vector).getObject(row));
            case EXTENSIONTYPE ->
                appendText(out, (FieldVector) ((ExtensionTypeVector<?>) vector).getUnderlyingVector(), row);
            case STRUCT, LIST, LARGELIST, FIXED_SIZE_LIST, MAP, UNION, DENSEUNION -> appendJson(out, vector, row);
            case LISTVIEW, LARGELISTVIEW, RUNENDENCODED -> out.append(vector.getObject(row));
        }
    }

    /** Java's shortest digits, written plainly from 1e-5 up to 1e16 and as {@code 1.5e-9} beyond. */
    private static void appendNumber(StringBuilder out, String java) {
        int e = java.indexOf('E');
        if (e < 0) {
            out.append(java);
            return;
        }
        int exponent = Integer.parseInt(java, e + 1, java.length(), 10);
        if (exponent >= -5 && exponent < 16) {
            BigDecimal number = new BigDecimal(java).stripTrailingZeros();
            out.append(number.toPlainString()).append(number.scale() <= 0 ? ".0" : "");
        } else {
            out.append(java, 0, java.startsWith(".0", e - 2) ? e - 2 : e).append('e').append(exponent);
        }
    }

    private static void appendUtf8(StringBuilder out, byte[] bytes) {
        out.append(new String(bytes, StandardCharsets.UTF_8));
    }

    private static void appendHexadecimal(StringBuilder out, byte[] bytes) {
        out.append(HexFormat.of().formatHex(bytes));
    }

    private static void appendDate(StringBuilder out, long day) {
        LocalDate date;
        try {
            date = LocalDate.ofEpochDay(day);
        } catch (DateTimeException beyond) {
            out.append(day).append(" days since 1970-01-01");
            return;
        }
        int year = Math.abs(date.getYear());
        String digits = Integer.toString(year);
        out.append(date.getYear() < 0 ? "-" : "").append(ZEROS[Integer.max(0, 4 - digits.length())]).append(digits);
        appendTwo(out.append('-'), date.getMonthValue());
        appendTwo(out.append('-'), date.getDayOfMonth());
    }

    private static void appendTimestamp(StringBuilder out, TimeStampVector vector, int row, long perSecond) {
        long value = vector.get(row);
        long seconds = Math.floorDiv(value, perSecond);
        appendDate(out, Math.floorDiv(seconds, DAY_IN_SECONDS));
        out.append('T');
        appendTime(out, Math.floorMod(seconds, DAY_IN_SECONDS) * perSecond + Math.floorMod(value, perSecond),
                perSecond);
        if (vector.getField().getType() instanceof ArrowType.Timestamp type && type.getTimezone() != null) {
            out.append('Z');
        }
    }

    /** Appends hours (two digits or more), minutes, seconds and what is left without its last zeros. */
    private static void appendTime(StringBuilder out, long value, long perSecond) {
        long unit = Long.max(1, perSecond);
        long seconds = value / unit;
        appendTwo(out, seconds / 3600);
        appendTwo(out.append(':'), seconds / 60 % 60);
        appendTwo(out.append(':'), seconds % 60);
        long fraction = value % unit * (NANOSECONDS / unit);
        if (fraction != 0) {
            String digits = Long.toString(fraction);
            out.append('.').append(ZEROS[9 - digits.length()]).append(digits);
            int end = out.length();
            while (out.charAt(end - 1) == '0') {
                end--;
            }
            out.setLength(end);
        }
    }

    private static void appendTwo(StringBuilder out, long value) {
        out.append(value < 10 ? "0" : "").append(value);
    }

    private static void appendInterval(StringBuilder out, int months, int days, long nanoseconds) {
        int start = out.length();
        appendPart(out, start, months / 12, "year");
        appendPart(out, start, months % 12, "month");
        appendPart(out, start, days, "day");
        if (nanoseconds != 0 || out.length() == start) {
            out.append(out.length() > start ? " " : "").append(nanoseconds < 0 ? "-" : "");
            appendTime(out, nanoseconds == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(nanoseconds), NANOSECONDS);
        }
    }

    private static void appendPart(StringBuilder out, int start, int value, String unit) {
        if (value != 0) {
            out.append(out.length() > start ? " " : "").append(value).append(' ').append(unit)
                    .append(value == 1 ? "" : "s");
        }
    }

    /** Appends a JSON string with its quotes. */
    public static void appendString(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || Character.isSurrogate(c) && !isPaired(text, i)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static boolean isPaired(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }
}
