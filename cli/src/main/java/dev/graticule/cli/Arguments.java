package dev.graticule.cli;

import java.util.ArrayList;
import java.util.Arrays;
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
 * @param scripts what to run, in the order in which it was written
 * @param output the file for the results; empty for standard output, which is also called {@code -}
 * @param settings settings of the engine, in the order in which they are to be made
 */
record Arguments(List<Script> scripts, OutputFormat format,
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
    private static CommandSpec specification(List<Script> scripts) {
        CommandSpec spec = CommandSpec.create().name("graticule");
        spec.usageMessage().description(
                "SQL on gridded data. Each SQL argument is a script; the path of a store alone describes it. Without"
                        + " SQL, a script is read from standard input, or you are asked for statements on a terminal.")
                .width(100)
                .customSynopsis("graticule [options] [SQL ... | STORE]").sortOptions(false);
        spec.addPositional(PositionalParamSpec.builder().index("0..*").paramLabel("SQL|STORE").type(List.class)
                .auxiliaryTypes(String.class).converters(text -> added(scripts, Script.Kind.ARGUMENT, text))
                .description("Statements, separated by ';', or a store to describe.").build());
        spec.addOption(many("SQL", "Run these statements.", text -> added(scripts, Script.Kind.SQL, text), "-c",
                "--command"));
        spec.addOption(many("FILE", "Run the statements in a file; - is standard input.",
                text -> added(scripts, Script.Kind.FILE, text), "-f", "--file"));
        spec.addOption(
                one("FORMAT", "One of " + OutputFormat.words() + ". The default is table.", "--format"));
        for (OutputFormat format : OutputFormat.values()) {
            spec.addOption(
                    flag("The same as --format " + format.word() + ".", format.options().toArray(String[]::new)));
        }
        spec.addOption(one("FILE",
                "Write results to a file, which appears when all succeeded. Its ending decides the format if none is given.",
                "-o", "--output"));
        spec.addOption(one("N", "How many threads a query uses; one a core by default.", "--threads"));
        spec.addOption(one("SIZE", "What a query may hold in memory, for example 4GB.", "--memory-limit"));
        spec.addOption(many("NAME=VALUE", "Make a setting, as SET does.", text -> text, "--set"));
        spec.addOption(flag("Serve a program: one JSON object a line in, one a line out.", "--pipe"));
        spec.addOption(flag("No row counts, times and progress on standard error.", "-q", "--quiet"));
        spec.addOption(flag("Show the stack trace of errors.", "--verbose"));
        spec.addOption(flag("Show this.", "-h", "--help"));
        spec.addOption(flag("Show the version.", "--version"));
        return spec;
    }

    private static String added(List<Script> scripts, Script.Kind kind, String text) {
        scripts.add(new Script(kind, text));
        return text;
    }

    private static OptionSpec many(String label, String description, CommandLine.ITypeConverter<String> converter,
            String... names) {
        return OptionSpec.builder(names).paramLabel(label).type(List.class).auxiliaryTypes(String.class).arity("1")
                .converters(converter).description(description).build();
    }

    private static OptionSpec one(String label, String description, String... names) {
        return OptionSpec.builder(names).paramLabel(label).type(String.class).arity("1").description(description)
                .build();
    }

    private static OptionSpec flag(String description, String... names) {
        return OptionSpec.builder(names).type(boolean.class).arity("0").description(description).build();
    }

    private static CommandLine commandLine(List<Script> scripts) {
        return new CommandLine(specification(scripts)).setExpandAtFiles(false)
                .setPosixClusteredShortOptionsAllowed(false)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** The text of {@code --help}. */
    static String usage() {
        return commandLine(new ArrayList<>()).getUsageMessage(CommandLine.Help.Ansi.OFF);
    }

    /** @throws UsageException where the arguments make no sense */
    static Arguments parse(String... arguments) throws UsageException {
        // The commonest call, SQL and nothing else, need not wait for picocli to be loaded.
        return hasOptions(arguments) ? parseOptions(arguments)
                : new Arguments(Arrays.stream(arguments).map(text -> new Script(Script.Kind.ARGUMENT, text)).toList(),
                        OutputFormat.TABLE, Optional.empty(),
                        Map.of(), false, false, false, false,
                        false);
    }

    private static boolean hasOptions(String... arguments) {
        for (String argument : arguments) {
            if (argument.startsWith("-") && !isComment(argument)) {
                return true;
            }
        }
        return false;
    }

    /** Whether it is SQL that begins with a comment, and no option. */
    private static boolean isComment(String argument) {
        return argument.startsWith("--") && argument.length() > 2 && Character.isWhitespace(argument.charAt(2));
    }

    private static Arguments parseOptions(String... arguments) throws UsageException {
        List<Script> scripts = new ArrayList<>();
        ParseResult found;
        try {
            found = commandLine(scripts).parseArgs(Arrays.stream(arguments)
                    .map(argument -> isComment(argument) ? " " + argument : argument).toArray(String[]::new));
        } catch (CommandLine.UnmatchedArgumentException unknown) {
            List<String> suggestions = unknown.getSuggestions();
            throw new UsageException(unknown.getMessage()
                    + (suggestions.isEmpty() ? "" : ". Did you mean " + suggestions.getFirst() + "?"));
        } catch (CommandLine.ParameterException wrong) {
            throw new UsageException(wrong.getMessage());
        }
        Optional<String> output = Optional.ofNullable(found.matchedOptionValue("-o", (String) null))
                .filter(file -> !file.equals("-"));
        if (output.filter(String::isBlank).isPresent()) {
            throw new UsageException("-o wants the name of a file.");
        }
        if (scripts.stream().anyMatch(script -> script.kind() == Script.Kind.FILE && script.text().isBlank())) {
            throw new UsageException("-f wants the name of a file.");
        }
        return new Arguments(List.copyOf(scripts),
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
                            + "'. It is one of " + OutputFormat.words() + ".")));
        }
        if (wanted.stream().distinct().count() > 1) {
            throw new UsageException("Results have one format, and " + wanted.get(0).word() + " and "
                    + wanted.get(1).word() + " were asked for.");
        }
        if (!wanted.isEmpty() || output.isEmpty()) {
            return wanted.isEmpty() ? OutputFormat.TABLE : wanted.getFirst();
        }
        String name = output.get().substring(output.get().lastIndexOf('/') + 1);
        int point = name.lastIndexOf('.');
        return point < 1 ? OutputFormat.TABLE : OutputFormat.ofFile(name).orElseThrow(
                () -> new UsageException("What a file that ends with " + name.substring(point)
                        + " holds is not known: add --format and one of " + OutputFormat.words() + "."));
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
