package dev.graticule.sql;

import java.util.List;
import java.util.Optional;

/**
 * What stands in the parentheses after OVER, or after a name in WINDOW. {@code OVER w} is one that has only a base.
 *
 * @param base the named window it starts from
 * @param parenthesised false for {@code OVER w}
 */
public record WindowSpecification(Position position, boolean parenthesised, Optional<Identifier> base,
        List<SqlExpression> partitionBy, List<SortItem> orderBy, Optional<Frame> frame) implements SqlNode {

    /** {@code ROWS BETWEEN start AND end EXCLUDE ...}; without BETWEEN the end is CURRENT ROW. */
    public record Frame(Position position, FrameUnit unit, FrameBound start, FrameBound end,
            FrameExclusion exclusion) implements SqlNode {
    }

    /** What the bounds of a frame count. */
    public enum FrameUnit {
        ROWS, RANGE, GROUPS
    }

    /** One end of a frame. */
    public sealed interface FrameBound extends SqlNode {

        /** UNBOUNDED PRECEDING. */
        record UnboundedPreceding(Position position) implements FrameBound {
        }

        /** {@code offset PRECEDING}. */
        record Preceding(Position position, SqlExpression offset) implements FrameBound {
        }

        /** CURRENT ROW. */
        record CurrentRow(Position position) implements FrameBound {
        }

        /** {@code offset FOLLOWING}. */
        record Following(Position position, SqlExpression offset) implements FrameBound {
        }

        /** UNBOUNDED FOLLOWING. */
        record UnboundedFollowing(Position position) implements FrameBound {
        }
    }

    /** What a frame leaves out; NO_OTHERS also where nothing is written. */
    public enum FrameExclusion {
        NO_OTHERS, CURRENT_ROW, GROUP, TIES
    }
}
