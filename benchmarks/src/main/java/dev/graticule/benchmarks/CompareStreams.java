package dev.graticule.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.graticule.Engine;
import dev.graticule.Query;
import java.lang.management.ManagementFactory;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBResultSet;

/**
 * Runs each question over the same Arrow batches in memory by the engine and by DuckDB, in turn, several rounds in one process, checks
 * that the answers agree, and prints medians of wall and CPU seconds and their ratios.
 *
 * <p>Either gets SQL and gives its whole result as Arrow batches, with the same number of threads. The engine has the batches as streams in
 * partitions, DuckDB as one stream of the C interface, which it takes no more than one of.
 *
 * <p>Arguments: millions of rows (default 8), rounds (default 7), threads (default all cores), and a part of the names of the questions to
 * run (default all).
 */
public final class CompareStreams {
    private static final double TOLERANCE = 1e-9;
    private static final int WARM_UP_ROUNDS = 2;
    private static final OperatingSystemMXBean PROCESS = (OperatingSystemMXBean) ManagementFactory
            .getOperatingSystemMXBean();

    /** A name, its SQL, and sums over the result that tell whether it is right. */
    private record Question(String name, String sql, String sums) {
    }

    private static final List<Question> QUESTIONS = List.of(
            new Question("scan of seven numbers",
                    "SELECT tens, hundreds, thousands, millions, id, x, y FROM batches",
                    "sum(tens), sum(hundreds), sum(thousands), sum(millions), sum(x), sum(y)"),
            new Question("scan of strings", "SELECT name, city FROM batches", "sum(length(name)), sum(length(city))"),
            new Question("filter that keeps a tenth", "SELECT id, x, y FROM batches WHERE x < 0.1", "sum(x), sum(y)"),
            new Question("filter on a string", "SELECT id, x FROM batches WHERE name = 'name of 77'", "sum(x)"),
            new Question("arithmetic",
                    "SELECT x * 2 + y AS a, (x - y) / (x + 1) AS b, thousands + hundreds AS c FROM batches",
                    "sum(a), sum(b), sum(c)"),
            new Question("sums", "SELECT sum(x) AS a, avg(y) AS b, max(id) AS c, sum(hundreds) AS d FROM batches",
                    "sum(a), sum(b), sum(c), sum(d)"),
            new Question("sum of what a filter keeps",
                    "SELECT sum(x * y) AS a FROM batches WHERE hundreds < 50 AND y > 0.5",
                    "sum(a)"),
            groups("10 groups, BIGINT", "tens"),
            groups("10,000 groups, BIGINT", "thousands"),
            groups("1,000,000 groups, BIGINT", "millions"),
            groups("all rows different, BIGINT", "id"),
            groups("1,000,000 groups, two keys", "thousands, hundreds"),
            groups("10,000 groups, VARCHAR", "name"),
            groups("10,000 groups, VARCHAR in a dictionary", "city"),
            new Question("number of 1,000,000 different", "SELECT count(DISTINCT millions) AS n FROM batches",
                    "sum(n)"),
            new Question("numbers of different by 10 groups",
                    "SELECT tens, count(DISTINCT thousands) AS n FROM batches GROUP BY tens", "sum(tens), sum(n)"),
            new Question("numbers of different by 10,000 groups",
                    "SELECT thousands, count(DISTINCT hundreds) AS n FROM batches GROUP BY thousands",
                    "sum(thousands), sum(n)"),
            new Question("the first ten of an order", "SELECT id, x FROM batches ORDER BY id LIMIT 10",
                    "max(id), sum(x)"));

    private static Question groups(String name, String keys) {
        String sums = keys.equals("name") || keys.equals("city") ? "sum(length(" + keys + "))"
                : "max(" + keys.replace(", ", "), max(") + ")";
        return new Question(name, "SELECT " + keys + ", count(*) AS n, sum(x) AS s FROM batches GROUP BY " + keys,
                sums + ", sum(n), sum(s)");
    }

    private record Seconds(double wall, double cpu) {
    }

    private interface Run {
        void run() throws Exception;
    }

    private CompareStreams() {
    }

    public static void main(String[] arguments) throws Exception {
        int rows = (arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8) * 1_000_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 7;
        int threads = arguments.length > 2 ? Integer.parseInt(arguments[2])
                : Runtime.getRuntime().availableProcessors();
        String wanted = arguments.length > 3 ? arguments[3] : "";
        Properties properties = new Properties();
        properties.setProperty("threads", Integer.toString(threads));
        properties.setProperty(org.duckdb.DuckDBDriver.JDBC_STREAM_RESULTS, "true");
        try (BufferAllocator allocator = new RootAllocator();
                StreamBatches batches = new StreamBatches(allocator, rows);
                Engine engine = Engine.create();
                DuckDBConnection duck = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", properties)) {
            engine.register("batches", batches.table(threads * 4));
            System.out.printf(Locale.ROOT, "%d rows, %d threads, %d rounds, medians; JDK %s, DuckDB %s%n%n", rows,
                    threads, rounds, Runtime.version(), duck.getMetaData().getDatabaseProductVersion());
            System.out.println("| question | million rows a second | wall, s | DuckDB's | ratio | spread "
                    + "| CPU, s | DuckDB's | ratio | spread |");
            System.out.println("| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |");
            for (Question question : QUESTIONS) {
                if (question.name().contains(wanted)) {
                    check(question, engine, duck, batches, allocator, threads);
                    compare(question, engine, duck, batches, allocator, rows, rounds, threads);
                }
            }
        }
    }

    private static void compare(Question question, Engine engine, DuckDBConnection duck, StreamBatches batches,
            BufferAllocator allocator, int rows, int rounds, int threads) throws Exception {
        double[][] wall = new double[3][rounds];
        double[][] cpu = new double[3][rounds];
        for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
            Seconds ours = seconds(() -> {
                try (Query query = engine.query(question.sql()).threads(threads); ArrowReader reader = query.run()) {
                    drain(reader);
                }
            });
            Seconds theirs;
            try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
                Data.exportArrayStream(allocator, batches.openReader(), stream);
                duck.registerArrowStream("batches", stream);
                theirs = seconds(() -> {
                    try (Statement statement = duck.createStatement();
                            ResultSet result = statement.executeQuery(question.sql());
                            ArrowReader reader = (ArrowReader) ((DuckDBResultSet) result).arrowExportStream(allocator,
                                    1 << 16)) {
                        drain(reader);
                    }
                });
            }
            if (round >= 0) {
                note(wall, round, ours.wall(), theirs.wall());
                note(cpu, round, ours.cpu(), theirs.cpu());
            }
        }
        System.out.printf(Locale.ROOT, "| %s | %.1f | %s | %s |%n", question.name(), rows / median(wall[0]) / 1e6,
                print(wall), print(cpu));
    }

    private static void note(double[][] measured, int round, double ours, double theirs) {
        measured[0][round] = ours;
        measured[1][round] = theirs;
        measured[2][round] = ours / theirs;
    }

    private static String print(double[][] measured) {
        return String.format(Locale.ROOT, "%.3f | %.3f | %.2f | %.2f..%.2f", median(measured[0]), median(measured[1]),
                median(measured[2]), Arrays.stream(measured[2]).min().orElseThrow(),
                Arrays.stream(measured[2]).max().orElseThrow());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static Seconds seconds(Run run) throws Exception {
        long cpu = PROCESS.getProcessCpuTime();
        long wall = System.nanoTime();
        run.run();
        return new Seconds((System.nanoTime() - wall) / 1e9, (PROCESS.getProcessCpuTime() - cpu) / 1e9);
    }

    private static void drain(ArrowReader reader) throws Exception {
        while (reader.loadNextBatch()) {
            reader.getVectorSchemaRoot().getRowCount();
        }
    }

    private static void check(Question question, Engine engine, DuckDBConnection duck, StreamBatches batches,
            BufferAllocator allocator, int threads) throws Exception {
        String sql = "SELECT count(*), " + question.sums() + " FROM (" + question.sql() + ") AS result";
        double[] ours;
        try (Query query = engine.query(sql).threads(threads); ArrowReader reader = query.run()) {
            reader.loadNextBatch();
            ours = reader.getVectorSchemaRoot().getFieldVectors().stream().mapToDouble(CompareStreams::number)
                    .toArray();
        }
        double[] theirs = new double[ours.length];
        try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
            Data.exportArrayStream(allocator, batches.openReader(), stream);
            duck.registerArrowStream("batches", stream);
            try (Statement statement = duck.createStatement(); ResultSet result = statement.executeQuery(sql)) {
                result.next();
                for (int i = 0; i < theirs.length; i++) {
                    theirs[i] = result.getDouble(i + 1);
                }
            }
        }
        for (int i = 0; i < ours.length; i++) {
            if (!(Math.abs(ours[i] - theirs[i]) <= TOLERANCE * Math.abs(theirs[i]))) {
                throw new IllegalStateException(
                        question.name() + ": " + Arrays.toString(ours) + " instead of " + Arrays.toString(theirs));
            }
        }
    }

    private static double number(FieldVector vector) {
        return ((Number) vector.getObject(0)).doubleValue();
    }
}
