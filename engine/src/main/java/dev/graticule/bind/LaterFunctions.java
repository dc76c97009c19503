package dev.graticule.bind;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Functions that PostgreSQL, DuckDB or DataFusion have and the dialect does not have yet. A call of one is refused as
 * unsupported, not as a name that nobody knows.
 */
final class LaterFunctions {
    private static final Map<String, String> FEATURES = new HashMap<>();
    /** What the names of whole families begin with. */
    private static final List<Map.Entry<String, String>> FAMILIES = List.of(Map.entry("list_", "lists"),
            Map.entry("array_", "lists"),
            Map.entry("struct_", "structs"), Map.entry("map_", "maps"), Map.entry("json", "JSON"),
            Map.entry("variant_", "variants"),
            Map.entry("union_", "unions as values"), Map.entry("enum_", "enumerations"), Map.entry("st_", "geometries"),
            Map.entry("icu_", "collations"),
            Map.entry("parse_", "paths in strings"), Map.entry("pg_", "the system catalog"),
            Map.entry("approx_", "approximate aggregates"),
            Map.entry("uuid", "UUIDs"), Map.entry("regexp_split", "lists"));

    static {
        later("lists",
                "flatten unnest make_array list array string_to_array string_split str_split split string_split_regex str_split_regex regexp_match"
                        + " regexp_extract_all range generate_series gen_series generate_subscripts cardinality element_at apply filter reduce aggregate grade_up"
                        + " arrays_overlap arrays_zip empty unpivot_list string_to_list equi_width_bins");
        later("COLUMNS(...)", "columns unpack");
        later("structs", "row named_struct get_field remap_struct");
        later("maps", "map make_map histogram histogram_exact");
        later("JSON",
                "to_json from_json from_json_strict from_json_strings row_to_json read_json read_json_auto read_ndjson");
        later("grouping()", "grouping grouping_id");
        later("ordered-set aggregates", "percentile_cont percentile_disc quantile_disc quantile reservoir_quantile");
        later("window functions",
                "row_number rank dense_rank rank_dense percent_rank cume_dist ntile lag lead nth_value fill");
        later("time zones", "timezone timezone_hour timezone_minute to_local_time make_timestamptz");
        later("bit strings", "bitstring bitstring_agg get_bit set_bit bit_position");
        later("names of the session and its catalog",
                "current_catalog current_database current_schema current_schemas current_user current_role current_query"
                        + " session_user user current_setting getvariable version format_type col_description obj_description txid_current");
        later("sequences", "nextval currval setval");
        later("collations", "create_sort_key");
        later("tables of the catalog",
                "test_all_types test_vector_types pragma_table_info summary histogram_values query query_table");
        later("reading files of this format",
                "read_csv read_csv_auto read_parquet parquet_scan read_text read_blob glob sniff_csv");
        for (String name : ("strptime try_strptime to_date to_char to_unixtime from_unixtime date_format date_sub datesub epoch_ns epoch_us"
                + " make_timestamp_ms make_timestamp_ns to_timestamp_seconds to_timestamp_millis to_timestamp_micros to_timestamp_nanos to_years to_months"
                + " to_weeks to_days to_hours to_minutes to_seconds to_milliseconds to_microseconds to_quarters to_decades to_centuries to_millennia"
                + " current_localtime current_localtimestamp current_time localtime localtimestamp get_current_time get_current_timestamp ago days_in_month"
                + " normalized_interval clock_timestamp statement_timestamp justify_days justify_hours justify_interval next_day add_months months_between"
                + " damerau_levenshtein levenshtein editdist3 hamming mismatches jaccard jaro_similarity jaro_winkler_similarity soundex"
                + " format printf format_bytes formatreadablesize formatreadabledecimalsize bar to_base bin unbin binom encode decode base64 to_base64 from_base64"
                + " from_hex to_binary from_binary crc32 hash sha1 sha224 sha384 sha512 digest md5_number url_encode url_decode strip_accents nfc_normalize"
                + " regexp_escape regexp_full_match regexp_count regexp_instr regexp_substr quote_ident quote_literal to_number to_ascii convert_from"
                + " find_in_set substring_index luhn_check path_join substr_index uuidv4 uuidv7 gen_random_uuid random setseed"
                + " nextafter even gamma lgamma signbit fdiv fmod round_even roundbankers iszero nanvl scale min_scale trim_scale width_bucket expm1 log1p rint"
                + " csc sec error try switch nvl2 constant_or_null alias stats"
                + " can_cast_implicitly cast_to_type replace_type try_cast_to_type vector_type combine finalize write_log current_query_id"
                + " entropy skewness kurtosis kurtosis_pop geomean geometric_mean sem wavg lttb arg_min_null arg_max_null arg_min_nulls_last arg_max_nulls_last"
                + " sum_no_overflow is_histogram_other_bin xor_agg"
                + " shiftleft shiftright shiftrightunsigned bit_get modulus pmod negative positive bround"
                + " signum format_string elt char space mask soundex metaphone overlay parse_url str_to_map"
                + " from_utc_timestamp to_utc_timestamp make_interval make_dt_interval make_ym_interval"
                + " unix_date unix_micros unix_millis unix_seconds timestamp_seconds timestamp_millis"
                + " timestamp_micros xxhash64 sha sha2 unbase64 is_valid_utf8 make_valid_utf8 collect_list"
                + " collect_set try_add try_subtract try_multiply try_divide arrow_metadata arrow_field"
                + " with_metadata sind cosd tand asind acosd atand atan2d cotd erf erfc num_nulls num_nonnulls"
                + " unistr normalize convert convert_to get_byte set_byte string_to_table random_normal oct"
                + " locate mid insert strcmp quote yesterday tomorrow add_days subtract_days add_hours"
                + " count_distinct sum_distinct sum_if avg_if min_if max_if uniq window_funnel retention"
                + " siphash sleep rand bitmap_count bit_reverse date_from_unix_date isodate time_diff timediff"
                + " timestampdiff timestampadd current_localdate toyear to_year to_month to_day_of_month"
                + " to_string to_int32 to_int64 to_float64 to_datetime group_array percentile corr_s covar"
                + " collate notnull isnull stddevpop variance_samp").split(" ")) {
            FEATURES.putIfAbsent(name, "the function " + name);
        }
    }

    private LaterFunctions() {
    }

    private static void later(String feature, String names) {
        for (String name : names.split(" ")) {
            FEATURES.put(name, feature.endsWith(")") ? feature : feature + " (" + name + ")");
        }
    }

    /** Every name that is known by itself, in lower case. */
    static Set<String> names() {
        return Set.copyOf(FEATURES.keySet());
    }

    /** The words for the feature that a function of this name, in any case, belongs to; empty where nobody has such a function. */
    static Optional<String> feature(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        if (FEATURES.containsKey(wanted)) {
            return Optional.of(FEATURES.get(wanted));
        }
        return FAMILIES.stream().filter(family -> wanted.startsWith(family.getKey()))
                .map(family -> family.getValue() + " (" + wanted + ")").findFirst();
    }
}
