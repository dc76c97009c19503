package dev.graticule.exec;

import java.util.List;

/**
 * A source, streaming steps and the breaker that ends it.
 *
 * @param ordered whether the breaker depends on morsels coming about in order (a limit, the result edge)
 * @param cautious whether few morsels are likely to be enough (a small limit): then workers join one by one
 */
public record Pipeline(Source source, List<Operator> operators, Breaker breaker, boolean ordered, boolean cautious) {
    public Pipeline {
        operators = List.copyOf(operators);
    }
}
