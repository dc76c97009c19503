package dev.graticule.expression;

import dev.graticule.batch.Column;
import dev.graticule.batch.Layout;
import dev.graticule.batch.Scratch;
import dev.graticule.type.SqlType;
import java.util.List;

/** Columns of given values for tests. */
public final class TestColumns {
    private TestColumns() {
    }

    /** A dense column of one axis in the pool's temporaries. */
    public static Column of(SqlType type, List<Object> values, Scratch scratch) {
        ColumnBuilder builder = new ColumnBuilder(type, values.size(), scratch);
        for (int i = 0; i < values.size(); i++) {
            builder.set(i, values.get(i));
        }
        return new Column.Strided(builder.finish(), Layout.strided(0, 1), builder.nulls());
    }
}
