package dev.graticule.file.csv;

import dev.graticule.GraticuleException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The arguments of read_csv.
 *
 * @param delimiter 0 to find it in the file
 * @param header whether the first line has the names; {@code null} to find out
 * @param names the names of the columns, empty for those of the header
 * @param types the types of columns by name, as SQL writes them, or by number
 * @param compression {@code null} for what the file's name says
 */
record CsvOptions(char delimiter, char quote, Boolean header, int skip, List<String> names, Map<String, String> types,
        List<String> nullTexts, boolean allVarchar, int sampleRows, boolean ignoreErrors, Object compression) {
    private static final String KNOWN = "delim (sep), quote, header, skip, columns, names, types, nullstr, all_varchar, sample_size, ignore_errors, compression";
    private static final int SAMPLE_ROWS = 20_480;

    static CsvOptions of(Map<String, Object> written) {
        Map<String, Object> options = new TreeMap<>(written);
        Object delimiter = take(options, "delim", "sep", "delimiter");
        Map<String, String> types = new LinkedHashMap<>();
        List<String> names = new ArrayList<>();
        if (options.remove("columns") instanceof Map<?, ?> columns) {
            columns.forEach((name, type) -> {
                names.add(name.toString());
                types.put(name.toString(), type.toString());
            });
        }
        if (options.remove("names") instanceof List<?> given) {
            given.forEach(name -> names.add(name.toString()));
        }
        for (String word : new String[]{"types", "dtypes"}) {
            switch (options.remove(word)) {
                case Map<?, ?> named -> named.forEach((name, type) -> types.put(name.toString(), type.toString()));
                case List<?> listed -> {
                    for (int i = 0; i < listed.size(); i++) {
                        types.put("#" + i, listed.get(i).toString());
                    }
                }
                case null -> {
                    // Types are found.
                }
                default -> throw GraticuleException.binding(
                        "types takes a struct of names and types, {'a': 'BIGINT'}, or a list of types.");
            }
        }
        List<String> nullTexts = switch (options.remove("nullstr")) {
            case null -> List.of("");
            case List<?> texts -> texts.stream().map(Object::toString).toList();
            case Object text -> List.of(text.toString());
        };
        Object header = options.remove("header");
        Object escape = options.remove("escape");
        char quote = character("quote", options.remove("quote"), '"');
        if (escape != null && !escape.toString().equals(String.valueOf(quote))) {
            throw GraticuleException.unsupported(null, "an escape character in CSV other than the quote (double it)");
        }
        options.remove("auto_detect");
        CsvOptions found = new CsvOptions(character("delim", delimiter, '\0'), quote,
                header == null ? null : (Boolean) flag("header", header, true),
                number("skip", options.remove("skip"), 0), List.copyOf(names), Map.copyOf(types), nullTexts,
                flag("all_varchar", options.remove("all_varchar"), false),
                number("sample_size", options.remove("sample_size"), SAMPLE_ROWS),
                flag("ignore_errors", options.remove("ignore_errors"), false), options.remove("compression"));
        if (!options.isEmpty()) {
            throw GraticuleException.binding(
                    "read_csv has no option '" + options.keySet().iterator().next() + "'; it has " + KNOWN + ".");
        }
        return found;
    }

    /** The type that was written for a column, if one was. */
    Optional<String> type(String name, int number) {
        String byName = types.get(name);
        return Optional.ofNullable(byName == null ? types.get("#" + number) : byName);
    }

    /** Takes an option out that has several names; {@code null} where none is written, the first where several are. */
    static Object take(Map<String, Object> options, String... names) {
        Object found = null;
        for (String name : names) {
            Object value = options.remove(name);
            found = found == null ? value : found;
        }
        return found;
    }

    static char character(String name, Object value, char otherwise) {
        if (value == null) {
            return otherwise;
        }
        String text = value.toString().equals("\\t") ? "\t" : value.toString();
        if (text.length() != 1) {
            throw GraticuleException.binding(name + " takes one character, not '" + value + "'.");
        }
        return text.charAt(0);
    }

    static boolean flag(String name, Object value, boolean otherwise) {
        return switch (value == null ? otherwise : value) {
            case Boolean flag -> flag;
            case Long number when number == 0 || number == 1 -> number == 1;
            case String text when text.equalsIgnoreCase("true") || text.equalsIgnoreCase("on") -> true;
            case String text when text.equalsIgnoreCase("false") || text.equalsIgnoreCase("off") -> false;
            case Object wrong -> throw GraticuleException.binding(name + " is true or false, not " + wrong + ".");
        };
    }

    private static int number(String name, Object value, int otherwise) {
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Long number && number >= -1 && number <= Integer.MAX_VALUE) {
            return number == -1 ? Integer.MAX_VALUE : number.intValue();
        }
        throw GraticuleException.binding(name.toLowerCase(Locale.ROOT) + " takes a whole number, not " + value + ".");
    }
}
