package dev.graticule.bind;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Functions that PostgreSQL, DuckDB or DataFusion have: calling one that is not here yet is no misspelling. */
final class ForeignFunctions {
    private static final List<String> FAMILIES = List.of("array_", "list_", "map_", "json_", "struct_", "regexp_",
            "regr_", "pg_", "jsonb_", "bit_", "approx_",
            "unnest");
    private static final Set<String> NAMES = Set.of("make_array", "current_catalog", "current_schema",
            "current_database", "current_setting", "to_char",
            "to_number", "to_hex", "flatten", "cardinality", "string_to_array", "string_split", "str_split",
            "string_agg", "group_concat", "list",
            "unhex", "hex", "encode", "decode", "md5", "sha1", "sha256", "sha512", "crc32", "uuid", "gen_random_uuid",
            "random", "setseed", "version", "user",
            "typeof", "arrow_typeof", "arrow_metadata", "substring_grapheme", "length_grapheme", "grouping",
            "grouping_id", "row_number", "rank", "dense_rank",
            "percent_rank", "cume_dist", "ntile", "lag", "lead", "first_value", "last_value", "nth_value", "range",
            "generate_series", "generate_subscripts",
            "mode", "median", "quantile", "quantile_cont", "quantile_disc", "percentile_cont", "percentile_disc",
            "corr", "covar_pop", "covar_samp", "histogram",
            "entropy", "kurtosis", "skewness", "mad", "product", "arg_min", "arg_max", "min_by", "max_by",
            "named_struct", "row", "struct", "struct_pack",
            "struct_extract", "map", "element_at", "printf", "format", "levenshtein", "soundex", "metaphone", "overlay",
            "initcap", "ascii", "chr", "bin", "oct",
            "nextval", "currval", "glob", "read_csv", "read_csv_auto", "read_parquet", "parquet_scan", "read_json",
            "sniff_csv", "timezone");

    private ForeignFunctions() {
    }

    static boolean exist(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return NAMES.contains(lower) || FAMILIES.stream().anyMatch(lower::startsWith);
    }
}
