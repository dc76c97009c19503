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
            throw new AssertionError(failure.getMessage() + "\n./graticule -c \"" + shell(script(law, given)) + "\"",
                    failure);
        }
    }

    /** A script that asks what a case asks: of its store, which is written for it, or of its rows where no store can hold them. */
    static String script(String law, Case given) {
        StoreRecipe store = given.store();
        if (!store.isStorable()) {
            String query = given.query().overRows();
            return "WITH g AS (" + values(store.grid()) + ")"
                    + (query.startsWith("WITH ") ? ", " + query.substring(5) : " " + query);
        }
        Path folder = folder(law, given);
        store.write(folder);
        return store.statement(folder) + "; " + given.query().overGrid();
    }

    /** Where the store of a case is kept: one for each way to fail, because it is not known which of them shrinking ends with. */
    static Path folder(String law, Case given) {
        String name = law.replace(' ', '-') + "-" + Integer.toHexString(given.store().toString().hashCode());
        return Path.of("target", "failed", name + ".zarr").toAbsolutePath();
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
        if (grid.rows().isEmpty()) {
            return "SELECT " + columns + " FROM (SELECT "
                    + grid.names().stream().map(name -> "NULL AS c" + grid.names().indexOf(name))
                            .collect(Collectors.joining(", "))
                    + ") AS t WHERE false";
        }
        return "SELECT " + columns + " FROM (VALUES "
                + grid.rows().stream().map(row -> IntStream.range(0, row.size())
                        .mapToObj(i -> DuckDb.text(row.get(i), grid.types().get(i)))
                        .collect(Collectors.joining(", ", "(", ")"))).collect(Collectors.joining(", "))
                + ") AS t(" + names + ")";
    }
}
