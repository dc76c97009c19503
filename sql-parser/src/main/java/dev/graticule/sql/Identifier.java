package dev.graticule.sql;

/**
 * A name as it was written.
 *
 * @param name the spelling, without quotes and with doubled quotes made single
 * @param quoted whether it was written in double quotes
 */
public record Identifier(Position position, String name, boolean quoted) implements SqlNode {
}
