package dev.graticule.sql;

/**
 * Where a piece of SQL text stands.
 *
 * @param line the line it begins on, from 1
 * @param column the column it begins in, from 1, counted in Unicode code points
 * @param start index of its first character in the text, in UTF-16 units from 0
 * @param end index after its last character, in UTF-16 units
 */
public record Position(int line, int column, int start, int end) {

    /** The smallest stretch of text that holds this position and the later one. */
    public Position through(Position last) {
        return new Position(line, column, start, Math.max(end, last.end));
    }

    /** The source characters at this position. */
    public String textIn(String sql) {
        return sql.substring(start, end);
    }

    @Override
    public String toString() {
        return "line " + line + ", column " + column;
    }
}
