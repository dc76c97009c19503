package dev.graticule.sql;

/** A node of the syntax tree: something that stands somewhere in the text. */
public interface SqlNode {

    /** Where the node stands, from its first token to its last. */
    Position position();
}
