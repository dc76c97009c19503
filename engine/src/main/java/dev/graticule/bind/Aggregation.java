package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.aggregate.AggregateCall;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.ColumnReference;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.sql.Position;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The aggregates and keys of one SELECT. While its expressions are bound over the input, aggregate {@code i} is column
 * {@code width + i}; afterwards {@link #overGroups} makes them expressions over the groups: the keys, then the aggregates.
 */
final class Aggregation {
    private final int width;
    private final List<Expression> keys;
    private final List<AggregateCall> calls = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private final Map<Expression, Position> places = new IdentityHashMap<>();

    /** The aggregation of an input of that many columns by those keys. */
    Aggregation(int width, List<Expression> keys) {
        this.width = width;
        this.keys = List.copyOf(keys);
    }

    List<Expression> keys() {
        return keys;
    }

    List<AggregateCall> calls() {
        return calls;
    }

    /** What the aggregates are called in EXPLAIN. */
    List<String> texts() {
        return texts;
    }

    /** The column that stands for an aggregate; equal ones share it. */
    Expression add(AggregateCall call, String text) {
        int at = -1;
        for (int i = 0; i < calls.size(); i++) {
            if (same(calls.get(i), call)) {
                at = i;
            }
        }
        if (at < 0) {
            at = calls.size();
            calls.add(call);
            texts.add(text);
        }
        return new ColumnReference(width + at, texts.get(at), call.type());
    }

    /** Remembers where a column was named, for the message of {@link #overGroups}. */
    void named(ColumnReference column, Position position) {
        places.put(column, position);
    }

    private static boolean same(AggregateCall a, AggregateCall b) {
        if (!a.function().equals(b.function()) || a.distinct() != b.distinct()
                || a.arguments().size() != b.arguments().size()
                || !ExpressionTree.same(a.filter(), b.filter())) {
            return false;
        }
        for (int i = 0; i < a.arguments().size(); i++) {
            if (!ExpressionTree.same(a.arguments().get(i), b.arguments().get(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * The same expression over the groups.
     *
     * @throws GraticuleException where a column is neither part of a key nor inside an aggregate
     */
    Expression overGroups(Expression expression, Position position) {
        for (int i = 0; i < keys.size(); i++) {
            if (ExpressionTree.same(keys.get(i), expression)) {
                String name = keys.get(i) instanceof ColumnReference column ? column.name() : "key" + (i + 1);
                return new ColumnReference(i, name, expression.type());
            }
        }
        if (expression instanceof ColumnReference column) {
            if (column.index() >= width) {
                return new ColumnReference(keys.size() + column.index() - width, column.name(), column.type());
            }
            throw GraticuleException.binding(places.getOrDefault(column, position),
                    column.name() + " must be in GROUP BY or inside an aggregate.");
        }
        return ExpressionTree.mapChildren(expression, child -> overGroups(child, position));
    }
}
