package dev.graticule.zarr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The values that stand for "missing" in an array (SEMANTICS 8): {@code _FillValue} and {@code missing_value}, else, in
 * version 2, {@code fill_value}. A sentinel that is no value of the type (1e20 for int16) masks nothing and is left out.
 *
 * @param numbers whole numbers as {@link Long} and floating ones as {@link Double}, equal to the element they mask; never NaN
 * @param beyond  the bits of unsigned elements that no long holds, and of booleans
 */
record Sentinels(List<Number> numbers, List<Long> beyond) {
    static final Sentinels NONE = new Sentinels(List.of(), List.of());

    Sentinels {
        numbers = List.copyOf(numbers);
        beyond = List.copyOf(beyond);
    }

    /** The sentinels of an array whose elements are taken as {@code as} (their own type, or the one with the other sign). */
    static Sentinels of(ArrayMetadata array, Encoding.Regular encoding, ElementType as, Options options) {
        List<Number> numbers = new ArrayList<>();
        List<Long> beyond = new ArrayList<>();
        boolean said = add(array.attributes(), "_FillValue", as, numbers, beyond)
                | add(array.attributes(), "missing_value", as, numbers, beyond);
        if (!said && encoding.hasFill() && options.masksFillValue(array.version()) && as != ElementType.BOOL) {
            addBits(encoding.fillBits(), as, numbers, beyond);
        }
        return new Sentinels(numbers, beyond);
    }

    private static boolean add(ObjectNode attributes, String name, ElementType as, List<Number> numbers,
            List<Long> beyond) {
        JsonNode node = attributes.get(name);
        if (node == null || node.isNull()) {
            return false;
        }
        for (JsonNode item : node.isArray() ? node : List.of(node)) {
            bits(item, as).ifPresent(bits -> addBits(bits, as, numbers, beyond));
        }
        return true;
    }

    private static Optional<Long> bits(JsonNode node, ElementType as) {
        if (as.isFloating()) {
            return FillValues.number(node).or(() -> base64(node)).map(value -> FillValues.bits(value, as));
        }
        Optional<Long> direct = FillValues.bits(node, as);
        // A file may write the sentinel with the sign of the stored type: -1 for 255.
        return direct.isPresent() || as == ElementType.BOOL ? direct
                : FillValues.bits(node, as.withSign(as.isUnsigned()));
    }

    /** xarray writes a floating {@code _FillValue} of version 3 as the bytes of a double (or of the type) in base64. */
    private static Optional<Double> base64(JsonNode node) {
        if (!node.isTextual()) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(node.asText());
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            return bytes.length == 8 ? Optional.of(buffer.getDouble())
                    : bytes.length == 4 ? Optional.of((double) buffer.getFloat()) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static void addBits(long bits, ElementType as, List<Number> numbers, List<Long> beyond) {
        if (as == ElementType.BOOL || as == ElementType.UINT64 && bits < 0) {
            beyond.add(bits);
            return;
        }
        Number number = number(bits, as);
        if (!numbers.contains(number) && !(number instanceof Double floating && floating.isNaN())) {
            numbers.add(number);
        }
    }

    /** An element as a number, from its bits. */
    static Number number(long bits, ElementType type) {
        return switch (type) {
            case BOOL, UINT8, UINT16, UINT32, UINT64 -> bits & FillValues.mask(type);
            case INT8 -> (long) (byte) bits;
            case INT16 -> (long) (short) bits;
            case INT32 -> (long) (int) bits;
            case INT64 -> bits;
            case FLOAT16 -> (double) Float.float16ToFloat((short) bits);
            case FLOAT32 -> (double) Float.intBitsToFloat((int) bits);
            case FLOAT64 -> Double.longBitsToDouble(bits);
        };
    }

    /** These and the least 64-bit number, which is no time in NumPy: xarray writes it, and masks it, without any attribute. */
    Sentinels withNotATime() {
        List<Number> all = new ArrayList<>(numbers);
        if (!all.contains(Long.MIN_VALUE)) {
            all.add(Long.MIN_VALUE);
        }
        return new Sentinels(all, beyond);
    }

    /** Whether a whole number is one. */
    boolean contains(long value) {
        for (Number number : numbers) {
            if (number instanceof Long whole && whole == value) {
                return true;
            }
        }
        return false;
    }

    /** Whether a floating number is one. */
    boolean contains(double value) {
        for (Number number : numbers) {
            if (number instanceof Double floating && floating == value) {
                return true;
            }
        }
        return false;
    }

    boolean isEmpty() {
        return numbers.isEmpty() && beyond.isEmpty();
    }

    @Override
    public String toString() {
        List<String> texts = new ArrayList<>();
        numbers.forEach(number -> texts.add(number.toString()));
        beyond.forEach(bits -> texts.add(new BigInteger(Long.toUnsignedString(bits)).toString()));
        return String.join(", ", texts);
    }
}
