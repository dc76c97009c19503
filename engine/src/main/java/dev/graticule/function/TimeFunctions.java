package dev.graticule.function;

import java.util.function.Consumer;

/** Stub. */
final class TimeFunctions {
    private TimeFunctions() {
    }

    static void define(Consumer<ScalarDefinition> registry) {
    }
}
