package dev.graticule.function;

import java.util.function.Consumer;

/** Stub. */
final class ConditionalFunctions {
    private ConditionalFunctions() {
    }

    static void define(Consumer<ScalarDefinition> registry) {
    }
}
