package dev.graticule.optimize;

import dev.graticule.QueryOptions;
import dev.graticule.plan.LogicalPlan;
import java.util.List;

/** Rewrites a bound plan into one that does less: an ordered list of rules, each applied once to the whole plan. */
public final class Optimizer {
    /** What every plan gets: a column that nobody uses is never read, with or without the optimizer. */
    private static final List<Rule> ALWAYS = List.of(new PruneColumns());

    private static final List<Rule> RULES = List.of(new SimplifyExpressions(), new PushDownFilter(),
            new MergeProjects(), new RemoveEmptyInputs(), new OfferFilters(), new PushDownLimit(), new PruneColumns(),
            new MergeProjects(), new FilterAxes(), new PruneColumns(), new FetchLate(), new MergeProjects());

    private Optimizer() {
    }

    /** The names of the rules in their order, for the documentation. */
    public static List<String> rules() {
        return RULES.stream().map(rule -> rule.getClass().getSimpleName()).toList();
    }

    /** The plan that is run: the same rows in the same order, the same column names and types. */
    public static LogicalPlan optimize(LogicalPlan plan, QueryOptions options) {
        LogicalPlan current = plan;
        for (Rule rule : options.optimizer() ? RULES : ALWAYS) {
            if (options.pruning() || !(rule instanceof FilterAxes || rule instanceof OfferFilters)) {
                current = rule.apply(current);
            }
        }
        return current;
    }
}
