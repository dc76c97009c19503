package dev.graticule.optimize;

import dev.graticule.plan.LogicalPlan;

/** One rewriting of a plan into one that gives the same rows in the same order with less work. Stateless. */
interface Rule {
    /** The rewritten plan; the same object where the rule does not fire. Sees the whole tree. */
    LogicalPlan apply(LogicalPlan plan);
}
