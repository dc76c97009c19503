package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expressions;
import dev.graticule.spi.GridVariable;
import dev.graticule.spi.GriddedTable;
import dev.graticule.spi.NearestName;
import dev.graticule.sql.Identifier;
import dev.graticule.sql.Position;
import dev.graticule.sql.SqlExpression;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Takes {@code *} and {@code t.*} apart, with EXCLUDE, REPLACE and RENAME. */
final class BindStar {
    private final BindContext context;
    private final Scope scope;

    BindStar(BindContext context, Scope scope) {
        this.context = context;
        this.scope = scope;
    }

    List<SelectColumn> columns(SqlExpression.Star star) {
        List<Scope.Found> listed = scope.listed(star.qualifier(), star.position());
        Set<Integer> excluded = new HashSet<>();
        for (SqlExpression.Name name : star.exclude()) {
            excluded.add(place(name.parts(), listed, name, "EXCLUDE"));
        }
        Map<Integer, SqlExpression> replaced = new HashMap<>();
        for (SqlExpression.StarReplacement replacement : star.replace()) {
            SqlExpression.Name name = new SqlExpression.Name(replacement.column().position(),
                    List.of(replacement.column()));
            replaced.put(place(name.parts(), listed, name, "REPLACE"), replacement.expression());
        }
        Map<Integer, String> renamed = new HashMap<>();
        for (SqlExpression.StarRenaming renaming : star.rename()) {
            renamed.put(place(renaming.column().parts(), listed, renaming.column(), "RENAME"), renaming.alias().name());
        }
        List<SelectColumn> columns = new ArrayList<>();
        for (Scope.Found found : listed) {
            if (excluded.contains(found.index())
                    || star.pattern().isPresent() && !matches(found.column().name(), star.pattern().get())) {
                continue;
            }
            String name = renamed.getOrDefault(found.index(), found.column().name());
            SqlExpression replacement = replaced.get(found.index());
            columns.add(replacement == null ? new SelectColumn.Listed(name, found, star.position())
                    : new SelectColumn.Computed(name, true, replacement));
        }
        unreadable(star);
        if (columns.isEmpty()) {
            throw GraticuleException.binding(star.position(), "* lists no columns here." + (star.pattern()
                    .filter(pattern -> pattern.operator() == SqlExpression.LikeOperator.SIMILAR_TO).isEmpty() ? ""
                            : " In the pattern of SIMILAR TO, % stands for any text and _ for one character."));
        }
        return columns;
    }

    /** Says which columns are missing because they cannot be read (SEMANTICS 28): the answer looks whole without them. */
    private void unreadable(SqlExpression.Star star) {
        Map<String, String> reasons = new LinkedHashMap<>();
        for (GriddedTable table : scope.tables(star.qualifier(), star.position())) {
            for (GridVariable variable : table.variables()) {
                if (star.pattern().isEmpty() || matches(variable.name(), star.pattern().get())) {
                    table.problem(variable).ifPresent(problem -> reasons.put(variable.name(), problem.getMessage()));
                }
            }
        }
        if (reasons.size() == 1) {
            context.notice("* leaves out a column. " + reasons.values().iterator().next());
        } else if (!reasons.isEmpty()) {
            context.notice("* leaves out " + String.join(", ", reasons.keySet())
                    + ", which cannot be read: DESCRIBE says why.");
        }
    }

    /** {@code * AS name}: every column is called so. */
    static List<SelectColumn> named(List<SelectColumn> columns, Identifier alias) {
        if (alias.name().matches("(?s).*\\\\\\d.*")) {
            throw GraticuleException.unsupported(alias.position(), "a name for * made of parts of the columns' names");
        }
        return columns.stream().<SelectColumn>map(column -> switch (column) {
            case SelectColumn.Listed listed -> new SelectColumn.Listed(alias.name(), listed.found(), listed.position());
            case SelectColumn.Computed computed -> new SelectColumn.Computed(alias.name(), true, computed.expression());
        }).toList();
    }

    /** Whether a name is like the pattern of {@code * LIKE 'sea%'}. */
    private boolean matches(String name, SqlExpression.StarPattern pattern) {
        Position position = pattern.position();
        SqlExpression.StringLiteral text = new SqlExpression.StringLiteral(position, name);
        SqlExpression like = new SqlExpression.Like(position, pattern.operator(), text, pattern.pattern(),
                pattern.escape(), pattern.negated());
        Expression bound = new BindExpression(context, Scope.EMPTY, List.of(), null, "the pattern of *").bind(like);
        return Boolean.TRUE.equals(Expressions.value(bound));
    }

    private int place(List<Identifier> parts, List<Scope.Found> listed, SqlExpression.Name name, String word) {
        Scope.Found found = scope.find(parts, name.position()).orElse(null);
        if (found == null || listed.stream().noneMatch(each -> each.index() == found.index())) {
            throw GraticuleException.binding(name.position(),
                    "* lists no column " + parts.getLast().name() + " to " + word + "."
                            + NearestName.questionOrList(parts.getLast().name(),
                                    listed.stream().map(each -> each.column().name()).toList(), "It lists", 20));
        }
        return found.index();
    }
}
