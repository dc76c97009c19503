package dev.graticule.function;

import dev.graticule.GraticuleException;
import dev.graticule.expression.Conversions;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.Call;
import dev.graticule.expression.RowBody;
import dev.graticule.expression.RowFunction;
import dev.graticule.sql.Position;
import dev.graticule.type.SqlType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;

/** Functions of strings. Characters are code points, positions begin at 1. */
final class TextFunctions {
    private static final SqlType VARCHAR = SqlType.VARCHAR;
    private static final SqlType BIGINT = SqlType.BIGINT;
    private static final SqlType BOOLEAN = SqlType.BOOLEAN;
    private static final int MANY = Integer.MAX_VALUE;
    /** Strings that functions make are not longer than this many characters. */
    private static final int LONGEST = 1 << 28;

    private TextFunctions() {
    }

    static void define(Consumer<ScalarDefinition> registry) {
        text(registry, "The string in lower case", string -> string.toLowerCase(Locale.ROOT), "lower", "lcase");
        text(registry, "The string in upper case", string -> string.toUpperCase(Locale.ROOT), "upper", "ucase");
        text(registry, "The string with the first letter of each word in upper case", TextFunctions::capitalised,
                "initcap");
        text(registry, "The characters from last to first", string -> new StringBuilder(string).reverse().toString(),
                "reverse");
        text(registry, "The MD5 hash in hexadecimal digits", string -> hash("MD5", string), "md5");
        text(registry, "The SHA-256 hash in hexadecimal digits", string -> hash("SHA-256", string), "sha256");
        registry.accept(ScalarDefinition.of("How many characters", "length", "char_length", "character_length", "len")
                .takes(List.of(VARCHAR), BIGINT,
                        objects(arguments -> (long) length(string(arguments, 0)))));
        registry.accept(ScalarDefinition.of("How many bytes", "octet_length", "strlen")
                .takes(List.of(VARCHAR), BIGINT,
                        objects(arguments -> (long) string(arguments, 0).getBytes(StandardCharsets.UTF_8).length))
                .takes(List.of(SqlType.BLOB), BIGINT, objects(arguments -> (long) ((byte[]) arguments[0]).length)));
        registry.accept(ScalarDefinition.of("How many bits", "bit_length").takes(List.of(VARCHAR), BIGINT,
                objects(arguments -> 8L * string(arguments, 0).getBytes(StandardCharsets.UTF_8).length)));
        registry.accept(ScalarDefinition
                .of("The part from a position on (from the end where it is negative), of some length (before it where that is negative)",
                        "substring", "substr")
                .takes(List.of(VARCHAR, BIGINT), VARCHAR,
                        objects(arguments -> substring(string(arguments, 0), number(arguments, 1), MANY)))
                .takes(List.of(VARCHAR, BIGINT, BIGINT), VARCHAR,
                        objects(arguments -> substring(string(arguments, 0), number(arguments, 1),
                                number(arguments, 2)))));
        registry.accept(ScalarDefinition
                .of("substring, counting characters as a reader sees them", "substring_grapheme")
                .takes(List.of(VARCHAR, BIGINT), VARCHAR,
                        objects(arguments -> Graphemes.substring(string(arguments, 0), number(arguments, 1), MANY)))
                .takes(List.of(VARCHAR, BIGINT, BIGINT), VARCHAR,
                        objects(arguments -> Graphemes.substring(string(arguments, 0), number(arguments, 1),
                                number(arguments, 2)))));
        registry.accept(ScalarDefinition.of("How many characters, as a reader sees them", "length_grapheme").takes(
                List.of(VARCHAR), BIGINT,
                objects(arguments -> (long) Graphemes.length(string(arguments, 0)))));
        registry.accept(ScalarDefinition.of("left, counting characters as a reader sees them", "left_grapheme").takes(
                List.of(VARCHAR, BIGINT), VARCHAR,
                objects(arguments -> Graphemes.left(string(arguments, 0), number(arguments, 1)))));
        registry.accept(ScalarDefinition.of("right, counting characters as a reader sees them", "right_grapheme").takes(
                List.of(VARCHAR, BIGINT), VARCHAR,
                objects(arguments -> Graphemes.right(string(arguments, 0), number(arguments, 1)))));
        registry.accept(ScalarDefinition.of("The first n characters; all but the last -n", "left").takes(
                List.of(VARCHAR, BIGINT), VARCHAR,
                objects(arguments -> left(string(arguments, 0), number(arguments, 1)))));
        registry.accept(ScalarDefinition.of("The last n characters; all but the first -n", "right").takes(
                List.of(VARCHAR, BIGINT), VARCHAR,
                objects(arguments -> right(string(arguments, 0), number(arguments, 1)))));
        registry.accept(ScalarDefinition.of("The arguments as one string; NULLs do not count", "concat").binds(
                "(any, ...) -> VARCHAR", 1, MANY,
                TextFunctions::concat));
        registry.accept(ScalarDefinition.of("Two values as one string", "||").binds("(any, any) -> VARCHAR", 2, 2,
                TextFunctions::join));
        registry.accept(
                ScalarDefinition.of("The arguments with a separator between them; NULLs do not count", "concat_ws")
                        .binds("(VARCHAR, any, ...) -> VARCHAR", 2, MANY, TextFunctions::concatSeparated));
        trim(registry, "Without these characters (spaces) at both ends", true, true, "trim", "btrim");
        trim(registry, "Without these characters (spaces) at the beginning", true, false, "ltrim");
        trim(registry, "Without these characters (spaces) at the end", false, true, "rtrim");
        registry.accept(ScalarDefinition.of("With each occurrence of a part replaced", "replace").takes(
                List.of(VARCHAR, VARCHAR, VARCHAR), VARCHAR,
                objects(arguments -> string(arguments, 1).isEmpty() ? string(arguments, 0)
                        : string(arguments, 0).replace(string(arguments, 1), string(arguments, 2)))));
        registry.accept(ScalarDefinition.of("The string n times", "repeat").takesFailing(List.of(VARCHAR, BIGINT),
                VARCHAR, objects(arguments -> {
                    long count = Math.max(0, number(arguments, 1));
                    if (string(arguments, 0).isEmpty()) {
                        return "";
                    }
                    checkLength(count > LONGEST ? count : count * string(arguments, 0).length());
                    return string(arguments, 0).repeat((int) count);
                })));
        pad(registry, "Filled up at the beginning, or cut, to n characters", true, "lpad");
        pad(registry, "Filled up at the end, or cut, to n characters", false, "rpad");
        registry.accept(ScalarDefinition.of("Where a string has a part, or 0: strpos(string, part)", "strpos", "instr")
                .takes(List.of(VARCHAR, VARCHAR), BIGINT,
                        objects(arguments -> position(string(arguments, 0), string(arguments, 1)))));
        registry.accept(ScalarDefinition.of("Where a part is in a string, or 0: position(part IN string)", "position")
                .takes(List.of(VARCHAR, VARCHAR), BIGINT,
                        objects(arguments -> position(string(arguments, 1), string(arguments, 0)))));
        registry.accept(
                ScalarDefinition.of("The nth part between separators; from the end where n is negative", "split_part")
                        .takes(List.of(VARCHAR, VARCHAR, BIGINT), VARCHAR, objects(TextFunctions::splitPart),
                                RowFunction::failing));
        registry.accept(ScalarDefinition.of("Whether a string begins with another", "starts_with", "prefix").takes(
                List.of(VARCHAR, VARCHAR), BOOLEAN,
                objects(arguments -> string(arguments, 0).startsWith(string(arguments, 1)))));
        registry.accept(ScalarDefinition.of("Whether a string ends with another", "ends_with", "suffix").takes(
                List.of(VARCHAR, VARCHAR), BOOLEAN,
                objects(arguments -> string(arguments, 0).endsWith(string(arguments, 1)))));
        registry.accept(
                ScalarDefinition.of("Whether a string has a part", "contains").takes(List.of(VARCHAR, VARCHAR), BOOLEAN,
                        objects(arguments -> string(arguments, 0).contains(string(arguments, 1)))));
        registry.accept(ScalarDefinition.of("The code point of the first character; 0 of none", "ascii").takes(
                List.of(VARCHAR), SqlType.INTEGER,
                objects(arguments -> string(arguments, 0).isEmpty() ? 0 : string(arguments, 0).codePointAt(0))));
        registry.accept(ScalarDefinition.of("The code point of the first character; -1 of none", "unicode", "ord")
                .takes(List.of(VARCHAR), SqlType.INTEGER,
                        objects(arguments -> string(arguments, 0).isEmpty() ? -1
                                : string(arguments, 0).codePointAt(0))));
        registry.accept(ScalarDefinition.of("The character of a code point", "chr")
                .takesFailing(List.of(SqlType.INTEGER), VARCHAR, objects(arguments -> {
                    int code = (Integer) arguments[0];
                    if (code <= 0 || !Character.isValidCodePoint(code)) {
                        throw GraticuleException.data(null, "There is no character " + code + ".");
                    }
                    return Character.toString(code);
                })));
        registry.accept(ScalarDefinition
                .of("With characters replaced by those at the same place of another string", "translate")
                .takes(List.of(VARCHAR, VARCHAR, VARCHAR), VARCHAR, objects(TextFunctions::translate)));
        registry.accept(ScalarDefinition.of("A number in hexadecimal digits", "to_hex").takes(List.of(BIGINT), VARCHAR,
                objects(arguments -> Long.toHexString((Long) arguments[0]))));
        registry.accept(ScalarDefinition.of("In hexadecimal digits", "hex")
                .takes(List.of(VARCHAR), VARCHAR,
                        objects(arguments -> HexFormat.of().withUpperCase()
                                .formatHex(string(arguments, 0).getBytes(StandardCharsets.UTF_8))))
                .takes(List.of(BIGINT), VARCHAR,
                        objects(arguments -> Long.toHexString((Long) arguments[0]).toUpperCase(Locale.ROOT)))
                .takes(List.of(SqlType.BLOB), VARCHAR,
                        objects(arguments -> HexFormat.of().withUpperCase().formatHex((byte[]) arguments[0]))));
        registry.accept(ScalarDefinition.of("The bytes that hexadecimal digits mean; NULL where they are none", "unhex")
                .takes(List.of(VARCHAR), SqlType.BLOB,
                        objects(arguments -> bytes(string(arguments, 0)))));
        patterns(registry);
    }

    private static void patterns(Consumer<ScalarDefinition> registry) {
        matching(registry, "Whether a string is like a pattern with % and _",
                (pattern, escape) -> Patterns.like(pattern, escape, false), "like");
        matching(registry, "LIKE without regard to case", (pattern, escape) -> Patterns.like(pattern, escape, true),
                "ilike");
        matching(registry, "Whether a string is similar to a pattern of standard SQL", Patterns::similar, "similar_to");
        RowBody plain = objects(
                arguments -> Patterns.regular(string(arguments, 1), "").matcher(string(arguments, 0)).find());
        RowBody flagged = objects(arguments -> Patterns.regular(string(arguments, 1), string(arguments, 2))
                .matcher(string(arguments, 0)).find());
        registry.accept(ScalarDefinition
                .of("Whether a string has a match of a regular expression; flags: i s m x", "regexp_matches",
                        "regexp_like")
                .takesFailing(List.of(VARCHAR, VARCHAR), BOOLEAN, plain)
                .takesFailing(List.of(VARCHAR, VARCHAR, VARCHAR), BOOLEAN, flagged));
        registry.accept(ScalarDefinition
                .of("With the first match (flag g: every match) of a regular expression replaced; \\1 is a group",
                        "regexp_replace")
                .takesFailing(List.of(VARCHAR, VARCHAR, VARCHAR), VARCHAR,
                        objects(arguments -> replaceMatch(arguments, "")))
                .takesFailing(List.of(VARCHAR, VARCHAR, VARCHAR, VARCHAR), VARCHAR,
                        objects(arguments -> replaceMatch(arguments, string(arguments, 3)))));
        registry.accept(ScalarDefinition
                .of("The first match of a regular expression, or a group of it; '' where there is none",
                        "regexp_extract")
                .takesFailing(List.of(VARCHAR, VARCHAR), VARCHAR, objects(arguments -> extract(arguments, 0)))
                .takesFailing(List.of(VARCHAR, VARCHAR, BIGINT), VARCHAR,
                        objects(arguments -> extract(arguments, (int) number(arguments, 2)))));
    }

    private interface PatternMaker {
        java.util.regex.Pattern make(String pattern, String escape);
    }

    private static void matching(Consumer<ScalarDefinition> registry, String purpose, PatternMaker maker, String name) {
        registry.accept(ScalarDefinition.of(purpose, name)
                .takesFailing(List.of(VARCHAR, VARCHAR), BOOLEAN,
                        objects(arguments -> maker.make(string(arguments, 1), "\\").matcher(string(arguments, 0))
                                .matches()))
                .takesFailing(List.of(VARCHAR, VARCHAR, VARCHAR), BOOLEAN,
                        objects(arguments -> maker.make(string(arguments, 1), string(arguments, 2))
                                .matcher(string(arguments, 0)).matches())));
    }

    private static RowBody objects(RowBody.Rows function) {
        return new RowBody.OfObjects(function);
    }

    private static void text(Consumer<ScalarDefinition> registry, String purpose, UnaryOperator<String> function,
            String... names) {
        registry.accept(ScalarDefinition.of(purpose, names).takes(List.of(VARCHAR), VARCHAR,
                objects(arguments -> function.apply(string(arguments, 0)))));
    }

    private static String string(Object[] arguments, int index) {
        return (String) arguments[index];
    }

    private static long number(Object[] arguments, int index) {
        return (Long) arguments[index];
    }

    private static int length(String string) {
        return string.codePointCount(0, string.length());
    }

    private static void checkLength(long characters) {
        if (characters > LONGEST || characters < 0) {
            throw GraticuleException.data(null, "A string of " + characters + " characters is too long.");
        }
    }

    /** As DuckDB: a negative start counts from the end, and what lies before position 1 takes from the count. */
    private static String substring(String string, long start, long count) {
        TextSlice slice = TextSlice.of(length(string), start, count);
        return characters(string, slice.from(), slice.to());
    }

    private static String characters(String string, int from, int to) {
        int start = string.offsetByCodePoints(0, from);
        return string.substring(start, string.offsetByCodePoints(start, to - from));
    }

    private static String left(String string, long count) {
        int length = length(string);
        long kept = count >= 0 ? Math.min(count, length) : Math.max(0, length + count);
        return characters(string, 0, (int) kept);
    }

    private static String right(String string, long count) {
        int length = length(string);
        long kept = count >= 0 ? Math.min(count, length) : Math.max(0, length + count);
        return characters(string, (int) (length - kept), length);
    }

    private static Expression asText(Expression expression, Position position) {
        if (!Conversions.exists(expression.type(), VARCHAR)) {
            throw GraticuleException.binding(position, "A value of type " + expression.type() + " has no text.");
        }
        return Coercion.convert(expression, VARCHAR, position);
    }

    private static List<Expression> asTexts(List<Expression> arguments, Position position) {
        List<Expression> texts = new ArrayList<>();
        for (Expression argument : arguments) {
            texts.add(asText(argument, position));
        }
        return texts;
    }

    private static Expression concat(String name, List<Expression> arguments, Position position) {
        RowFunction function = RowFunction
                .of(name, Collections.nCopies(arguments.size(), VARCHAR), VARCHAR, objects(values -> {
                    StringBuilder text = new StringBuilder();
                    for (Object value : values) {
                        if (value != null) {
                            text.append(value);
                        }
                    }
                    return text.toString();
                })).seeingNulls();
        return new Call(function, asTexts(arguments, position), VARCHAR, position);
    }

    private static Expression join(String name, List<Expression> arguments, Position position) {
        if (arguments.stream().noneMatch(argument -> argument.type() == VARCHAR || argument.type() == SqlType.NULL
                || argument.type() == SqlType.BLOB)) {
            throw GraticuleException.binding(position,
                    "The operator || joins strings, not " + Coercion.types(arguments) + ". Write a CAST.");
        }
        if (arguments.stream().allMatch(argument -> argument.type() == SqlType.BLOB)) {
            return new Call(RowFunction.of(name, List.of(SqlType.BLOB, SqlType.BLOB), SqlType.BLOB, objects(values -> {
                byte[] left = (byte[]) values[0];
                byte[] right = (byte[]) values[1];
                byte[] both = java.util.Arrays.copyOf(left, left.length + right.length);
                System.arraycopy(right, 0, both, left.length, right.length);
                return both;
            })), arguments, SqlType.BLOB, position);
        }
        RowFunction function = RowFunction.of(name, List.of(VARCHAR, VARCHAR), VARCHAR,
                objects(values -> string(values, 0).concat(string(values, 1))));
        return new Call(function, asTexts(arguments, position), VARCHAR, position);
    }

    private static Expression concatSeparated(String name, List<Expression> arguments, Position position) {
        RowFunction function = RowFunction
                .of(name, Collections.nCopies(arguments.size(), VARCHAR), VARCHAR, objects(values -> {
                    if (values[0] == null) {
                        return null;
                    }
                    StringBuilder text = new StringBuilder();
                    boolean first = true;
                    for (int i = 1; i < values.length; i++) {
                        if (values[i] != null) {
                            text.append(first ? "" : values[0]).append(values[i]);
                            first = false;
                        }
                    }
                    return text.toString();
                })).seeingNulls();
        return new Call(function, asTexts(arguments, position), VARCHAR, position);
    }

    private static void trim(Consumer<ScalarDefinition> registry, String purpose, boolean begin, boolean end,
            String... names) {
        registry.accept(ScalarDefinition.of(purpose, names)
                .takes(List.of(VARCHAR), VARCHAR, objects(arguments -> trimmed(string(arguments, 0), " ", begin, end)))
                .takes(List.of(VARCHAR, VARCHAR), VARCHAR,
                        objects(arguments -> trimmed(string(arguments, 0), string(arguments, 1), begin, end))));
    }

    private static String trimmed(String string, String characters, boolean begin, boolean end) {
        int from = 0;
        int to = string.length();
        while (begin && from < to && characters.indexOf(string.codePointAt(from)) >= 0) {
            from += Character.charCount(string.codePointAt(from));
        }
        while (end && to > from && characters.indexOf(string.codePointBefore(to)) >= 0) {
            to -= Character.charCount(string.codePointBefore(to));
        }
        return string.substring(from, to);
    }

    private static void pad(Consumer<ScalarDefinition> registry, String purpose, boolean begin, String name) {
        registry.accept(ScalarDefinition.of(purpose, name)
                .takesFailing(List.of(VARCHAR, BIGINT), VARCHAR,
                        objects(arguments -> padded(string(arguments, 0), number(arguments, 1), " ", begin)))
                .takesFailing(List.of(VARCHAR, BIGINT, VARCHAR), VARCHAR,
                        objects(arguments -> padded(string(arguments, 0), number(arguments, 1), string(arguments, 2),
                                begin))));
    }

    private static String padded(String string, long wanted, String fill, boolean begin) {
        checkLength(Math.max(0, wanted));
        int length = length(string);
        if (wanted <= length || fill.isEmpty()) {
            return characters(string, 0, (int) Math.max(0, Math.min(wanted, length)));
        }
        StringBuilder padding = new StringBuilder();
        int[] points = fill.codePoints().toArray();
        for (int i = 0; i < wanted - length; i++) {
            padding.appendCodePoint(points[i % points.length]);
        }
        return begin ? padding + string : string + padding;
    }

    private static long position(String string, String part) {
        int at = string.indexOf(part);
        return at < 0 ? 0 : string.codePointCount(0, at) + 1L;
    }

    private static String splitPart(Object[] arguments) {
        String string = string(arguments, 0);
        String separator = string(arguments, 1);
        long wanted = number(arguments, 2);
        if (wanted == 0) {
            throw GraticuleException.data(null, "split_part counts parts from 1 (or from the end, -1), not 0.");
        }
        List<String> parts = new ArrayList<>();
        int from = 0;
        if (!separator.isEmpty()) {
            for (int at = string.indexOf(separator); at >= 0; at = string.indexOf(separator, from)) {
                parts.add(string.substring(from, at));
                from = at + separator.length();
            }
        }
        parts.add(string.substring(from));
        long index = wanted > 0 ? wanted - 1 : parts.size() + wanted;
        return index >= 0 && index < parts.size() ? parts.get((int) index) : "";
    }

    private static String translate(Object[] arguments) {
        String from = string(arguments, 1);
        int[] to = string(arguments, 2).codePoints().toArray();
        StringBuilder text = new StringBuilder();
        string(arguments, 0).codePoints().forEach(point -> {
            int at = from.indexOf(point);
            if (at < 0) {
                text.appendCodePoint(point);
            } else {
                int place = from.codePointCount(0, at);
                if (place < to.length) {
                    text.appendCodePoint(to[place]);
                }
            }
        });
        return text.toString();
    }

    private static String capitalised(String string) {
        StringBuilder text = new StringBuilder();
        boolean inWord = false;
        for (int point : string.codePoints().toArray()) {
            text.appendCodePoint(inWord ? Character.toLowerCase(point) : Character.toUpperCase(point));
            inWord = Character.isLetterOrDigit(point);
        }
        return text.toString();
    }

    /** An odd number of digits has a 0 before them. */
    private static byte[] bytes(String digits) {
        try {
            return HexFormat.of().parseHex(digits.length() % 2 == 0 ? digits : "0" + digits);
        } catch (IllegalArgumentException notHexadecimal) {
            return null;
        }
    }

    private static String hash(String algorithm, String string) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance(algorithm).digest(string.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String replaceMatch(Object[] arguments, String flags) {
        Matcher matcher = Patterns.regular(string(arguments, 1), flags.replace("g", "")).matcher(string(arguments, 0));
        String replacement = Patterns.replacement(string(arguments, 2));
        try {
            return flags.contains("g") ? Patterns.replaceAll(matcher, replacement) : matcher.replaceFirst(replacement);
        } catch (IndexOutOfBoundsException noSuchGroup) {
            throw GraticuleException.data(null, "The regular expression '" + string(arguments, 1)
                    + "' has no group for '" + string(arguments, 2) + "'.");
        }
    }

    private static String extract(Object[] arguments, int group) {
        Matcher matcher = Patterns.regular(string(arguments, 1), "").matcher(string(arguments, 0));
        if (group < 0 || group > matcher.groupCount()) {
            throw GraticuleException.data(null,
                    "The regular expression '" + string(arguments, 1) + "' has no group " + group + ".");
        }
        return matcher.find() && matcher.group(group) != null ? matcher.group(group) : "";
    }
}
