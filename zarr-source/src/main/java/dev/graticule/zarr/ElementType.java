package dev.graticule.zarr;

import java.util.Optional;

/** The type of an array's elements as they are stored. Elements are little-endian once decoded. */
public enum ElementType {
    /** One byte, 0 or 1. */
    BOOL("bool", 1, false),
    INT8("int8", 1, false),
    INT16("int16", 2, false),
    INT32("int32", 4, false),
    INT64("int64", 8,
            false),
    UINT8("uint8", 1, true),
    UINT16("uint16", 2, true),
    UINT32("uint32", 4,
            true),
    UINT64("uint64", 8, true),
    FLOAT16("float16", 2, false),
    FLOAT32("float32", 4, false),
    FLOAT64("float64", 8, false);

    private final String zarrName;
    private final int bytes;
    private final boolean unsigned;

    ElementType(String zarrName, int bytes, boolean unsigned) {
        this.zarrName = zarrName;
        this.bytes = bytes;
        this.unsigned = unsigned;
    }

    /** The name that version 3 of the format gives the type. */
    public String zarrName() {
        return zarrName;
    }

    public int bytes() {
        return bytes;
    }

    /** Whether values are whole numbers that cannot be negative. */
    public boolean isUnsigned() {
        return unsigned;
    }

    /** Whether values are IEEE 754 numbers. */
    public boolean isFloating() {
        return this == FLOAT16 || this == FLOAT32 || this == FLOAT64;
    }

    /** Whether values are whole numbers. */
    public boolean isInteger() {
        return this != BOOL && !isFloating();
    }

    /** The integer type with the same bits and the other sign, for the attribute {@code _Unsigned}. */
    public ElementType withSign(boolean signed) {
        return switch (this) {
            case INT8, UINT8 -> signed ? INT8 : UINT8;
            case INT16, UINT16 -> signed ? INT16 : UINT16;
            case INT32, UINT32 -> signed ? INT32 : UINT32;
            case INT64, UINT64 -> signed ? INT64 : UINT64;
            case BOOL, FLOAT16, FLOAT32, FLOAT64 -> this;
        };
    }

    /** The NumPy type string of little-endian elements, which version 2 of the format has. */
    public String numPyName() {
        String kind = this == BOOL ? "b" : isFloating() ? "f" : unsigned ? "u" : "i";
        return (bytes == 1 ? "|" : "<") + kind + bytes;
    }

    /** The type with a name of version 3. */
    public static Optional<ElementType> named(String name) {
        for (ElementType type : values()) {
            if (type.zarrName.equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** The type of a NumPy type string without its byte order: {@code f4}, {@code b1}. */
    public static Optional<ElementType> ofNumPy(String code) {
        return Optional.ofNullable(switch (code) {
            case "b1" -> BOOL;
            case "i1" -> INT8;
            case "i2" -> INT16;
            case "i4" -> INT32;
            case "i8" -> INT64;
            case "u1" -> UINT8;
            case "u2" -> UINT16;
            case "u4" -> UINT32;
            case "u8" -> UINT64;
            case "f2" -> FLOAT16;
            case "f4" -> FLOAT32;
            case "f8" -> FLOAT64;
            default -> null;
        });
    }
}
