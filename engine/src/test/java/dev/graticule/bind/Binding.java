package dev.graticule.bind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.graticule.GraticuleException;
import dev.graticule.QueryOptions;
import dev.graticule.fixture.Tables;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.plan.PlanText;
import dev.graticule.spi.Dataset;
import dev.graticule.spi.DatasetProvider;
import dev.graticule.sql.Position;
import dev.graticule.sql.SqlParser;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Binds statements over the tables of {@link Tables}, for tests. */
public final class Binding {
    private final Session session = new Session(Formats.of(new TestFormat()), CopyFormats.of(),
            new Settings(QueryOptions.defaults()));
    private Parameters parameters = Parameters.NONE;
    private List<String> notices = List.of();

    /** Tables t and era5 (two tables), grid (era5's larger table alone), and the format test with {@code era5.test}. */
    public Binding() {
        session.catalog().put("t", new Catalog.TableEntry(Tables.t()));
        session.catalog().put("grid", new Catalog.TableEntry(Tables.era5()));
        session.catalog().put("era5", new Catalog.DatasetEntry(Tables.era5AndMask()));
    }

    public Session session() {
        return session;
    }

    Binding with(Map<String, Object> named, Map<Integer, Object> positional) {
        parameters = new Parameters(named, positional);
        return this;
    }

    /** Binds a statement; changes are made at once. */
    public BoundStatement statement(String sql) {
        try (BufferAllocator allocator = new RootAllocator()) {
            BindStatement binder = new BindStatement(session, session.settings().options(), parameters, allocator);
            BoundStatement bound = binder.bind(SqlParser.parse(sql));
            if (bound instanceof BoundStatement.Effect effect) {
                effect.change().run();
            }
            notices = binder.notices();
            return bound;
        }
    }

    /** The plan of a query, as it was bound. */
    public LogicalPlan plan(String sql) {
        return ((BoundStatement.Rows) statement(sql)).plan();
    }

    String text(String sql) {
        return PlanText.of(plan(sql)).strip();
    }

    /** {@code name TYPE, name TYPE}. */
    String columns(String sql) {
        return String.join(", ",
                plan(sql).output().stream().map(column -> column.name() + " " + column.type()).toList());
    }

    /** Notices of the statement that was bound last. */
    List<String> notices() {
        return notices;
    }

    List<String> notices(String sql) {
        statement(sql);
        return notices;
    }

    /** Binds a statement that has an error. */
    GraticuleException failure(String sql) {
        return assertThrows(GraticuleException.class, () -> statement(sql), sql);
    }

    /**
     * Checks that a statement fails with a message, at the carets of {@code carets}, which stands under {@code sql}.
     */
    void assertFails(String sql, String carets, String message) {
        GraticuleException failure = failure(sql);
        assertEquals(message, failure.getMessage());
        Position position = failure.position().orElseThrow();
        String shown = " ".repeat(position.start()) + "^".repeat(position.end() - position.start());
        assertEquals(sql + "\n" + carets, sql + "\n" + shown);
    }

    private static final class TestFormat implements DatasetProvider {
        @Override
        public String format() {
            return "test";
        }

        @Override
        public boolean recognizes(String location) {
            return location.endsWith(".test");
        }

        @Override
        public Dataset open(String location, Map<String, Object> options) {
            options.keySet().stream().filter(key -> !key.equals("variables")).findFirst().ifPresent(key -> {
                throw GraticuleException.binding("No option " + key + ".");
            });
            return Tables.era5AndMask();
        }

        @Override
        public String explainUnrecognized(String location) {
            return location.endsWith(".nc") ? "'" + location + "' is NetCDF." : "";
        }
    }
}
