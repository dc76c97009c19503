package dev.graticule.sql;

import java.util.List;
import java.util.Optional;

/**
 * A scalar expression as it was written. Parentheses around a single expression leave no trace: the tree's shape says
 * the same.
 */
public sealed interface SqlExpression extends SqlNode {

    // ---- literals, names, parameters

    /** NULL. */
    record NullLiteral(Position position) implements SqlExpression {
    }

    /** TRUE or FALSE. */
    record BooleanLiteral(Position position, boolean value) implements SqlExpression {
    }

    /** An unsigned number; the text as written: {@code 1}, {@code .5}, {@code 1e3}, {@code 0x1F}, {@code 1_000}. */
    record NumberLiteral(Position position, String text) implements SqlExpression {
    }

    /** A string; quotes, escapes and concatenation over lines are already resolved. */
    record StringLiteral(Position position, String value) implements SqlExpression {
    }

    /** {@code X'00ff'}; the hexadecimal digits as written, not yet checked. */
    record BlobLiteral(Position position, String hexadecimal) implements SqlExpression {
    }

    /** {@code DATE '2020-01-01'} and every other {@code type 'text'}. */
    record TypedLiteral(Position position, TypeName type, String value) implements SqlExpression {
    }

    /**
     * {@code INTERVAL '1 day'}, {@code INTERVAL 1 DAY}, {@code INTERVAL '1-2' YEAR TO MONTH}, {@code INTERVAL (n) HOUR}.
     *
     * @param amount a string literal, a number literal or any expression
     * @param unit the unit written after the amount; none if it stands in the string
     * @param to the finer unit after TO
     */
    record Interval(Position position, SqlExpression amount, Optional<IntervalUnit> unit,
            Optional<IntervalUnit> to) implements SqlExpression {
    }

    /**
     * A parameter: {@code ?}, {@code $1}, {@code $name} or {@code :name}.
     *
     * @param name the name, empty for {@code ?} and {@code $1}
     * @param ordinal from 1 for {@code $1}, and for {@code ?} by its order in the statement; 0 for a named one
     */
    record Parameter(Position position, String name, int ordinal) implements SqlExpression {
    }

    /** A name of one or more parts: column, table.column, column.field, ...; which is which is the binder's question. */
    record Name(Position position, List<Identifier> parts) implements SqlExpression {
    }

    /** {@code #1}: a column of the input by its place, from 1. */
    record PlaceReference(Position position, int ordinal) implements SqlExpression {
    }

    /**
     * {@code *} or {@code t.*}, in a select list, in {@code count(*)} or in {@code COLUMNS(*)}.
     *
     * @param qualifier the parts before the star, empty for a bare one
     * @param exclude the names of EXCLUDE (or EXCEPT), each of one or two parts
     * @param pattern what the names of the columns must match: {@code * LIKE 'sea%'}
     */
    record Star(Position position, List<Identifier> qualifier, List<Name> exclude, List<StarReplacement> replace,
            List<StarRenaming> rename, Optional<StarPattern> pattern) implements SqlExpression {
    }

    /** {@code expression AS column} in {@code * REPLACE (...)}. */
    record StarReplacement(Position position, SqlExpression expression, Identifier column) implements SqlNode {
    }

    /** {@code column AS alias} in {@code * RENAME (...)}. */
    record StarRenaming(Position position, Name column, Identifier alias) implements SqlNode {
    }

    /** {@code LIKE pattern ESCAPE escape} and its kin after a star. */
    record StarPattern(Position position, LikeOperator operator, SqlExpression pattern,
            Optional<SqlExpression> escape, boolean negated) implements SqlNode {
    }

    // ---- operators

    /** A prefix operator other than NOT. */
    record Unary(Position position, UnaryOperator operator, SqlExpression operand) implements SqlExpression {
    }

    /** Prefix operators: {@code -}, {@code +}, {@code ~}, {@code @} (absolute value). */
    enum UnaryOperator {
        NEGATE, PLUS, BITWISE_NOT, ABSOLUTE
    }

    /** {@code left operator right}. */
    record Binary(Position position, BinaryOperator operator, SqlExpression left,
            SqlExpression right) implements SqlExpression {
    }

    /** {@code a AND b AND c}: two or more operands; a chain without parentheses is one node. */
    record And(Position position, List<SqlExpression> operands) implements SqlExpression {
    }

    /** {@code a OR b OR c}: two or more operands; a chain without parentheses is one node. */
    record Or(Position position, List<SqlExpression> operands) implements SqlExpression {
    }

    /** {@code NOT operand}. */
    record Not(Position position, SqlExpression operand) implements SqlExpression {
    }

    /** {@code operand IS [NOT] NULL}, ISNULL, NOTNULL. */
    record IsNull(Position position, SqlExpression operand, boolean negated) implements SqlExpression {
    }

    /** {@code operand IS [NOT] TRUE|FALSE|UNKNOWN}. */
    record IsTruth(Position position, SqlExpression operand, Truth truth, boolean negated) implements SqlExpression {
    }

    /** The three truth values. */
    enum Truth {
        TRUE, FALSE, UNKNOWN
    }

    /** {@code left IS [NOT] DISTINCT FROM right}; negated is IS NOT DISTINCT FROM. */
    record IsDistinct(Position position, SqlExpression left, SqlExpression right,
            boolean negated) implements SqlExpression {
    }

    /** {@code operand [NOT] BETWEEN [SYMMETRIC] low AND high}. */
    record Between(Position position, SqlExpression operand, SqlExpression low, SqlExpression high, boolean symmetric,
            boolean negated) implements SqlExpression {
    }

    /** {@code operand [NOT] IN (a, b)}. */
    record InList(Position position, SqlExpression operand, List<SqlExpression> values,
            boolean negated) implements SqlExpression {
    }

    /** {@code operand [NOT] IN (query)}. */
    record InSubquery(Position position, SqlExpression operand, QueryExpression query,
            boolean negated) implements SqlExpression {
    }

    /** {@code operand [NOT] IN list}, the list being an expression without parentheses. */
    record InCollection(Position position, SqlExpression operand, SqlExpression collection,
            boolean negated) implements SqlExpression {
    }

    /** {@code operand [NOT] LIKE pattern [ESCAPE escape]} and its kin. */
    record Like(Position position, LikeOperator operator, SqlExpression operand, SqlExpression pattern,
            Optional<SqlExpression> escape, boolean negated) implements SqlExpression {
    }

    /** LIKE, ILIKE, SIMILAR TO, GLOB. */
    enum LikeOperator {
        LIKE, ILIKE, SIMILAR_TO, GLOB
    }

    /** {@code operand = ANY (query)}; SOME is read as ANY. */
    record QuantifiedSubquery(Position position, BinaryOperator operator, SqlExpression operand, Quantifier quantifier,
            QueryExpression query) implements SqlExpression {
    }

    /** {@code operand = ANY (list)}; SOME is read as ANY. Several values in parentheses are a {@link Row}. */
    record QuantifiedCollection(Position position, BinaryOperator operator, SqlExpression operand,
            Quantifier quantifier, SqlExpression collection) implements SqlExpression {
    }

    /**
     * {@code operand [NOT] LIKE ANY (list)} and its kin; SOME is read as ANY. Several patterns in parentheses are a {@link Row}, a
     * query there an {@link ArraySubquery}.
     */
    record QuantifiedLike(Position position, LikeOperator operator, SqlExpression operand, Quantifier quantifier,
            SqlExpression patterns, boolean negated) implements SqlExpression {
    }

    /** ANY or ALL. */
    enum Quantifier {
        ANY, ALL
    }

    /** {@code operand COLLATE name}. */
    record Collate(Position position, SqlExpression operand, List<Identifier> collation) implements SqlExpression {
    }

    /** {@code operand AT TIME ZONE zone}. */
    record AtTimeZone(Position position, SqlExpression operand, SqlExpression zone) implements SqlExpression {
    }

    // ---- conditional and conversion

    /** Both forms of CASE; with an operand, WHEN holds values to compare with. */
    record Case(Position position, Optional<SqlExpression> operand, List<When> whens,
            Optional<SqlExpression> otherwise) implements SqlExpression {
    }

    /** One {@code WHEN condition THEN result}. */
    record When(Position position, SqlExpression condition, SqlExpression result) implements SqlNode {
    }

    /** A conversion, in any of its spellings. */
    record Cast(Position position, SqlExpression operand, TypeName type, CastForm form) implements SqlExpression {
    }

    /** {@code CAST(x AS t)}, {@code TRY_CAST(x AS t)}, {@code x::t}. */
    enum CastForm {
        CAST, TRY_CAST, DOUBLE_COLON
    }

    // ---- functions

    /**
     * A call, of a scalar, aggregate or window function; {@code count()} has no argument, {@code count(*)} a
     * {@link Star}.
     *
     * @param name one or more parts
     * @param orderBy the order written inside the parentheses
     * @param withinGroup the order of WITHIN GROUP
     */
    record FunctionCall(Position position, List<Identifier> name, boolean distinct, List<Argument> arguments,
            List<SortItem> orderBy, List<SortItem> withinGroup, Optional<SqlExpression> filter,
            NullTreatment nullTreatment, Optional<WindowSpecification> over) implements SqlExpression {

        /** A call of a name with one argument and nothing else. */
        static FunctionCall plain(Position position, Identifier name, SqlExpression argument) {
            return new FunctionCall(position, List.of(name), false,
                    List.of(new Argument(argument.position(), Optional.empty(), argument)), List.of(), List.of(),
                    Optional.empty(), NullTreatment.DEFAULT, Optional.empty());
        }
    }

    /** An argument, with its name if it was written {@code name => value} or {@code name := value}. */
    record Argument(Position position, Optional<Identifier> name, SqlExpression value) implements SqlNode {
    }

    /** IGNORE NULLS, RESPECT NULLS or neither. */
    enum NullTreatment {
        DEFAULT, IGNORE, RESPECT
    }

    /** {@code receiver.name(arguments)} where the receiver is not a plain name. */
    record MethodCall(Position position, SqlExpression receiver, Identifier name,
            List<Argument> arguments) implements SqlExpression {
    }

    /** CURRENT_DATE, CURRENT_TIMESTAMP and the others that are called without parentheses; the name in lower case. */
    record CurrentValue(Position position, String name) implements SqlExpression {
    }

    /** {@code EXTRACT(field FROM source)}; the field may be a word or a string. */
    record Extract(Position position, Identifier field, SqlExpression source) implements SqlExpression {
    }

    /** {@code SUBSTRING(value FROM start FOR length)}; at least one of start and length is there. */
    record Substring(Position position, SqlExpression value, Optional<SqlExpression> start,
            Optional<SqlExpression> length) implements SqlExpression {
    }

    /** {@code POSITION(part IN whole)}. */
    record PositionIn(Position position, SqlExpression part, SqlExpression whole) implements SqlExpression {
    }

    /** {@code TRIM(LEADING characters FROM value)}; {@code trim(value)} and {@code trim(value, characters)} are calls. */
    record Trim(Position position, TrimSide side, Optional<SqlExpression> characters,
            SqlExpression value) implements SqlExpression {
    }

    /** The side that TRIM works on; BOTH also where nothing is written. */
    enum TrimSide {
        BOTH, LEADING, TRAILING
    }

    /** {@code OVERLAY(value PLACING replacement FROM start FOR length)}. */
    record Overlay(Position position, SqlExpression value, SqlExpression replacement, SqlExpression start,
            Optional<SqlExpression> length) implements SqlExpression {
    }

    /** {@code x -> body}, {@code (x, y) -> body} or {@code lambda x, y : body} as an argument of a function. */
    record Lambda(Position position, List<Identifier> parameters, SqlExpression body) implements SqlExpression {
    }

    // ---- nested values

    /** {@code ARRAY[a, b]} or {@code [a, b]}. */
    record Array(Position position, List<SqlExpression> elements) implements SqlExpression {
    }

    /** {@code ARRAY(query)}. */
    record ArraySubquery(Position position, QueryExpression query) implements SqlExpression {
    }

    /** {@code [element FOR variable, index IN source IF condition]}; one or two variables. */
    record ListComprehension(Position position, SqlExpression element, List<Identifier> variables, SqlExpression source,
            Optional<SqlExpression> condition) implements SqlExpression {
    }

    /** {@code {'a': 1, b: 2}}. */
    record Struct(Position position, List<StructField> fields) implements SqlExpression {
    }

    /** One field of a struct; a name in single or double quotes counts as quoted. */
    record StructField(Position position, Identifier name, SqlExpression value) implements SqlNode {
    }

    /** {@code MAP {key: value}}. */
    record MapLiteral(Position position, List<MapEntry> entries) implements SqlExpression {
    }

    /** One entry of a map. */
    record MapEntry(Position position, SqlExpression key, SqlExpression value) implements SqlNode {
    }

    /** {@code ROW(a, b)} or {@code (a, b)}. */
    record Row(Position position, List<SqlExpression> elements) implements SqlExpression {
    }

    /** {@code operand[index]}. */
    record Subscript(Position position, SqlExpression operand, SqlExpression index) implements SqlExpression {
    }

    /** {@code operand[from:to:step]}, each of which may be missing. */
    record Slice(Position position, SqlExpression operand, Optional<SqlExpression> from, Optional<SqlExpression> to,
            Optional<SqlExpression> step) implements SqlExpression {
    }

    /** {@code (operand).field} where the operand is not a plain name. */
    record FieldAccess(Position position, SqlExpression operand, Identifier field) implements SqlExpression {
    }

    /** {@code (operand).*}: every field of a value. */
    record FieldStar(Position position, SqlExpression operand) implements SqlExpression {
    }

    // ---- subqueries

    /** {@code (query)} as a value. */
    record ScalarSubquery(Position position, QueryExpression query) implements SqlExpression {
    }

    /** {@code EXISTS (query)}. */
    record Exists(Position position, QueryExpression query) implements SqlExpression {
    }
}
