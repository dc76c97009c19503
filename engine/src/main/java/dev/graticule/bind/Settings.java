package dev.graticule.bind;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.QueryOptions;
import dev.graticule.spi.GivenOptions;
import dev.graticule.spi.NearestName;
import dev.graticule.sql.Position;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What SET changes, by name. Thread-safe. */
public final class Settings {
    private static final Pattern BYTES = Pattern.compile("\\s*(\\d+(?:\\.\\d+)?)\\s*([a-zA-Z%]*)\\s*");
    private static final Map<String, Setting> SETTINGS = new LinkedHashMap<>();

    private final QueryOptions initial;
    private final AtomicReference<QueryOptions> current;

    private record Setting(String description, Function<QueryOptions, Object> get,
            BiFunction<QueryOptions, Value, QueryOptions> set) {
    }

    /** One setting for SHOW ALL. */
    public record Shown(String name, String value, String description) {
    }

    private record Value(String name, Object given, Position position) {
        private GraticuleException wrong(String wanted) {
            return GraticuleException.of(ErrorKind.BINDING, position,
                    name + " needs " + wanted + ", not " + given + ".", null);
        }

        boolean flag() {
            return GivenOptions.flagOf(given).orElseThrow(() -> wrong("true or false"));
        }

        int count(int least) {
            long number = GivenOptions.wholeNumberOf(given).orElseThrow(() -> wrong("a whole number"));
            if (number < least || number > 1 << 24) {
                throw wrong("a whole number from " + least + " to " + (1 << 24));
            }
            return (int) number;
        }

        long bytes() {
            if (given instanceof Number number && number.longValue() > 0) {
                return number.longValue();
            }
            Matcher matcher = BYTES.matcher(String.valueOf(given));
            if (!matcher.matches()) {
                throw wrong("a size such as '4GB'");
            }
            double unit = switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
                case "", "b", "bytes" -> 1;
                case "k", "kb" -> 1e3;
                case "m", "mb" -> 1e6;
                case "g", "gb" -> 1e9;
                case "t", "tb" -> 1e12;
                case "kib" -> 1L << 10;
                case "mib" -> 1L << 20;
                case "gib" -> 1L << 30;
                case "tib" -> 1L << 40;
                default -> throw wrong("a size such as '4GB'");
            };
            double bytes = Double.parseDouble(matcher.group(1)) * unit;
            if (bytes < 1) {
                throw wrong("a size such as '4GB'");
            }
            return (long) Math.min(bytes, Long.MAX_VALUE);
        }
    }

    static {
        SETTINGS.put("threads", new Setting("how many workers a query has", QueryOptions::threads,
                (options, value) -> options.withThreads(value.count(1))));
        SETTINGS.put("memory_limit",
                new Setting("how many bytes a query may hold, such as '4GB'", QueryOptions::memoryLimit,
                        (options, value) -> options.withMemoryLimit(value.bytes())));
        SETTINGS.put("temp_directory",
                new Setting("where operators may spill; empty for the system's", QueryOptions::temporaryDirectory,
                        (options, value) -> options.withTemporaryDirectory(String.valueOf(value.given()))));
        SETTINGS.put("integer_division",
                new Setting("whether / of two whole numbers drops the fraction", QueryOptions::integerDivision,
                        (options, value) -> options.withIntegerDivision(value.flag())));
        SETTINGS.put("pruning", new Setting("whether conditions on axes leave chunks unread", QueryOptions::pruning,
                (options, value) -> options.withPruning(value.flag())));
        SETTINGS.put("grid_operators",
                new Setting("whether GROUP BY works on the grid and not on rows", QueryOptions::gridOperators,
                        (options, value) -> options.withGridOperators(value.flag())));
        SETTINGS.put("optimizer", new Setting("whether plans are rewritten", QueryOptions::optimizer,
                (options, value) -> options.withOptimizer(value.flag())));
        SETTINGS.put("batch_rows", new Setting("about how many rows a batch has", QueryOptions::batchRows,
                (options, value) -> options.withBatchRows(value.count(1))));
    }

    /** Settings that begin with these options, to which RESET returns. */
    public Settings(QueryOptions initial) {
        this.initial = initial;
        this.current = new AtomicReference<>(initial);
    }

    /** The options that the next query has. */
    public QueryOptions options() {
        return current.get();
    }

    /**
     * Changes a setting.
     *
     * @param value a number, boolean or string
     * @throws GraticuleException where there is no such setting, or the value does not fit it
     */
    public void set(String name, Object value, Position position) {
        Setting setting = setting(name, position);
        Value given = new Value(name, value, position);
        current.updateAndGet(options -> setting.set.apply(options, given));
    }

    /** Takes a setting, or all with an empty name, back to what it was at first. */
    public void reset(String name, Position position) {
        if (name.isEmpty()) {
            current.set(initial);
        } else {
            Setting setting = setting(name, position);
            Value given = new Value(name, setting.get.apply(initial), position);
            current.updateAndGet(options -> setting.set.apply(options, given));
        }
    }

    /** Whether SET knows the name. */
    static boolean exists(String name) {
        return SETTINGS.containsKey(canonical(name));
    }

    /** The value of a setting as text. */
    String value(String name, Position position) {
        return String.valueOf(setting(name, position).get.apply(current.get()));
    }

    /** All settings. */
    List<Shown> all() {
        return SETTINGS.entrySet().stream()
                .map(entry -> new Shown(entry.getKey(), String.valueOf(entry.getValue().get.apply(current.get())),
                        entry.getValue().description))
                .toList();
    }

    private static Setting setting(String name, Position position) {
        Setting setting = SETTINGS.get(canonical(name));
        if (setting == null) {
            throw GraticuleException.of(ErrorKind.BINDING, position,
                    "No setting named " + name + "."
                            + NearestName.questionOrList(name, SETTINGS.keySet(), "There is", 20),
                    null);
        }
        return setting;
    }

    private static String canonical(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "worker_threads" -> "threads";
            case "max_memory" -> "memory_limit";
            default -> name.toLowerCase(Locale.ROOT);
        };
    }
}
