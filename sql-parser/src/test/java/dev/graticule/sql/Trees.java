package dev.graticule.sql;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;

/** Compares syntax trees, positions and the texts of select items aside. */
final class Trees {

    private Trees() {
    }

    /** Where two trees differ first, in words; an empty string if nowhere. */
    static String difference(Object left, Object right) {
        return switch (left) {
            case Position _ -> "";
            case Optional<?> optional when right instanceof Optional<?> other ->
                optional.isPresent() != other.isPresent() ? left + " / " + right
                        : optional.isEmpty() ? "" : difference(optional.get(), other.get());
            case List<?> list when right instanceof List<?> other -> lists(list, other);
            case Record tree when tree.getClass() == right.getClass() -> records(tree, (Record) right);
            default -> left.equals(right) ? "" : left + " / " + right;
        };
    }

    private static String lists(List<?> left, List<?> right) {
        if (left.size() != right.size()) {
            return left + " / " + right;
        }
        for (int i = 0; i < left.size(); i++) {
            String difference = difference(left.get(i), right.get(i));
            if (!difference.isEmpty()) {
                return difference;
            }
        }
        return "";
    }

    private static String records(Record left, Record right) {
        for (RecordComponent component : left.getClass().getRecordComponents()) {
            if (left instanceof QueryBody.SelectItem && component.getName().equals("text")) {
                continue;
            }
            try {
                String difference = difference(component.getAccessor().invoke(left),
                        component.getAccessor().invoke(right));
                if (!difference.isEmpty()) {
                    return difference;
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        return "";
    }

    /** Nodes of a tree whose position does not lie inside its parent's, or outside the text; an empty string if none. */
    static String misplaced(Object node, Position parent, String sql) {
        return switch (node) {
            case Position _ -> "";
            case Optional<?> optional -> optional.map(value -> misplaced(value, parent, sql)).orElse("");
            case List<?> list -> list.stream().map(item -> misplaced(item, parent, sql)).filter(text -> !text.isEmpty())
                    .findFirst().orElse("");
            case Record tree -> {
                Position own = tree instanceof SqlNode sqlNode ? sqlNode.position() : parent;
                boolean inside = own.start() <= own.end() && own.end() <= sql.length() && own.start() >= parent.start()
                        && own.end() <= parent.end();
                if (!inside) {
                    yield tree + " outside " + parent.textIn(sql);
                }
                for (RecordComponent component : tree.getClass().getRecordComponents()) {
                    try {
                        String text = misplaced(component.getAccessor().invoke(tree), own, sql);
                        if (!text.isEmpty()) {
                            yield text;
                        }
                    } catch (ReflectiveOperationException e) {
                        throw new IllegalStateException(e);
                    }
                }
                yield "";
            }
            default -> "";
        };
    }
}
