package dev.graticule.zarr;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.Optional;

/** Elements written as JSON, as fill values are: numbers, {@code "NaN"}, {@code "-Infinity"}, {@code "0x7fc00000"}. */
final class FillValues {
    private FillValues() {
    }

    /** The bits of an element in the low bytes of a long; empty where the JSON is no value of the type. */
    static Optional<Long> bits(JsonNode node, ElementType type) {
        return switch (type) {
            case BOOL -> node.isBoolean() ? Optional.of(node.booleanValue() ? 1L : 0L)
                    : Json.wholeNumber(node).isPresent()
                            ? Optional.of(Json.wholeNumber(node).getAsLong() == 0 ? 0L : 1L) : Optional.empty();
            case FLOAT16, FLOAT32, FLOAT64 -> floatingBits(node, type);
            case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 ->
                integer(node).filter(value -> fits(value, type))
                        .map(value -> value.longValue() & mask(type));
        };
    }

    /** A number as the bits of an element; the value is rounded to the type. */
    static long bits(double value, ElementType type) {
        return switch (type) {
            case FLOAT16 -> Float.floatToFloat16((float) value) & 0xffffL;
            case FLOAT32 -> Float.floatToRawIntBits((float) value) & 0xffffffffL;
            case FLOAT64 -> Double.doubleToRawLongBits(value);
            case BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> (long) value & mask(type);
        };
    }

    /** The bits that an element has. */
    static long mask(ElementType type) {
        return type.bytes() == 8 ? -1L : (1L << type.bytes() * 8) - 1;
    }

    /** Whether a whole number is a value of an integer type. */
    static boolean fits(BigInteger value, ElementType type) {
        int bits = type.bytes() * 8;
        return type.isUnsigned() ? value.signum() >= 0 && value.bitLength() <= bits : value.bitLength() < bits;
    }

    /** A whole number of any size, if it is one. */
    static Optional<BigInteger> integer(JsonNode node) {
        if (node.isIntegralNumber()) {
            return Optional.of(node.bigIntegerValue());
        }
        if (node.isFloatingPointNumber() && Double.isFinite(node.doubleValue())
                && node.doubleValue() == Math.rint(node.doubleValue())) {
            return Optional.of(node.decimalValue().toBigInteger());
        }
        return Optional.empty();
    }

    /** A number as metadata writes it, the names of infinities and NaN included. */
    static Optional<Double> number(JsonNode node) {
        if (node.isNumber()) {
            return Optional.of(node.doubleValue());
        }
        return Optional.ofNullable(switch (node.asText()) {
            case "NaN", "nan" -> Double.NaN;
            case "Infinity", "inf", "+Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity", "-inf" -> Double.NEGATIVE_INFINITY;
            default -> null;
        });
    }

    private static Optional<Long> floatingBits(JsonNode node, ElementType type) {
        String text = node.asText();
        if (node.isTextual() && text.startsWith("0x") && text.length() == 2 + 2 * type.bytes()) {
            try {
                return Optional.of(Long.parseUnsignedLong(text, 2, text.length(), 16));
            } catch (NumberFormatException notHexadecimal) {
                return Optional.empty();
            }
        }
        return number(node).map(value -> bits(value, type));
    }
}
