package dev.graticule.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * What the command was asked to do.
 *
 * @param commands SQL of {@code -c}
 * @param files scripts of {@code -f}; {@code -} is standard input
 * @param rest the other arguments: SQL, or the paths of stores
 * @param settings settings of the engine, in the order in which they are to be made
 */
record Arguments(List<String> commands, List<String> files, List<String> rest, OutputFormat format,
        Optional<String> output,
        Map<String, String> settings, boolean pipe, boolean verbose, boolean quiet, boolean help, boolean version) {

    /** An error of usage, to be told in one line. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    // The model is built by hand: picocli's annotations cost a tenth of a second of reflection at every start.
    private static CommandSpec specification() {
        CommandSpec spec = CommandSpec.create().name("graticule");
        spec.usageMessage().description(
                "SQL on gridded data. Each SQL argument is a script; the path of a store alone describes it. Without"
                        + " SQL, a script is read from standard input, or you are asked for statements on a terminal.")
                .width(100)
                .customSynopsis("graticule [options] [SQL ... | STORE]").sortOptions(false);
        spec.addPositional(PositionalParamSpec.builder().index("0..*").paramLabel("SQL|STORE").type(List.class)
                .auxiliaryTypes(String.class)
                .description("Statements, separated by ';', or a store to describe.").build());
        spec.addOption(many("SQL", "Run these statements.", "-c", "--command"));
        spec.addOption(many("FILE", "Run the statements in a file; - is standard input.", "-f", "--file"));
        spec.addOption(one("FORMAT", "table (the default), csv, json, jsonl, markdown or arrow.", "--format"));
        for (OutputFormat format : OutputFormat.values()) {
            spec.addOption(
                    flag("The same as --format " + format.word() + ".", format.options().toArray(String[]::new)));
        }
        spec.addOption(one("FILE",
                "Write results to a file, which appears when all succeeded. Its ending decides the format if none is given.",
                "-o", "--output"));
        spec.addOption(one("N", "How many threads a query uses; one a core by default.", "--threads"));
        spec.addOption(one("SIZE", "What a query may hold in memory, for example 4GB.", "--memory-limit"));
        spec.addOption(many("NAME=VALUE", "Make a setting, as SET does.", "--set"));
        spec.addOption(flag("Serve a program: one JSON object a line in, one a line out.", "--pipe"));
        spec.addOption(flag("No row counts, times and progress on standard error.", "-q", "--quiet"));
        spec.addOption(flag("Show the stack trace of errors.", "--verbose"));
        spec.addOption(flag("Show this.", "-h", "--help"));
        spec.addOption(flag("Show the version.", "--version"));
        return spec;
    }

    private static OptionSpec many(String label, String description, String... names) {
        return OptionSpec.builder(names).paramLabel(label).type(List.class).auxiliaryTypes(String.class).arity("1")
                .description(description).build();
    }

    private static OptionSpec one(String label, String description, String... names) {
        return OptionSpec.builder(names).paramLabel(label).type(String.class).arity("1").description(description)
                .build();
    }

    private static OptionSpec flag(String description, String... names) {
        return OptionSpec.builder(names).type(boolean.class).arity("0").description(description).build();
    }

    private static CommandLine commandLine() {
        return new CommandLine(specification()).setExpandAtFiles(false).setPosixClusteredShortOptionsAllowed(false)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** The text of {@code --help}. */
    static String usage() {
        return commandLine().getUsageMessage(CommandLine.Help.Ansi.OFF);
    }

    /** @throws UsageException where the arguments make no sense */
    static Arguments parse(String... arguments) throws UsageException {
        // The commonest call, SQL and nothing else, need not wait for picocli to be loaded.
        return hasOptions(arguments) ? parseOptions(arguments)
                : new Arguments(List.of(), List.of(), List.of(arguments), OutputFormat.TABLE, Optional.empty(),
                        Map.of(), false, false, false, false,
                        false);
    }

    private static boolean hasOptions(String... arguments) {
        for (String argument : arguments) {
            if (argument.startsWith("-")) {
                return true;
            }
        }
        return false;
    }

    private static Arguments parseOptions(String... arguments) throws UsageException {
        ParseResult found;
        try {
            found = commandLine().parseArgs(arguments);
        } catch (CommandLine.UnmatchedArgumentException unknown) {
            List<String> suggestions = unknown.getSuggestions();
            throw new UsageException(unknown.getMessage()
                    + (suggestions.isEmpty() ? "" : ". Did you mean " + suggestions.getFirst() + "?"));
        } catch (CommandLine.ParameterException wrong) {
            throw new UsageException(wrong.getMessage());
        }
        Optional<String> output = Optional.ofNullable(found.matchedOptionValue("-o", (String) null));
        return new Arguments(values(found, "-c"), values(found, "-f"),
                found.matchedPositionalValue(0, List.<String>of()),
                format(found, output), output, settings(found), found.hasMatchedOption("--pipe"),
                found.hasMatchedOption("--verbose"),
                found.hasMatchedOption("-q"), found.hasMatchedOption("-h"), found.hasMatchedOption("--version"));
    }

    private static List<String> values(ParseResult found, String option) {
        return found.matchedOptionValue(option, List.<String>of());
    }

    private static OutputFormat format(ParseResult found, Optional<String> output) throws UsageException {
        List<OutputFormat> wanted = new ArrayList<>();
        for (OutputFormat format : OutputFormat.values()) {
            if (found.hasMatchedOption(format.options().getFirst())) {
                wanted.add(format);
            }
        }
        if (found.hasMatchedOption("--format")) {
            String name = found.matchedOptionValue("--format", "");
            wanted.add(OutputFormat.named(name).orElseThrow(
                    () -> new UsageException("There is no format '" + name
                            + "'. It is one of table, csv, json, jsonl, markdown, arrow.")));
        }
        if (wanted.stream().distinct().count() > 1) {
            throw new UsageException("Results have one format, and " + wanted.get(0).word() + " and "
                    + wanted.get(1).word() + " were asked for.");
        }
        return wanted.isEmpty() ? output.flatMap(OutputFormat::ofFile).orElse(OutputFormat.TABLE) : wanted.getFirst();
    }

    private static Map<String, String> settings(ParseResult found) throws UsageException {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String setting : values(found, "--set")) {
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw new UsageException("--set wants NAME=VALUE, not '" + setting + "'.");
            }
            settings.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        if (found.hasMatchedOption("--threads")) {
            settings.put("threads", found.matchedOptionValue("--threads", ""));
        }
        if (found.hasMatchedOption("--memory-limit")) {
            settings.put("memory_limit", found.matchedOptionValue("--memory-limit", ""));
        }
        return settings;
    }
}
