package dev.graticule.consistency;

import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Checks a case, and says of one that fails how to see it with the command. */
final class Law {
    private Law() {
    }

    /** What is checked. */
    interface Check {
        void run(Case given);
    }

    /** Runs a check; where it fails, the store stays in the build's folder and the message has the command that asks it. */
    static void check(String law, Case given, Check check) {
        try {
            check.run(given);
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError(failure.getMessage() + "\n" + reproduction(law, given), failure);
        }
    }

    private static String reproduction(String law, Case given) {
        QueryText query = given.query();
        if (!given.store().isStorable()) {
            return "graticule -c \"" + shell("WITH g AS (" + values(given.store().grid()) + ") " + query.overRows())
                    + "\"";
        }
        // One store for each way to fail: which of them shrinking ends with is not known here.
        String name = law.replace(' ', '-') + "-" + Integer.toHexString(given.store().toString().hashCode());
        Path folder = Path.of("target", "failed", name + ".zarr").toAbsolutePath();
        given.store().write(folder);
        return "graticule -c \"" + shell(given.store().statement(folder) + "; " + query.overGrid()) + "\"";
    }

    private static String shell(String sql) {
        return sql.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$").replace("`", "\\`");
    }

    /** The rows of a grid as a query. */
    private static String values(GridRecipe grid) {
        String columns = IntStream.range(0, grid.names().size())
                .mapToObj(i -> "CAST(c" + i + " AS " + grid.types().get(i) + ") AS " + grid.names().get(i))
                .collect(Collectors.joining(", "));
        String names = IntStream.range(0, grid.names().size()).mapToObj(i -> "c" + i)
                .collect(Collectors.joining(", "));
        return "SELECT " + columns + " FROM (VALUES "
                + grid.rows().stream().map(row -> IntStream.range(0, row.size())
                        .mapToObj(i -> DuckDb.text(row.get(i), grid.types().get(i)))
                        .collect(Collectors.joining(", ", "(", ")"))).collect(Collectors.joining(", "))
                + ") AS t(" + names + ")";
    }
}
