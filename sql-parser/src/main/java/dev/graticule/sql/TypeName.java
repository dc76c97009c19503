package dev.graticule.sql;

import java.util.List;

/** A type as it was written; whether it exists is the binder's question. */
public sealed interface TypeName extends SqlNode {

    /**
     * A type of one name.
     *
     * @param name upper-case words with single blanks: {@code TIMESTAMP WITH TIME ZONE}; a quoted name keeps its
     *            spelling
     * @param modifiers the numbers in parentheses: {@code DECIMAL(10, 2)} has two
     */
    record Simple(Position position, String name, List<Integer> modifiers) implements TypeName {
    }

    /** {@code element[]} or {@code element[size]}; size is -1 where none is written. */
    record Array(Position position, TypeName element, int size) implements TypeName {
    }

    /** {@code STRUCT(a INTEGER, b VARCHAR)} or the same with ROW. */
    record Struct(Position position, List<Field> fields) implements TypeName {
    }

    /** {@code MAP(key, value)}. */
    record Map(Position position, TypeName key, TypeName value) implements TypeName {
    }

    /** {@code UNION(a INTEGER, b VARCHAR)}: one of its members at a time. */
    record Union(Position position, List<Field> members) implements TypeName {
    }

    /** {@code ENUM('sad', 'ok')}. */
    record Enumeration(Position position, List<String> values) implements TypeName {
    }

    /** A field of a struct type or a member of a union. */
    record Field(Position position, Identifier name, TypeName type) implements SqlNode {
    }
}
