package dev.graticule.cli;

/**
 * Something to run, as the command line names it.
 *
 * @param text SQL, a file's name ({@code -} is standard input), or an argument that is SQL or the path of a store
 */
record Script(Kind kind, String text) {
    /** What the text is. */
    enum Kind {
        SQL, FILE, ARGUMENT
    }
}
