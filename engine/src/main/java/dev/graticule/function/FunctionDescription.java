package dev.graticule.function;

import java.util.List;

/** What SHOW FUNCTIONS says of a function; {@code signatures} are texts such as {@code round(DOUBLE, INTEGER) -> DOUBLE}. */
public record FunctionDescription(String name, List<String> signatures, String purpose) {
    public FunctionDescription {
        signatures = List.copyOf(signatures);
    }
}
