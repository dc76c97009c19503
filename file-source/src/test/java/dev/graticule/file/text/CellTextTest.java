package dev.graticule.file.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.function.BiConsumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.IntervalMonthDayNanoVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.TimeStampNanoVector;
import org.apache.arrow.vector.TimeStampSecVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.complex.impl.UnionListWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a cell of each type reads. */
final class CellTextTest {
    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void close() {
        allocator.close();
    }

    private <V extends FieldVector, T> void assertText(V vector, BiConsumer<V, T> set, T value, String text,
            String json) {
        try (vector) {
            set.accept(vector, value);
            vector.setValueCount(1);
            assertEquals(text, new CellText(true).text(vector, 0));
            assertEquals(json, json(vector, 0));
        }
    }

    private static String json(FieldVector vector, int row) {
        StringBuilder out = new StringBuilder();
        new CellText(true).appendJson(out, vector, row);
        return out.toString();
    }

    private void assertDouble(double value, String text) {
        assertText(new Float8Vector("x", allocator), (vector, x) -> vector.setSafe(0, x), value, text, text);
    }

    @Test
    void doubles_have_the_fewest_digits_and_an_exponent_only_far_out() {
        assertDouble(1, "1.0");
        assertDouble(0.1, "0.1");
        assertDouble(-0.0, "-0.0");
        assertDouble(1e7, "10000000.0");
        assertDouble(1.5e15, "1500000000000000.0");
        assertDouble(1e16, "1e16");
        assertDouble(1.25e-7, "1.25e-7");
        assertDouble(0.0001, "0.0001");
    }

    @Test
    void floats_have_their_own_digits() {
        assertText(new Float4Vector("x", allocator), (vector, x) -> vector.setSafe(0, x), 40.1f, "40.1", "40.1");
        assertText(new Float4Vector("x", allocator), (vector, x) -> vector.setSafe(0, x), 1e20f, "1e20", "1e20");
    }

    @Test
    void nan_and_the_infinities_are_strings_in_json() {
        BiConsumer<Float8Vector, Double> set = (vector, x) -> vector.setSafe(0, x);
        assertText(new Float8Vector("x", allocator), set, Double.NaN, "NaN", "\"NaN\"");
        assertText(new Float8Vector("x", allocator), set, Double.POSITIVE_INFINITY, "Infinity", "\"Infinity\"");
        assertText(new Float8Vector("x", allocator), set, Double.NEGATIVE_INFINITY, "-Infinity", "\"-Infinity\"");
    }

    @Test
    void integers_of_every_width_and_sign() {
        assertText(new UInt1Vector("x", allocator), (vector, x) -> vector.setSafe(0, x), 255, "255", "255");
        assertText(new UInt8Vector("x", allocator), (vector, x) -> vector.setSafe(0, x), -1L, "18446744073709551615",
                "18446744073709551615");
        assertText(new BitVector("x", allocator), (vector, x) -> vector.setSafe(0, x), 1, "true", "true");
    }

    @Test
    void a_decimal_keeps_its_scale_and_is_a_string_for_programs() {
        assertText(new DecimalVector("x", allocator, 10, 2), (vector, x) -> vector.setSafe(0, x),
                new BigDecimal("12.50"), "12.50", "\"12.50\"");
    }

    @Test
    void dates_and_times_are_iso() {
        assertText(new DateDayVector("x", allocator), (vector, x) -> vector.setSafe(0, x), 0, "1970-01-01",
                "\"1970-01-01\"");
        assertText(new DateDayVector("x", allocator), (vector, x) -> vector.setSafe(0, x), 2_932_897, "10000-01-01",
                "\"10000-01-01\"");
        assertText(new DateDayVector("x", allocator), (vector, x) -> vector.setSafe(0, x), -719_893, "-0001-01-01",
                "\"-0001-01-01\"");
        assertText(new TimeMicroVector("x", allocator), (vector, x) -> vector.setSafe(0, x), 3_723_500_000L,
                "01:02:03.5", "\"01:02:03.5\"");
        assertText(new TimeStampMicroVector("x", allocator), (vector, x) -> vector.setSafe(0, x), -1L,
                "1969-12-31T23:59:59.999999",
                "\"1969-12-31T23:59:59.999999\"");
        assertText(new TimeStampSecVector("x", allocator), (vector, x) -> vector.setSafe(0, x), 86_400L,
                "1970-01-02T00:00:00",
                "\"1970-01-02T00:00:00\"");
        assertText(new TimeStampNanoVector("x", allocator), (vector, x) -> vector.setSafe(0, x), 1_000_000_007L,
                "1970-01-01T00:00:01.000000007",
                "\"1970-01-01T00:00:01.000000007\"");
        assertText(new TimeStampMicroTZVector("x", allocator, "Europe/Oslo"), (vector, x) -> vector.setSafe(0, x), 0L,
                "1970-01-01T00:00:00Z",
                "\"1970-01-01T00:00:00Z\"");
    }

    @Test
    void intervals_name_their_parts() {
        assertInterval(0, 0, 0, "00:00:00");
        assertInterval(0, 1, 7_200_000_000_000L, "1 day 02:00:00");
        assertInterval(14, 0, 0, "1 year 2 months");
        assertInterval(0, -1, -1_500_000_000L, "-1 days -00:00:01.5");
        assertInterval(0, 0, 90_000_000_000_000L, "25:00:00");
    }

    private void assertInterval(int months, int days, long nanoseconds, String text) {
        assertText(new IntervalMonthDayNanoVector("x", allocator),
                (vector, x) -> vector.setSafe(0, months, days, nanoseconds), "", text,
                "\"" + text + "\"");
    }

    @Test
    void blobs_are_hexadecimal_and_text_is_escaped_in_json_only() {
        assertText(new VarBinaryVector("x", allocator), (vector, x) -> vector.setSafe(0, x), new byte[]{1, (byte) 0xab},
                "01ab", "\"01ab\"");
        assertText(new VarCharVector("x", allocator), (vector, x) -> vector.setSafe(0, x.getBytes()), "a\"b\\\n\u0001",
                "a\"b\\\n\u0001",
                "\"a\\\"b\\\\\\n\\u0001\"");
    }

    @Test
    void lists_and_structs_are_json() {
        try (ListVector list = ListVector.empty("x", allocator)) {
            UnionListWriter writer = list.getWriter();
            writer.setPosition(0);
            writer.startList();
            writer.bigInt().writeBigInt(1);
            writer.bigInt().writeNull();
            writer.endList();
            writer.setValueCount(2);
            assertEquals("[1, null]", json(list, 0));
            assertEquals("[1, null]", new CellText(false).text(list, 0));
            assertEquals("null", json(list, 1));
        }
        try (StructVector struct = StructVector.empty("x", allocator)) {
            IntVector child = struct.addOrGet("a", FieldType.nullable(new ArrowType.Int(32, true)), IntVector.class);
            child.setSafe(0, 5);
            struct.setIndexDefined(0);
            struct.setValueCount(1);
            assertEquals("{\"a\": 5}", json(struct, 0));
        }
    }
}
