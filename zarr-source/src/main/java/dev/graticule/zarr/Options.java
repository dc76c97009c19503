package dev.graticule.zarr;

import dev.graticule.GraticuleException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a store is to be read: the named arguments of {@code read_zarr} and the OPTIONS of STORED AS ZARR (SEMANTICS 6, 8).
 * Empty texts, lists and maps stand for "not said".
 *
 * @param table        the one table that is wanted
 * @param variables    the variables that are wanted; their axes come along
 * @param dropped      variables that are left out
 * @param group        the group to begin at
 * @param axes         names for the axes of arrays that have none
 * @param tableNames   names for tables, by their usual name or by the names of their axes
 * @param maskFillValue whether a version 2 array's {@code fill_value} is a missing value (version 3: only if said so)
 */
record Options(String table, List<String> variables, List<String> dropped, String group, List<String> axes,
        Map<String, String> tableNames,
        boolean decodeTimes, boolean maskAndScale, boolean nanAsNull, Mask maskFillValue) {

    /** Whether {@code fill_value} masks. */
    enum Mask {
        /** In version 2 only. */
        AS_VERSION_SAYS, ALWAYS, NEVER
    }

    static final Options NONE = of(Map.of());

    private static final Set<String> NAMES = new TreeSet<>(
            List.of("table", "variables", "drop_variables", "group", "axes", "dims", "table_names",
                    "decode_times", "mask_and_scale", "nan_as_null", "use_zarr_fill_value_as_mask"));

    /** The options of a map from names in lower case. @throws GraticuleException of kind BINDING for an unknown name or a wrong type */
    static Options of(Map<String, Object> given) {
        Map<String, Object> options = new HashMap<>(given);
        for (String name : options.keySet()) {
            if (!NAMES.contains(name)) {
                throw GraticuleException
                        .binding("read_zarr has no option '" + name + "'; there are " + String.join(", ", NAMES) + ".");
            }
        }
        List<String> axes = texts(options, "axes");
        Object mask = options.get("use_zarr_fill_value_as_mask");
        return new Options(text(options, "table"), texts(options, "variables"), texts(options, "drop_variables"),
                strip(text(options, "group")), axes.isEmpty() ? texts(options, "dims") : axes,
                map(options, "table_names"),
                flag(options, "decode_times"), flag(options, "mask_and_scale"), flag(options, "nan_as_null"),
                mask == null ? Mask.AS_VERSION_SAYS
                        : flag(options, "use_zarr_fill_value_as_mask") ? Mask.ALWAYS : Mask.NEVER);
    }

    /** The same, with the group seen from a folder above, in which what it was seen from is {@code above}. */
    Options inGroup(String above) {
        return new Options(table, variables, dropped, group.isEmpty() ? above : above + "/" + group, axes, tableNames,
                decodeTimes, maskAndScale, nanAsNull, maskFillValue);
    }

    private static String strip(String group) {
        return group.replaceAll("^/+|/+$", "");
    }

    private static String text(Map<String, Object> options, String name) {
        return switch (options.get(name)) {
            case null -> "";
            case String text -> text;
            case Object other -> throw wrong(name, "a text", other);
        };
    }

    private static List<String> texts(Map<String, Object> options, String name) {
        return switch (options.get(name)) {
            case null -> List.of();
            case String text -> split(text);
            case List<?> list -> {
                List<String> texts = new ArrayList<>();
                for (Object item : list) {
                    if (!(item instanceof String text)) {
                        throw wrong(name, "a list of texts", list);
                    }
                    texts.add(text);
                }
                yield texts;
            }
            case Object other -> throw wrong(name, "a list of texts", other);
        };
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        for (String part : text.replaceAll("^\\s*\\[|\\]\\s*$", "").split(",")) {
            String plain = part.strip().replaceAll("^['\"]|['\"]$", "");
            if (!plain.isEmpty()) {
                parts.add(plain);
            }
        }
        return parts;
    }

    private static Map<String, String> map(Map<String, Object> options, String name) {
        return switch (options.get(name)) {
            case null -> Map.of();
            case Map<?, ?> map -> {
                Map<String, String> texts = new HashMap<>();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    if (!(entry.getKey() instanceof String key) || !(entry.getValue() instanceof String value)) {
                        throw wrong(name, "a map from texts to texts", map);
                    }
                    texts.put(key, value);
                }
                yield texts;
            }
            case Object other -> throw wrong(name, "a map from texts to texts", other);
        };
    }

    private static boolean flag(Map<String, Object> options, String name) {
        return switch (options.get(name)) {
            case null -> true;
            case Boolean flag -> flag;
            case String text when text.toLowerCase(Locale.ROOT).equals("true") -> true;
            case String text when text.toLowerCase(Locale.ROOT).equals("false") -> false;
            case Object other -> throw wrong(name, "true or false", other);
        };
    }

    private static GraticuleException wrong(String name, String expected, Object found) {
        return GraticuleException.binding("Option '" + name + "' is " + expected + ", not " + found + ".");
    }

    /** Whether {@code fill_value} is a missing value of an array of that version. */
    boolean masksFillValue(int version) {
        return switch (maskFillValue) {
            case AS_VERSION_SAYS -> version == 2;
            case ALWAYS -> true;
            case NEVER -> false;
        };
    }
}
