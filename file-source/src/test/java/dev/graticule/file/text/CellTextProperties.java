package dev.graticule.file.text;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroTZVector;

/** Text gives the value back. */
final class CellTextProperties {
    @Property
    boolean a_double_s_text_gives_the_same_double(@ForAll long bits) {
        double value = Double.longBitsToDouble(bits);
        try (BufferAllocator allocator = new RootAllocator(); Float8Vector vector = new Float8Vector("x", allocator)) {
            vector.setSafe(0, value);
            vector.setValueCount(1);
            return Double.compare(Double.parseDouble(new CellText(false).text(vector, 0)), value) == 0;
        }
    }

    @Property
    boolean a_float_s_text_gives_the_same_float(@ForAll int bits) {
        float value = Float.intBitsToFloat(bits);
        try (BufferAllocator allocator = new RootAllocator(); Float4Vector vector = new Float4Vector("x", allocator)) {
            vector.setSafe(0, value);
            vector.setValueCount(1);
            return Float.compare(Float.parseFloat(new CellText(false).text(vector, 0)), value) == 0;
        }
    }

    @Property
    boolean a_json_string_gives_the_same_text(@ForAll String text) throws IOException {
        StringBuilder json = new StringBuilder();
        CellText.appendString(json, text);
        return new ObjectMapper().readValue(json.toString(), String.class).equals(text);
    }

    @Property
    boolean a_timestamp_s_text_gives_the_same_instant(@ForAll int seconds, @ForAll int fraction) {
        long micros = seconds * 1_000_000L + Math.floorMod(fraction, 1_000_000);
        try (BufferAllocator allocator = new RootAllocator();
                TimeStampMicroTZVector vector = new TimeStampMicroTZVector("x", allocator, "UTC")) {
            vector.setSafe(0, micros);
            vector.setValueCount(1);
            Instant instant = Instant.parse(new CellText(false).text(vector, 0));
            return instant.getEpochSecond() * 1_000_000L + instant.getNano() / 1_000 == micros;
        }
    }
}
