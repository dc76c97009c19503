package dev.graticule;

/** Whose error it is: who has to act so that it does not happen again. */
public enum ErrorKind {
    /** The text is not SQL of this dialect. */
    SYNTAX,
    /** A name, type or use in the query does not fit the tables it speaks of. */
    BINDING,
    /** The query is right, and this version cannot run it yet. */
    UNSUPPORTED,
    /** A value met while the query ran does not fit what the query does with it (overflow, a cast that fails). */
    DATA,
    /** A store, file, stream or producer failed or is damaged. */
    SOURCE,
    /** Memory, disk or another limit that was set is exhausted. */
    RESOURCE,
    /** The query was cancelled. */
    CANCELLED,
    /** A defect of this engine. */
    INTERNAL
}
