package dev.graticule.spi;

/**
 * One dimension of a grid.
 *
 * @param length how many indices it has; 0 is allowed
 * @param coordinate its column: a variable over this axis alone, or one of role {@link GridVariable.Role#INDEX}
 */
public record Axis(String name, int length, GridVariable coordinate) {
}
