package dev.graticule.benchmarks.grid;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedSet;

/** The measurements of a comparison as Markdown, and those of the first layout as a chart. */
final class ResultTables {
    private final List<Measurement> measurements;
    private final SequencedSet<Layout> layouts = new LinkedHashSet<>();
    private final SequencedSet<Question> questions = new LinkedHashSet<>();

    ResultTables(List<Measurement> measurements) {
        this.measurements = List.copyOf(measurements);
        for (Measurement measurement : measurements) {
            layouts.add(measurement.layout());
            questions.add(measurement.question());
        }
    }

    private Optional<Measurement> of(Question question, Layout layout) {
        return measurements.stream().filter(one -> one.question().equals(question) && one.layout() == layout)
                .findFirst();
    }

    /** The whole page. */
    String text(String machine, double seconds) {
        StringBuilder text = new StringBuilder("""
                # What questions of a grid cost

                Written by CompareGrid; ../README.md says what is measured and how.

                """).append(machine).append(String.format(Locale.ROOT, "%nIt took %.0f s.%n", seconds));
        text.append(
                "\n## Beside the loop\n\nThe engine's time as a multiple of the loop's, medians; **bold**: more than"
                        + " the target allows (1.5 where chunks are not compressed, 1.3 elsewhere).\n\n");
        heading(text, layouts.stream().map(Layout::word).toList());
        for (Question question : questions) {
            if (question.hasLoop()) {
                row(text, question, layouts.stream().map(layout -> of(question, layout)
                        .map(one -> marked("%.2f", one.ratio().median(), one.missesFloor())).orElse("")).toList());
            }
        }
        text.append("\n## Seconds, beside DuckDB\n\nThe engine by layout, and DuckDB on its Parquet copy, whose time is"
                + " a multiple of the engine's on ").append(layouts.getFirst().word())
                .append("; **bold**: less than the target.\n\n");
        List<String> names = new ArrayList<>(layouts.stream().map(Layout::word).toList());
        names.addAll(List.of("DuckDB", "times", "target"));
        heading(text, names);
        for (Question question : questions) {
            List<String> cells = new ArrayList<>(layouts.stream().map(layout -> of(question, layout)
                    .map(one -> marked("%.4f", one.engine().median(), false)).orElse("")).toList());
            Optional<Measurement> beside = of(question, layouts.getFirst()).filter(one -> !one.duckDb().isEmpty());
            cells.add(beside.map(one -> marked("%.3f", one.duckDb().median(), false)).orElse(""));
            cells.add(beside.map(one -> marked("%.1f", one.duckDbRatio(), one.missesDuckDb())).orElse(""));
            cells.add(question.targets().duckDb() > 0 ? marked("%.0f", question.targets().duckDb(), false) : "");
            row(text, question, cells);
        }
        if (layouts.contains(Layout.RAW) && layouts.contains(Layout.SMALL)) {
            text.append(
                    "\n## Small chunks\n\nThe engine's time on chunks of 64 x 64 cells as a multiple of that on chunks"
                            + " of a time step (target: 2).\n\n");
            heading(text, List.of("engine", "loop"));
            for (Question question : questions) {
                of(question, Layout.SMALL).ifPresent(small -> of(question, Layout.RAW).ifPresent(large -> row(text,
                        question, List.of(
                                marked("%.2f", small.engine().median() / large.engine().median(),
                                        small.engine().median() > 2 * large.engine().median()),
                                question.hasLoop()
                                        ? marked("%.2f", small.loop().median() / large.loop().median(), false)
                                        : ""))));
            }
        }
        text.append("""

                ## All measurements

                | question | layout | engine, s | spread | loop, s | engine / loop | spread | of CPU seconds | DuckDB, s |
                | --- | --- | --: | --: | --: | --: | --: | --: | --: |
                """);
        measurements.forEach(measurement -> text.append(measurement.line()).append('\n'));
        text.append("\n## The questions\n\n");
        for (Question question : questions) {
            text.append(String.format("(%s) %s:%n%n%s%n%n", question.number(), question.name(),
                    question.sql().indent(4).stripTrailing()));
        }
        return text.toString().stripTrailing() + "\n";
    }

    private static String marked(String format, double number, boolean missed) {
        String text = String.format(Locale.ROOT, format, number);
        return missed ? "**" + text + "**" : text;
    }

    private static void heading(StringBuilder text, List<String> columns) {
        text.append("| question | ").append(String.join(" | ", columns)).append(" |\n| --- |")
                .append(" --: |".repeat(columns.size())).append('\n');
    }

    private static void row(StringBuilder text, Question question, List<String> cells) {
        text.append("| (").append(question.number()).append(") ").append(question.name()).append(" | ")
                .append(String.join(" | ", cells)).append(" |\n");
    }

    /** Seconds of loop, engine and DuckDB, each question of the first layout. */
    String chart() {
        return BarChart.svg("Seconds (logarithmic), layout " + layouts.getFirst().word(),
                List.of("loop", "engine", "DuckDB"),
                measurements.stream().filter(one -> one.layout() == layouts.getFirst())
                        .map(one -> new BarChart.Group("(" + one.question().number() + ") " + one.question().name(),
                                List.of(one.loop().median(), one.engine().median(), one.duckDb().median())))
                        .toList());
    }
}
