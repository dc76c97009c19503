package dev.graticule.consistency;

import dev.graticule.Engine;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.Query;
import dev.graticule.QueryOptions;
import dev.graticule.batch.Values;
import dev.graticule.type.SqlType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * What a query gave: its rows, or the data error that it ended with.
 *
 * <p>Whole numbers are {@link BigInteger}, floating ones {@link Double}, dates and timestamps counts as {@link BigInteger}.
 *
 * @param error {@code null} where there was none
 */
record Answer(List<List<Object>> rows, String error) {

    /** How far sums of floating numbers may differ, as a part of their size: {@code -Dgraticule.tolerance=1e-12}. */
    private static final double TOLERANCE = Double.parseDouble(System.getProperty("graticule.tolerance", "1e-9"));
    /** How far they may differ where large numbers cancel out. */
    private static final double ABSOLUTE_TOLERANCE = 1000 * TOLERANCE;

    /** Runs a query over a table, as {@code g}. A DATA error is an answer, any other error fails. */
    static Answer of(QueryText query, GridPath path, QueryOptions options) {
        try (Engine engine = Engine.create(options)) {
            engine.register("g", path.table());
            Answer answer = of(query, path.kind().isGrid() ? query.overGrid() : query.overRows(), engine);
            if (engine.allocatedBytes() != 0 || path.open().getAsInt() != 0) {
                throw new AssertionError(
                        "The query left " + engine.allocatedBytes() + " bytes and " + path.open().getAsInt()
                                + " readers and blocks");
            }
            return answer;
        }
    }

    /** Runs the last statement of a script after the others. A DATA error of it is an answer, any other error fails. */
    static Answer of(QueryText query, String script, Engine engine) {
        List<List<Object>> rows = new ArrayList<>();
        try {
            List<Query> statements = engine.queryAll(script);
            for (Query statement : statements.subList(0, statements.size() - 1)) {
                statement.run().close();
            }
            try (ArrowReader reader = statements.getLast().run()) {
                List<FieldVector> vectors = reader.getVectorSchemaRoot().getFieldVectors();
                for (int column = 0; column < vectors.size(); column++) {
                    SqlType type = SqlType.of(vectors.get(column).getField());
                    if (!type.equals(query.columns().get(column).type())) {
                        throw new AssertionError("Column " + column + " is " + type + " and should be "
                                + query.columns().get(column).type());
                    }
                }
                while (reader.loadNextBatch()) {
                    for (int row = 0; row < reader.getVectorSchemaRoot().getRowCount(); row++) {
                        List<Object> values = new ArrayList<>();
                        for (FieldVector vector : vectors) {
                            values.add(value(Values.of(vector), row));
                        }
                        rows.add(values);
                    }
                }
            }
        } catch (GraticuleException problem) {
            if (problem.kind() != ErrorKind.DATA) {
                throw problem;
            }
            return new Answer(rows, problem.getMessage());
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return new Answer(rows, null);
    }

    private static Object value(Values values, int row) {
        Object value = values.object(row);
        if (value instanceof Double || value instanceof Float) {
            return floating(((Number) value).doubleValue());
        }
        if (!(value instanceof Number number)) {
            return value;
        }
        BigInteger whole = BigInteger.valueOf(number.longValue());
        return values.type().isUnsigned() && whole.signum() < 0
                ? whole.add(BigInteger.ONE.shiftLeft(8 * values.type().bytes())) : whole;
    }

    /** A value of a grid as an answer has it. */
    static Object plain(Object value) {
        return value instanceof Double || value instanceof Float ? floating(((Number) value).doubleValue())
                : value instanceof Number number && !(value instanceof BigInteger)
                        ? BigInteger.valueOf(number.longValue()) : value;
    }

    /** Zero has one sign. */
    static Double floating(double value) {
        return value == 0 ? 0.0 : value;
    }

    /** Fails unless both are errors, or both have the same rows; in the same order where {@code ordered}. */
    void assertEqual(Answer expected, QueryText query, boolean ordered, String what) {
        if ((error == null) != (expected.error == null)) {
            throw new AssertionError(what + ": " + (error == null ? "no error" : error) + ", expected "
                    + (expected.error == null ? "no error" : expected.error));
        }
        if (error != null) {
            return;
        }
        List<List<Object>> mine = rows;
        List<List<Object>> others = expected.rows;
        if (!ordered) {
            Comparator<List<Object>> order = order(query.columns());
            mine = mine.stream().sorted(order).toList();
            others = others.stream().sorted(order).toList();
        }
        boolean same = mine.size() == others.size();
        for (int row = 0; same && row < mine.size(); row++) {
            for (int column = 0; same && column < query.columns().size(); column++) {
                same = same(mine.get(row).get(column), others.get(row).get(column),
                        query.columns().get(column).fuzzy());
                if (!same) {
                    throw new AssertionError(what + ": row " + row + " is " + mine.get(row) + ", expected "
                            + others.get(row) + brief(mine, others));
                }
            }
        }
        if (!same) {
            throw new AssertionError(
                    what + ": " + mine.size() + " rows, expected " + others.size() + brief(mine, others));
        }
    }

    private static String brief(List<List<Object>> mine, List<List<Object>> others) {
        return "\n  got      " + mine.stream().limit(20).toList() + "\n  expected "
                + others.stream().limit(20).toList();
    }

    private static boolean same(Object mine, Object other, boolean fuzzy) {
        if (fuzzy && mine instanceof Double a && other instanceof Double b) {
            return a.equals(b)
                    || Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b)) + ABSOLUTE_TOLERANCE;
        }
        return mine == null ? other == null : mine.equals(other);
    }

    /** By the columns whose digits are certain, then by the others. */
    private static Comparator<List<Object>> order(List<Sql> columns) {
        return (left, right) -> {
            for (int pass = 0; pass < 2; pass++) {
                for (int i = 0; i < columns.size(); i++) {
                    if (columns.get(i).fuzzy() == (pass == 1)) {
                        int order = compare(left.get(i), right.get(i));
                        if (order != 0) {
                            return order;
                        }
                    }
                }
            }
            return 0;
        };
    }

    @SuppressWarnings("unchecked")
    private static int compare(Object left, Object right) {
        return left == null || right == null ? Boolean.compare(left == null, right == null)
                : ((Comparable<Object>) left).compareTo(right);
    }
}
