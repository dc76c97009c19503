package dev.graticule.plan;

import dev.graticule.aggregate.AggregateCall;
import dev.graticule.expression.Expression;
import dev.graticule.spi.GriddedTable;
import dev.graticule.spi.RowTable;
import dev.graticule.spi.SimplePredicate;
import dev.graticule.type.SqlType;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** What a query does, as a tree of relational operators over bound expressions. Immutable. */
public sealed interface LogicalPlan {
    /** The columns of the rows that this node gives. */
    List<OutputColumn> output();

    /** The operators whose rows this one takes, none for a scan. */
    List<LogicalPlan> inputs();

    /**
     * A column of an operator's output; {@code metadata} becomes Arrow field metadata. A timestamp with a zone is one of UTC
     * unless {@link RowTable.RowColumn#TIME_ZONE} names another.
     */
    record OutputColumn(String name, SqlType type, Map<String, String> metadata) {
        public OutputColumn {
            metadata = Map.copyOf(metadata);
        }

        /** The Arrow field of the column in a result. */
        public Field field() {
            Field field = type.field(name, metadata);
            return type instanceof SqlType.Timestamp timestamp && timestamp.zoned()
                    && metadata.containsKey(RowTable.RowColumn.TIME_ZONE)
                            ? new Field(name, new FieldType(true,
                                    new ArrowType.Timestamp(timestamp.unit(),
                                            metadata.get(RowTable.RowColumn.TIME_ZONE)),
                                    null, metadata), null)
                            : field;
        }

        /** A column without metadata. */
        public OutputColumn(String name, SqlType type) {
            this(name, type, Map.of());
        }
    }

    /**
     * The cells of a grid. Columns are given as the table stores them: an {@link Expression.Unpack} above makes values of them.
     *
     * @param columns numbers of the table's columns: axis {@code i} for {@code i < axes}, then variable {@code i - axes}
     * @param axisPredicates for each axis predicates over a row with one column, the stored coordinate of that axis: rows where
     *            one is not true are left out, and so are their chunks; one that raises an error is not applied, and is in a filter
     *            above too
     */
    record GridScan(String name, GriddedTable table, List<Integer> columns, List<List<Expression>> axisPredicates,
            List<OutputColumn> output) implements LogicalPlan {
        /** The number under which the index along an axis, a BIGINT from 0, may stand among the columns. */
        public static int indexColumn(GriddedTable table, int axis) {
            return table.axes().size() + table.variables().size() + axis;
        }

        /** The axis whose index column {@code number} is, or -1. */
        public static int axisOfIndex(GriddedTable table, int number) {
            return Integer.max(-1, number - table.axes().size() - table.variables().size());
        }

        @Override
        public List<LogicalPlan> inputs() {
            return List.of();
        }
    }

    /**
     * The rows of a stream or a file.
     *
     * @param columns numbers of the table's columns
     * @param predicates what the source heeds, on columns of the table; those that it does not heed exactly are checked above
     */
    record RowScan(String name, RowTable table, List<Integer> columns, List<SimplePredicate> predicates, long limit,
            List<OutputColumn> output) implements LogicalPlan {
        @Override
        public List<LogicalPlan> inputs() {
            return List.of();
        }
    }

    /** Constant rows; without columns, that many empty rows. Expressions refer to no column. */
    record Values(List<List<Expression>> rows, List<OutputColumn> output) implements LogicalPlan {
        @Override
        public List<LogicalPlan> inputs() {
            return List.of();
        }
    }

    /** WHERE and HAVING: the rows where the predicate is true. */
    record Filter(LogicalPlan input, Expression predicate) implements LogicalPlan {
        @Override
        public List<OutputColumn> output() {
            return input.output();
        }

        @Override
        public List<LogicalPlan> inputs() {
            return List.of(input);
        }
    }

    /** The SELECT list: expressions over the input's columns. */
    record Project(LogicalPlan input, List<Expression> expressions, List<OutputColumn> output) implements LogicalPlan {
        @Override
        public List<LogicalPlan> inputs() {
            return List.of(input);
        }
    }

    /** GROUP BY: the keys, then the aggregates. Without keys there is one group, also over no rows. DISTINCT has no aggregates. */
    record Aggregate(LogicalPlan input, List<Expression> keys, List<AggregateCall> aggregates,
            List<OutputColumn> output) implements LogicalPlan {
        @Override
        public List<LogicalPlan> inputs() {
            return List.of(input);
        }
    }

    /** ORDER BY; with {@code limit} (else {@link Long#MAX_VALUE}) only the first rows are kept (top-n). */
    record Sort(LogicalPlan input, List<SortKey> keys, long limit) implements LogicalPlan {
        @Override
        public List<OutputColumn> output() {
            return input.output();
        }

        @Override
        public List<LogicalPlan> inputs() {
            return List.of(input);
        }
    }

    /**
     * Variables of a grid that are read only for the rows that are left.
     *
     * @param columns numbers of the table's columns, as in {@link GridScan}: the columns of the output
     * @param sources for each of them the input column that it is, or -1 for a variable that is read now
     * @param firstIndex the input column that is the index along the first axis; those of the other axes follow
     */
    record Fetch(LogicalPlan input, GriddedTable table, List<Integer> columns, List<Integer> sources, int firstIndex,
            List<OutputColumn> output) implements LogicalPlan {
        @Override
        public List<LogicalPlan> inputs() {
            return List.of(input);
        }
    }

    /** One expression of an ORDER BY. */
    record SortKey(Expression expression, boolean descending, boolean nullsFirst) {
    }

    /** {@code limit} is {@link Long#MAX_VALUE} where there is none. */
    record Limit(LogicalPlan input, long limit, long offset) implements LogicalPlan {
        @Override
        public List<OutputColumn> output() {
            return input.output();
        }

        @Override
        public List<LogicalPlan> inputs() {
            return List.of(input);
        }
    }

    /** UNION ALL of inputs whose columns have the same types, in order. */
    record Union(List<LogicalPlan> inputs, List<OutputColumn> output) implements LogicalPlan {
    }
}
