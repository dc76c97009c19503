package dev.graticule.python;

import dev.graticule.Query;
import java.util.List;
import java.util.Map;

/** One run of one statement, for Python. Used by one thread at a time, but for {@link #cancel}. */
public final class PythonQuery {
    private final PythonSession session;
    private final Query query;
    private final NamedObjects variables;

    PythonQuery(PythonSession session, Query query, NamedObjects variables) {
        this.session = session;
        this.query = query;
        this.variables = variables;
    }

    /** Gives {@code $name} a value. */
    public void bindName(String name, Object value) {
        query.bind(name, value);
    }

    /** Gives {@code $1}, or the first {@code ?}, and so on, a value. */
    public void bindPosition(int position, Object value) {
        query.bind(position, value);
    }

    /** A run, which binds the statement when it is opened; the caller closes it. */
    public ResultStream run() {
        return new ResultStream(() -> session.with(variables, query::run));
    }

    /** Writes the rows to a file, as {@link Query#copyTo}; the result is their number. */
    public Pending copyTo(String target, Map<String, Object> options) {
        return new Pending(() -> session.with(variables, () -> query.copyTo(target, options)));
    }

    /** Binds the statement; the result is {@link ResultColumns}. */
    public Pending columns() {
        return new Pending(() -> session.with(variables, () -> query.withRows(ResultColumns::new)));
    }

    /** Stops it: what waits for it fails with an error of kind CANCELLED. From any thread. */
    public void cancel() {
        query.cancel();
    }

    /** What is allowed in it and probably not meant; complete when its last batch was loaded. */
    public List<String> notices() {
        return query.notices();
    }
}
