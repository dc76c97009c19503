package dev.graticule.bind;

import dev.graticule.sql.QueryExpression;
import dev.graticule.sql.SqlExpression;
import dev.graticule.sql.SqlNode;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Walks syntax trees. Nodes are records, so their components are the children: no node can be forgotten here. */
public final class SqlTree {
    private SqlTree() {
    }

    /** Hands out the node and everything below it, except what lies inside of subqueries. */
    static void walk(SqlNode node, Consumer<SqlNode> visitor) {
        visitor.accept(node);
        children(node, child -> {
            if (!(child instanceof QueryExpression)) {
                walk(child, visitor);
            }
        });
    }

    /** Hands out the node and everything below it, subqueries too. */
    public static void walkAll(SqlNode node, Consumer<SqlNode> visitor) {
        visitor.accept(node);
        children(node, child -> walkAll(child, visitor));
    }

    /** Whether a call of a function with such a name, not as a window function, stands in the node and outside of subqueries. */
    static boolean containsAggregate(SqlNode node) {
        boolean[] found = new boolean[1];
        walk(node, each -> found[0] |= each instanceof SqlExpression.FunctionCall call && call.over().isEmpty()
                && BindAggregate.isAggregate(call));
        return found[0];
    }

    /** The last part of every name in the nodes. */
    static Set<String> names(Collection<? extends SqlNode> nodes) {
        Set<String> names = new LinkedHashSet<>();
        for (SqlNode node : nodes) {
            walk(node, each -> {
                if (each instanceof SqlExpression.Name name) {
                    names.add(name.parts().getLast().name());
                }
            });
        }
        return names;
    }

    private static void children(SqlNode node, Consumer<SqlNode> consumer) {
        if (!(node instanceof Record)) {
            return;
        }
        for (RecordComponent component : node.getClass().getRecordComponents()) {
            Class<?> type = component.getType();
            if (SqlNode.class.isAssignableFrom(type) || type == Optional.class || type == List.class) {
                try {
                    component.getAccessor().setAccessible(true);
                    hand(component.getAccessor().invoke(node), consumer);
                } catch (ReflectiveOperationException problem) {
                    throw new IllegalStateException("A syntax node cannot be read", problem);
                }
            }
        }
    }

    private static void hand(Object value, Consumer<SqlNode> consumer) {
        switch (value) {
            case SqlNode node -> consumer.accept(node);
            case Optional<?> optional -> optional.ifPresent(inner -> hand(inner, consumer));
            case List<?> list -> list.forEach(inner -> hand(inner, consumer));
            default -> {
                // A string or a number has no children.
            }
        }
    }
}
