package dev.graticule.expression;

import dev.graticule.type.SqlType;
import java.util.List;
import java.util.Objects;

/** A row function that is known by its name, its types and an optional detail: those make it equal to another. */
public final class RowFunction implements ScalarFunction.OfRows {
    private final String name;
    private final List<SqlType> parameters;
    private final SqlType result;
    private final Object detail;
    private final boolean canFail;
    private final boolean seesNulls;
    private final RowBody body;

    private RowFunction(String name, List<SqlType> parameters, SqlType result, Object detail, boolean canFail,
            boolean seesNulls, RowBody body) {
        this.name = name;
        this.parameters = List.copyOf(parameters);
        this.result = result;
        this.detail = detail;
        this.canFail = canFail;
        this.seesNulls = seesNulls;
        this.body = body;
    }

    /** A function that cannot fail and gives NULL where an argument is NULL. */
    public static RowFunction of(String name, List<SqlType> parameters, SqlType result, RowBody body) {
        return new RowFunction(name, parameters, result, "", false, false, body);
    }

    /** The same function, which may raise errors. */
    public RowFunction failing() {
        return new RowFunction(name, parameters, result, detail, true, seesNulls, body);
    }

    /** The same function, which is asked for rows with NULL arguments too. */
    public RowFunction seeingNulls() {
        return new RowFunction(name, parameters, result, detail, canFail, true, body);
    }

    /** The same function, told from others of its name and types by a detail. */
    public RowFunction with(Object newDetail) {
        return new RowFunction(name, parameters, result, newDetail, canFail, seesNulls, body);
    }

    @Override
    public String name() {
        return name;
    }

    /** The types of the arguments. */
    public List<SqlType> parameters() {
        return parameters;
    }

    /** The type of the result. */
    public SqlType result() {
        return result;
    }

    /** What tells it from others of its name and types; an empty string where nothing does. */
    public Object detail() {
        return detail;
    }

    @Override
    public boolean canFail() {
        return canFail;
    }

    @Override
    public boolean seesNulls() {
        return seesNulls;
    }

    @Override
    public RowBody body() {
        return body;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowFunction that && name.equals(that.name) && parameters.equals(that.parameters)
                && result.equals(that.result)
                && detail.equals(that.detail);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, parameters, result, detail);
    }

    @Override
    public String toString() {
        return name + parameters;
    }
}
