package dev.graticule.zarr;

import dev.graticule.GraticuleException;
import dev.graticule.spi.GivenOptions;
import java.util.List;
import java.util.Map;

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

    /** The options of a map from names in lower case. @throws GraticuleException of kind BINDING for an unknown name or a wrong type */
    static Options of(Map<String, Object> written) {
        GivenOptions given = GivenOptions.ofReading("zarr", written);
        Options options = new Options(given.text("table").orElse(""), given.listed("variables"),
                given.listed("drop_variables"), strip(given.text("group").orElse("")), given.listed("axes", "dims"),
                given.textsByName("table_names"), given.flag("decode_times", true), given.flag("mask_and_scale", true),
                given.flag("nan_as_null", true), given.flag("use_zarr_fill_value_as_mask")
                        .map(masks -> masks ? Mask.ALWAYS : Mask.NEVER).orElse(Mask.AS_VERSION_SAYS));
        given.requireNoOthers();
        return options;
    }

    /** The same, with the group seen from a folder above, in which what it was seen from is {@code above}. */
    Options inGroup(String above) {
        return new Options(table, variables, dropped, group.isEmpty() ? above : above + "/" + group, axes, tableNames,
                decodeTimes, maskAndScale, nanAsNull, maskFillValue);
    }

    private static String strip(String group) {
        return group.replaceAll("^/+|/+$", "");
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
