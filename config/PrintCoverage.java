import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** Prints what JaCoCo's CSV report says, a line for each module and one for all of them. */
class PrintCoverage {
    private static final int GROUP = 0;
    private static final int BRANCHES_MISSED = 5;
    private static final int LINES_MISSED = 7;

    private static final class Total {
        private final long[] counts = new long[4];

        void add(String[] cells) {
            for (int i = 0; i < 2; i++) {
                counts[i] += Long.parseLong(cells[LINES_MISSED + i]);
                counts[2 + i] += Long.parseLong(cells[BRANCHES_MISSED + i]);
            }
        }

        void print(String name) {
            System.out.printf(Locale.ROOT, "%-24s %6d lines, %5.1f %% reached; %6d branches, %5.1f %% taken%n", name,
                    counts[0] + counts[1], percent(0), counts[2] + counts[3], percent(2));
        }

        private double percent(int missed) {
            return 100.0 * counts[missed + 1] / Math.max(1, counts[missed] + counts[missed + 1]);
        }
    }

    public static void main(String[] arguments) throws IOException {
        List<String> rows = Files.readAllLines(Path.of(arguments[0]));
        TreeMap<String, Total> modules = new TreeMap<>();
        Total all = new Total();
        for (String row : rows.subList(1, rows.size())) {
            String[] cells = row.split(",");
            String module = cells[GROUP].substring(cells[GROUP].lastIndexOf('/') + 1);
            modules.computeIfAbsent(module, name -> new Total()).add(cells);
            all.add(cells);
        }
        modules.forEach((name, total) -> total.print(name));
        all.print("All modules");
    }
}
