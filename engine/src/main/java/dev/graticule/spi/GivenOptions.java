package dev.graticule.spi;

import dev.graticule.GraticuleException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The options that the user gave a source or a format of COPY, read one by one and checked alike everywhere.
 *
 * <p>Every method that reads an option also makes its name known, so {@link #requireNoOthers} comes last and can list them all. An
 * option may have more than one name; the first is the one that errors use. All errors are GraticuleExceptions of kind BINDING that
 * name the option, say what it takes and what was given. For one thread.
 */
public final class GivenOptions {
    private final String owner;
    private final UnaryOperator<String> spelling;
    private final Map<String, Object> given;
    private final Map<String, List<String>> known = new LinkedHashMap<>();
    private final List<String> ignored = new ArrayList<>();

    private GivenOptions(String owner, UnaryOperator<String> spelling, Map<String, Object> given) {
        this.owner = owner;
        this.spelling = spelling;
        this.given = new TreeMap<>(given);
        this.given.values().removeIf(Objects::isNull);
    }

    /** Those of {@code read_<format>}, STORED AS and ATTACH, their names in lower case as {@link DatasetProvider#open} gets them. */
    public static GivenOptions ofReading(String format, Map<String, Object> given) {
        return new GivenOptions("read_" + format, name -> name, given);
    }

    /** Those of {@code COPY ... (FORMAT ...)}, their names in lower case as {@link CopyFormat#writer} gets them. */
    public static GivenOptions ofCopy(String format, Map<String, Object> given) {
        return new GivenOptions("COPY as " + format, name -> name.toUpperCase(Locale.ROOT), given);
    }

    /** What a value means as a flag: true, on, yes and 1, or false, off, no and 0, as words in any case too. */
    public static Optional<Boolean> flagOf(Object value) {
        return switch (String.valueOf(value).strip().toLowerCase(Locale.ROOT)) {
            case "true", "on", "yes", "1" -> Optional.of(true);
            case "false", "off", "no", "0" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /** What a value means as a whole number: a number without a fraction, or the text of one. */
    public static OptionalLong wholeNumberOf(Object value) {
        return switch (value) {
            case Long number -> OptionalLong.of(number);
            case Integer number -> OptionalLong.of(number);
            case Double number when number == Math.rint(number) && Math.abs(number) < 1L << 53 ->
                OptionalLong.of(number.longValue());
            case String text when text.strip().matches("[+-]?\\d{1,18}") ->
                OptionalLong.of(Long.parseLong(text.strip()));
            case null, default -> OptionalLong.empty();
        };
    }

    /** The option as it was given: String, Long, Double, Boolean, or a List or Map of those. */
    public Optional<Object> value(String name, String... otherNames) {
        List<String> names = new ArrayList<>(List.of(name));
        names.addAll(List.of(otherNames));
        known.put(name, names);
        List<String> present = names.stream().filter(given::containsKey).toList();
        if (present.size() > 1) {
            throw GraticuleException.binding(spelling.apply(present.get(0)) + " and " + spelling.apply(present.get(1))
                    + " of " + owner + " are the same option; give one of them.");
        }
        return present.isEmpty() ? Optional.empty() : Optional.of(given.get(present.getFirst()));
    }

    /** A text; a number or a flag is one as well. */
    public Optional<String> text(String name, String... otherNames) {
        return value(name, otherNames).map(value -> {
            if (value instanceof List || value instanceof Map) {
                throw wrong(name, "a text");
            }
            return value.toString();
        });
    }

    /** A flag, or what stands for it where it is not given; see {@link #flagOf}. */
    public boolean flag(String name, boolean otherwise) {
        return flag(name).orElse(otherwise);
    }

    /** A flag, if it is given; see {@link #flagOf}. */
    public Optional<Boolean> flag(String name) {
        return value(name).map(value -> flagOf(value).orElseThrow(() -> wrong(name, "true or false")));
    }

    /** A whole number within bounds, or what stands for it where it is not given; see {@link #wholeNumberOf}. */
    public long wholeNumber(String name, long least, long most, long otherwise) {
        Optional<Object> value = value(name);
        if (value.isEmpty()) {
            return otherwise;
        }
        OptionalLong number = wholeNumberOf(value.get());
        if (number.isEmpty() || number.getAsLong() < least || number.getAsLong() > most) {
            throw wrong(name, "a whole number " + (most == Long.MAX_VALUE ? "of at least " + least
                    : "from " + least + " to " + most));
        }
        return number.getAsLong();
    }

    /** One character; {@code \t} is a tab. */
    public Optional<Character> character(String name, String... otherNames) {
        return text(name, otherNames).map(text -> text.equals("\\t") ? "\t" : text).map(text -> {
            if (text.length() != 1) {
                throw wrong(name, "one character");
            }
            return text.charAt(0);
        });
    }

    /**
     * One of several words, in any case.
     *
     * @param takes the words, for an error: {@code "zstd or none"}
     * @param meaning what a word in lower case stands for; empty for a word that is none of them
     */
    public <T> Optional<T> word(String name, String takes, Function<String, Optional<T>> meaning) {
        return text(name).map(text -> meaning.apply(text.toLowerCase(Locale.ROOT))
                .orElseThrow(() -> wrong(name, takes)));
    }

    /** Texts: a list of them, or one alone; none where the option is not given. */
    public List<String> texts(String name, String... otherNames) {
        return switch (value(name, otherNames).orElse(List.of())) {
            case List<?> list -> list.stream().map(item -> {
                if (item == null || item instanceof List || item instanceof Map) {
                    throw wrong(name, "a list of texts");
                }
                return item.toString();
            }).toList();
            case Map<?, ?> _ -> throw wrong(name, "a list of texts");
            case Object one -> List.of(one.toString());
        };
    }

    /** As {@link #texts}, but a text alone is a list that is written with commas, brackets and quotes if one likes: {@code 'a, b'}. */
    public List<String> listed(String name, String... otherNames) {
        List<String> texts = texts(name, otherNames);
        return value(name, otherNames).filter(List.class::isInstance).isPresent() ? texts
                : texts.stream().flatMap(text -> split(text).stream()).toList();
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

    /** Texts by name, in the order in which they were given; none where the option is not given. */
    public Map<String, String> textsByName(String name, String... otherNames) {
        return switch (value(name, otherNames).orElse(Map.of())) {
            case Map<?, ?> map -> {
                Map<String, String> texts = new LinkedHashMap<>();
                map.forEach((key, text) -> {
                    if (text == null || text instanceof List || text instanceof Map) {
                        throw wrong(name, "texts by name");
                    }
                    texts.put(key.toString(), text.toString());
                });
                yield texts;
            }
            case Object _ -> throw wrong(name, "texts by name");
        };
    }

    /** Makes a name known that says nothing here; errors do not list it. */
    public void ignore(String name) {
        ignored.add(name);
    }

    /** The error of an option that does not fit; {@code takes} completes "the option takes ...". */
    public GraticuleException wrong(String name, String takes) {
        Object value = value(name, known.getOrDefault(name, List.of(name)).stream().skip(1).toArray(String[]::new))
                .orElse("nothing");
        return GraticuleException.binding(spelling.apply(name) + " of " + owner + " takes " + takes + ", not "
                + (value instanceof String text ? "'" + text + "'" : value) + ".");
    }

    /** @throws GraticuleException where an option is given that was not read: it names the nearest that is known, and lists all */
    public void requireNoOthers() {
        List<String> names = known.values().stream().flatMap(List::stream).toList();
        for (String name : given.keySet()) {
            if (!names.contains(name) && !ignored.contains(name)) {
                String list = known.values().stream().map(this::spelled).collect(Collectors.joining(", "));
                throw GraticuleException.binding(owner + " has no option " + spelling.apply(name) + "."
                        + NearestName.question(name, names.stream().map(spelling).toList())
                        + (list.isEmpty() ? " It takes none." : " It has " + list + "."));
            }
        }
    }

    private String spelled(List<String> names) {
        String others = names.stream().skip(1).map(spelling).collect(Collectors.joining(", "));
        return spelling.apply(names.getFirst()) + (others.isEmpty() ? "" : " (" + others + ")");
    }
}
