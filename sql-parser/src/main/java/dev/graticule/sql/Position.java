package dev.graticule.sql;

/**
 * Where something stands in the SQL text.
 *
 * @param line the line, from 1
 * @param column the column in that line in code points, from 1
 * @param start the offset of the first character in the text, from 0
 * @param end the offset after the last character
 */
public record Position(int line, int column, int start, int end) {
}
