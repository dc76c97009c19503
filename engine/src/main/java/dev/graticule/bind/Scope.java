package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.plan.LogicalPlan.OutputColumn;
import dev.graticule.spi.GridVariable;
import dev.graticule.spi.GriddedTable;
import dev.graticule.spi.NearestName;
import dev.graticule.sql.Identifier;
import dev.graticule.sql.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The columns that names in a query can mean: those of the relation in FROM. Immutable. */
record Scope(List<Relation> relations) {
    static final Scope EMPTY = new Scope(List.of());
    private static final Pattern NUMBERED = Pattern.compile("(col|column)(\\d{1,5})", Pattern.CASE_INSENSITIVE);

    Scope {
        relations = List.copyOf(relations);
    }

    /**
     * What stands in FROM under one name.
     *
     * @param alias the name before the dot; empty where it has none
     * @param first the place of its first column in the input
     * @param table the grid it comes from, or {@code null}
     */
    record Relation(String alias, int first, List<ScopeColumn> columns, GriddedTable table) {
        Relation {
            columns = List.copyOf(columns);
        }
    }

    /**
     * A column that can be named.
     *
     * @param listed whether {@code *} lists it
     */
    record ScopeColumn(OutputColumn output, boolean listed) {
        String name() {
            return output.name();
        }
    }

    /** A column of the input at its place. */
    record Found(int index, ScopeColumn column, Relation relation) {
        /** The grid's variable that it is; that of the coordinate for an axis; empty where it is not a grid's own column. */
        Optional<GridVariable> variable() {
            if (relation.table == null) {
                return Optional.empty();
            }
            int number = index - relation.first;
            int axes = relation.table.axes().size();
            return Optional.of(number < axes ? relation.table.axes().get(number).coordinate()
                    : relation.table.variables().get(number - axes));
        }

        /** Why no query can have it, where that is so. */
        Optional<GraticuleException> problem() {
            return variable().flatMap(variable -> relation.table.problem(variable));
        }
    }

    /** Whether something in FROM has that name, in any case. */
    boolean hasRelation(String name) {
        return relations.stream().anyMatch(relation -> relation.alias.equalsIgnoreCase(name));
    }

    int width() {
        return relations.stream().mapToInt(relation -> relation.columns.size()).sum();
    }

    /** The column at a place of the input. */
    Found at(int index) {
        for (Relation relation : relations) {
            if (index >= relation.first && index < relation.first + relation.columns.size()) {
                return new Found(index, relation.columns.get(index - relation.first), relation);
            }
        }
        throw new IndexOutOfBoundsException(index);
    }

    /** All columns, also those that {@code *} does not list. */
    List<Found> all() {
        List<Found> all = new ArrayList<>();
        for (int i = 0; i < width(); i++) {
            all.add(at(i));
        }
        return all;
    }

    /** What {@code *} or {@code alias.*} lists. */
    List<Found> listed(List<Identifier> qualifier, Position position) {
        if (relations.isEmpty()) {
            throw GraticuleException.binding(position, "* needs a FROM clause.");
        }
        if (!qualifier.isEmpty()) {
            relation(qualifier, position);
        }
        return all().stream().filter(found -> found.column.listed
                && (qualifier.isEmpty() || found.relation == relation(qualifier, position))).toList();
    }

    /** The gridded tables whose columns {@code *} or {@code alias.*} lists. */
    List<GriddedTable> tables(List<Identifier> qualifier, Position position) {
        return (qualifier.isEmpty() ? relations : List.of(relation(qualifier, position))).stream().map(Relation::table)
                .filter(Objects::nonNull).toList();
    }

    private Relation relation(List<Identifier> qualifier, Position position) {
        String name = qualifier.getLast().name();
        return relations.stream().filter(relation -> relation.alias.equals(name)).findFirst()
                .or(() -> relations.stream().filter(relation -> relation.alias.equalsIgnoreCase(name)).findFirst())
                .orElseThrow(() -> GraticuleException.binding(position, "No table named " + name + " in FROM."
                        + NearestName.questionOrList(name, aliases(), "There is", 5)));
    }

    private List<String> aliases() {
        return relations.stream().map(Relation::alias).filter(alias -> !alias.isEmpty()).toList();
    }

    /**
     * The column that a name means: the exact spelling wins, else upper and lower case are the same if that is unique.
     * Empty where there is none.
     *
     * @throws GraticuleException where several are meant, or the table's name is not known
     */
    Optional<Found> find(List<Identifier> parts, Position position) {
        String name = parts.getLast().name();
        List<Found> candidates = all();
        if (parts.size() > 1) {
            Relation relation = relation(parts.subList(0, parts.size() - 1), position);
            candidates = candidates.stream().filter(found -> found.relation == relation).toList();
        }
        Optional<Found> found = find(candidates, name, position);
        return found.isPresent() ? found : find(candidates, otherNameInValues(name), position);
    }

    /** Columns that VALUES made are called column1, column2, ... here and in PostgreSQL, and col0, col1, ... elsewhere: either will do. */
    private static String otherNameInValues(String name) {
        Matcher numbered = NUMBERED.matcher(name);
        if (!numbered.matches()) {
            return "";
        }
        int number = Integer.parseInt(numbered.group(2));
        return numbered.group(1).equalsIgnoreCase("column") ? "col" + (number - 1) : "column" + (number + 1);
    }

    private Optional<Found> find(List<Found> candidates, String name, Position position) {
        List<Found> exact = candidates.stream().filter(found -> found.column.name().equals(name)).toList();
        if (exact.size() == 1) {
            return Optional.of(exact.getFirst());
        }
        List<Found> near = exact.isEmpty()
                ? candidates.stream().filter(found -> found.column.name().equalsIgnoreCase(name)).toList() : exact;
        if (near.size() > 1) {
            throw GraticuleException.binding(position,
                    "The name " + name + " is ambiguous: it may be " + near.stream().map(this::qualified).distinct()
                            .collect(Collectors.joining(" or "))
                            + (exact.isEmpty() ? ". Write it as it is spelled." : "."));
        }
        return near.stream().findFirst();
    }

    private String qualified(Found found) {
        return found.relation.alias.isEmpty() ? found.column.name() : found.relation.alias + "." + found.column.name();
    }

    /** The names for suggestions. */
    List<String> names() {
        return all().stream().map(found -> found.column.name()).toList();
    }
}
