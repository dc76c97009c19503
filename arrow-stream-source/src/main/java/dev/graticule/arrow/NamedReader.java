package dev.graticule.arrow;

/** A reader that knows what its stream or file is called in messages. */
interface NamedReader {
    /** The name: {@code 'x.arrows'}. */
    String name();
}
