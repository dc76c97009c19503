package dev.graticule.function;

import java.util.function.Consumer;

/** Stub. */
final class TextFunctions {
    private TextFunctions() {
    }

    static void define(Consumer<ScalarDefinition> registry) {
    }
}
