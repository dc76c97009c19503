package dev.graticule.function;

import java.util.function.Consumer;

/** Stub. */
final class MathFunctions {
    private MathFunctions() {
    }

    static void define(Consumer<ScalarDefinition> registry) {
    }
}
