package dev.graticule.bind;

import dev.graticule.sql.Position;
import dev.graticule.sql.SqlExpression;
import java.util.Map;

/** A column of a select list, with {@code *} already taken apart. */
sealed interface SelectColumn {
    String name();

    Position position();

    /** An expression; {@code named} where the name was written with AS. */
    record Computed(String name, boolean named, SqlExpression expression) implements SelectColumn {
        @Override
        public Position position() {
            return expression.position();
        }
    }

    /** A column of the input that {@code *} listed. */
    record Listed(String name, Scope.Found found, Position position) implements SelectColumn {
        Map<String, String> metadata() {
            return found.column().output().metadata();
        }
    }
}
