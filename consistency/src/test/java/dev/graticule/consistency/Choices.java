package dev.graticule.consistency;

import java.util.List;

/**
 * The choices that make a random thing, as a list of numbers. Where the list ends every choice is 0, and generators are written so
 * that 0 is the simplest choice: a list that shrinks makes a thing that shrinks.
 */
final class Choices {
    private final List<Integer> numbers;
    private int next;

    Choices(List<Integer> numbers) {
        this.numbers = numbers;
    }

    /** A number from 0 to {@code bound - 1}. */
    int below(int bound) {
        return next < numbers.size() ? numbers.get(next++) % bound : 0;
    }

    /** True in so many of a hundred cases, and false where the choices have ended. */
    boolean chance(int percent) {
        return below(100) >= 100 - percent;
    }

    /** One of the options, the simplest first. */
    @SafeVarargs
    final <T> T of(T... options) {
        return options[below(options.length)];
    }

    /** One of the options, the simplest first. */
    <T> T of(List<T> options) {
        return options.get(below(options.size()));
    }
}
