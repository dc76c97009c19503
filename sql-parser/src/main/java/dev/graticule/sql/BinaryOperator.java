package dev.graticule.sql;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The operators with two operands that are written between them, except AND and OR. */
public enum BinaryOperator {
    POWER("^"),
    MULTIPLY("*"),
    DIVIDE("/"),
    INTEGER_DIVIDE("//"),
    MODULO("%"),
    ADD("+"),
    SUBTRACT("-"),
    CONCATENATE("||"),
    BITWISE_AND("&"),
    BITWISE_OR("|"),
    BITWISE_XOR("#"),
    SHIFT_LEFT("<<"),
    SHIFT_RIGHT(">>"),
    MATCHES("~"),
    MATCHES_IGNORING_CASE("~*"),
    MATCHES_NOT("!~"),
    MATCHES_NOT_IGNORING_CASE("!~*"),
    STARTS_WITH("^@"),
    CONTAINS("@>"),
    CONTAINED_BY("<@"),
    OVERLAPS("&&"),
    EXTRACT_JSON("->"),
    EXTRACT_JSON_TEXT("->>"),
    EQUAL("="),
    NOT_EQUAL("<>"),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">=");

    private static final Map<String, BinaryOperator> BY_SYMBOL = Arrays.stream(values())
            .collect(Collectors.toUnmodifiableMap(BinaryOperator::symbol, Function.identity()));

    private final String symbol;

    BinaryOperator(String symbol) {
        this.symbol = symbol;
    }

    /** The usual spelling; {@code !=} and {@code ==} are read as {@code <>} and {@code =}, {@code **} as {@code ^}. */
    public String symbol() {
        return symbol;
    }

    /** The operator of a usual spelling. */
    static BinaryOperator of(String symbol) {
        BinaryOperator operator = BY_SYMBOL.get(symbol);
        if (operator == null) {
            throw new IllegalArgumentException(symbol + " is no operator");
        }
        return operator;
    }

    /** Whether it is one of the six comparisons. */
    public boolean isComparison() {
        return switch (this) {
            case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> true;
            case POWER, MULTIPLY, DIVIDE, INTEGER_DIVIDE, MODULO, ADD, SUBTRACT, CONCATENATE, BITWISE_AND, BITWISE_OR,
                    BITWISE_XOR, SHIFT_LEFT, SHIFT_RIGHT, MATCHES, MATCHES_IGNORING_CASE, MATCHES_NOT,
                    MATCHES_NOT_IGNORING_CASE, STARTS_WITH, CONTAINS, CONTAINED_BY, OVERLAPS, EXTRACT_JSON,
                    EXTRACT_JSON_TEXT ->
                false;
        };
    }
}
