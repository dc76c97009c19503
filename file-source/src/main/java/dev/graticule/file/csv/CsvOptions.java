package dev.graticule.file.csv;

import dev.graticule.GraticuleException;
import dev.graticule.file.TextStreams;
import dev.graticule.spi.GivenOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The arguments of read_csv.
 *
 * @param delimiter 0 to find it in the file
 * @param header whether the first line has the names; {@code null} to find out
 * @param names the names of the columns, empty for those of the header
 * @param types the types of columns by name, as SQL writes them, or by number
 * @param compression of a file by its name
 */
record CsvOptions(char delimiter, char quote, Boolean header, int skip, List<String> names, Map<String, String> types,
        List<String> nullTexts, boolean allVarchar, int sampleRows, boolean ignoreErrors,
        Function<String, TextStreams.Compression> compression) {

    static CsvOptions of(Map<String, Object> written) {
        GivenOptions options = GivenOptions.ofReading("csv", written);
        char delimiter = options.character("delim", "sep", "delimiter").orElse('\0');
        char quote = options.character("quote").orElse('"');
        Boolean header = options.flag("header").orElse(null);
        long skip = options.wholeNumber("skip", 0, Integer.MAX_VALUE, 0);
        Map<String, String> types = new LinkedHashMap<>(options.textsByName("columns"));
        List<String> names = new ArrayList<>(types.keySet());
        names.addAll(options.listed("names"));
        types.putAll(types(options));
        List<String> nullTexts = options.value("nullstr").isPresent() ? options.texts("nullstr") : List.of("");
        boolean allVarchar = options.flag("all_varchar", false);
        int sample = TextStreams.sampleRows(options);
        boolean ignoreErrors = options.flag("ignore_errors", false);
        Function<String, TextStreams.Compression> compression = TextStreams.compression(options);
        options.character("escape").filter(escape -> escape != quote).ifPresent(_ -> {
            throw GraticuleException.unsupported(null, "an escape character in CSV other than the quote (double it)");
        });
        options.ignore("auto_detect");
        options.requireNoOthers();
        return new CsvOptions(delimiter, quote, header, (int) skip, List.copyOf(names), Map.copyOf(types), nullTexts,
                allVarchar, sample, ignoreErrors,
                compression);
    }

    /** By name, or as a list by number. */
    private static Map<String, String> types(GivenOptions options) {
        Optional<Object> given = options.value("types", "dtypes");
        if (given.isEmpty() || given.get() instanceof Map) {
            return options.textsByName("types", "dtypes");
        }
        Map<String, String> byNumber = new LinkedHashMap<>();
        options.listed("types", "dtypes").forEach(type -> byNumber.put("#" + byNumber.size(), type));
        return byNumber;
    }

    /** The type that was written for a column, if one was. */
    Optional<String> type(String name, int number) {
        String byName = types.get(name);
        return Optional.ofNullable(byName == null ? types.get("#" + number) : byName);
    }
}
