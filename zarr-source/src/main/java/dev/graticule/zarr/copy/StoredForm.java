package dev.graticule.zarr.copy;

import dev.graticule.GraticuleException;
import dev.graticule.type.SqlType;
import dev.graticule.zarr.ElementType;
import dev.graticule.zarr.cf.DurationCoding;
import dev.graticule.zarr.cf.TimeCoding;
import dev.graticule.zarr.cf.UndecodableTimeException;
import java.util.Map;
import java.util.Optional;

/**
 * How a column is stored: as its type is usually, or, where it is an unchanged variable of a Zarr store, as it was there (packed, in
 * its time unit, with its value for missing cells). Immutable.
 *
 * @param kept whether the form is that of the source, whose attributes for it stay
 * @param masked whether the source has a value for missing cells, which is {@code encoding.fill()}
 * @param otherSign whether the array says that its elements have the other sign, and the attribute {@code _Unsigned} corrects that
 */
record StoredForm(CellEncoding encoding, boolean kept, boolean masked, boolean otherSign) {

    /**
     * The form of a column.
     *
     * @param metadata as its field has it
     * @throws GraticuleException of kind UNSUPPORTED where a Zarr store cannot hold the type
     */
    static StoredForm of(String name, SqlType type, Map<String, String> metadata) {
        Optional<ElementType> stored = stored(metadata);
        if (stored.isPresent()) {
            Optional<Long> sentinel = sentinel(stored.get(), metadata);
            long fill = sentinel.orElse(fill(stored.get()));
            Optional<CellEncoding> same = same(type, stored.get(), fill, metadata);
            if (same.isPresent()) {
                boolean masked = sentinel.isPresent() || stored.get().isFloating() && saysFill(metadata);
                return new StoredForm(same.get(), true, masked, !stored.equals(arrayType(metadata)));
            }
        }
        return new StoredForm(usual(name, type), false, false, false);
    }

    private static Optional<CellEncoding> same(SqlType type, ElementType stored, long fill,
            Map<String, String> metadata) {
        if (type.equals(SqlType.TIMESTAMP)) {
            return times(metadata).map(coding -> new CellEncoding.Times(stored, coding, fill));
        }
        if (type == SqlType.INTERVAL) {
            return DurationCoding.of(metadata.getOrDefault("units", ""))
                    .map(coding -> new CellEncoding.Lengths(stored, coding, fill));
        }
        if (type == SqlType.DOUBLE && stored != ElementType.BOOL
                && (metadata.containsKey("scale_factor") || metadata.containsKey("add_offset"))) {
            Optional<Double> scale = number(metadata.getOrDefault("scale_factor", "1"));
            Optional<Double> offset = number(metadata.getOrDefault("add_offset", "0"));
            return scale.filter(factor -> factor != 0).flatMap(
                    factor -> offset.map(shift -> new CellEncoding.Packed(stored, factor, shift, fill)));
        }
        if (type == SqlType.REAL && stored == ElementType.FLOAT16) {
            return Optional.of(new CellEncoding.Half(fill));
        }
        return plain(type).filter(stored::equals).map(element -> new CellEncoding.Same(element, fill));
    }

    private static Optional<TimeCoding> times(Map<String, String> metadata) {
        // Packed times are rare, and are counted anew.
        if (metadata.containsKey("scale_factor") || metadata.containsKey("add_offset")) {
            return Optional.empty();
        }
        try {
            return Optional.of(TimeCoding.of(metadata.getOrDefault("units", ""),
                    metadata.getOrDefault("calendar", "standard")));
        } catch (UndecodableTimeException other) {
            return Optional.empty();
        }
    }

    private static CellEncoding usual(String name, SqlType type) {
        if (type == SqlType.VARCHAR) {
            return new CellEncoding.Text();
        }
        if (type == SqlType.INTERVAL) {
            return new CellEncoding.Lengths(ElementType.INT64, DurationCoding.of("nanoseconds").orElseThrow(),
                    fill(ElementType.INT64));
        }
        ElementType element = plain(type).orElseThrow(() -> GraticuleException.unsupported(null, type
                + " in a Zarr store (" + name + "): leave it out, or CAST it to a number or to VARCHAR"));
        return new CellEncoding.Same(element, fill(element));
    }

    /** The element that is a value of the type as Arrow has it; of a boolean its byte. */
    static Optional<ElementType> plain(SqlType type) {
        return switch (type) {
            case SqlType.Scalar scalar -> switch (scalar) {
                case BOOLEAN -> Optional.of(ElementType.BOOL);
                case TINYINT -> Optional.of(ElementType.INT8);
                case SMALLINT -> Optional.of(ElementType.INT16);
                case INTEGER, DATE -> Optional.of(ElementType.INT32);
                case BIGINT -> Optional.of(ElementType.INT64);
                case UTINYINT -> Optional.of(ElementType.UINT8);
                case USMALLINT -> Optional.of(ElementType.UINT16);
                case UINTEGER -> Optional.of(ElementType.UINT32);
                case UBIGINT -> Optional.of(ElementType.UINT64);
                case REAL -> Optional.of(ElementType.FLOAT32);
                case DOUBLE -> Optional.of(ElementType.FLOAT64);
                case NULL, VARCHAR, BLOB, TIME, INTERVAL -> Optional.empty();
            };
            case SqlType.Decimal decimal -> Optional.empty();
            case SqlType.Timestamp timestamp -> Optional.of(ElementType.INT64);
            case SqlType.Other other -> Optional.empty();
        };
    }

    /** What stands for a missing element where nothing else is said: NaN, the least value, of unsigned integers the largest. */
    static long fill(ElementType element) {
        long ones = -1L >>> 64 - 8 * element.bytes();
        return switch (element) {
            case FLOAT16 -> Float.floatToFloat16(Float.NaN) & 0xffffL;
            case FLOAT32 -> Float.floatToIntBits(Float.NaN);
            case FLOAT64 -> Double.doubleToLongBits(Double.NaN);
            case UINT8, UINT16, UINT32, UINT64 -> ones;
            case BOOL, INT8, INT16, INT32, INT64 -> ones ^ ones >>> 1;
        };
    }

    /** The type of the elements that the column had in a store. */
    static Optional<ElementType> stored(Map<String, String> metadata) {
        Optional<ElementType> type = arrayType(metadata);
        String unsigned = metadata.get("_Unsigned");
        return unsigned == null ? type : type.map(each -> each.isInteger()
                ? each.withSign(!unsigned.equalsIgnoreCase("true")) : each);
    }

    private static Optional<ElementType> arrayType(Map<String, String> metadata) {
        String name = metadata.getOrDefault("zarr.type", "");
        Optional<ElementType> type = ElementType.named(name);
        return type.isPresent() || name.length() < 2 ? type : ElementType.ofNumPy(name.substring(1));
    }

    /** The type that the array's metadata has; not to be asked of texts. */
    ElementType element() {
        ElementType element = encoding.element();
        return otherSign ? element.withSign(element.isUnsigned()) : element;
    }

    /** The bits of the first value that is NULL in the source. */
    private static Optional<Long> sentinel(ElementType element, Map<String, String> metadata) {
        String first = metadata.getOrDefault("zarr.null", "").split(", ")[0];
        if (first.isEmpty() || element == ElementType.BOOL) {
            return Optional.empty();
        }
        try {
            return Optional.of(switch (element) {
                case FLOAT16 -> Float.floatToFloat16(Float.parseFloat(first)) & 0xffffL;
                case FLOAT32 -> (long) Float.floatToRawIntBits((float) Double.parseDouble(first));
                case FLOAT64 -> Double.doubleToRawLongBits(Double.parseDouble(first));
                case UINT64 -> Long.parseUnsignedLong(first);
                case BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32 -> Long.parseLong(first);
            });
        } catch (NumberFormatException other) {
            return Optional.empty();
        }
    }

    /** Whether the source says what stands for a missing element, be it NaN: version 2 by its fill value too. */
    private static boolean saysFill(Map<String, String> metadata) {
        boolean version2 = ElementType.named(metadata.getOrDefault("zarr.type", "")).isEmpty();
        return metadata.containsKey("_FillValue")
                || version2 && !metadata.getOrDefault("zarr.fill_value", "null").equals("null");
    }

    /** The fill value of a boolean variable of version 2, which xarray takes for missing there. */
    static Optional<Boolean> maskedTruth(Map<String, String> metadata) {
        boolean truths = arrayType(metadata).equals(Optional.of(ElementType.BOOL));
        return truths && !metadata.containsKey("_FillValue") && saysFill(metadata)
                ? Optional.of(!metadata.get("zarr.fill_value").equals("0")) : Optional.empty();
    }

    private static Optional<Double> number(String text) {
        try {
            return Optional.of(Double.parseDouble(text.replaceAll("[\\[\\]]", "")));
        } catch (NumberFormatException other) {
            return Optional.empty();
        }
    }

    /** What it is, for messages. */
    String describe() {
        return switch (encoding) {
            case CellEncoding.Same same -> same.element().zarrName();
            case CellEncoding.Half half -> half.element().zarrName();
            case CellEncoding.Packed packed -> packed.element().zarrName() + " with its scale_factor and add_offset";
            case CellEncoding.Times times -> times.element().zarrName() + " in its units";
            case CellEncoding.Lengths lengths -> lengths.element().zarrName() + " in a unit of fixed length";
            case CellEncoding.Text text -> "text";
        };
    }
}
