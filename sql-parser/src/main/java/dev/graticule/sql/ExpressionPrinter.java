package dev.graticule.sql;

import static dev.graticule.sql.AstPrinter.dotted;
import static dev.graticule.sql.AstPrinter.joined;
import static dev.graticule.sql.AstPrinter.name;
import static dev.graticule.sql.AstPrinter.string;
import static dev.graticule.sql.AstPrinter.toSql;
import static dev.graticule.sql.AstPrinter.type;
import static dev.graticule.sql.AstPrinter.when;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Prints expressions for {@link AstPrinter}. */
final class ExpressionPrinter {

    private ExpressionPrinter() {
    }

    static String text(SqlExpression expression) {
        return switch (expression) {
            case SqlExpression.NullLiteral _ -> "NULL";
            case SqlExpression.BooleanLiteral literal -> literal.value() ? "TRUE" : "FALSE";
            case SqlExpression.NumberLiteral literal -> literal.text();
            case SqlExpression.StringLiteral literal -> string(literal.value());
            case SqlExpression.BlobLiteral literal -> "X'" + literal.hexadecimal() + "'";
            case SqlExpression.TypedLiteral literal -> type(literal.type()) + " " + string(literal.value());
            case SqlExpression.Interval interval -> interval(interval);
            case SqlExpression.Parameter parameter -> parameter(parameter);
            case SqlExpression.Name column -> dotted(column.parts());
            case SqlExpression.PlaceReference place -> "#" + place.ordinal();
            case SqlExpression.Star star -> star(star);
            case SqlExpression.Unary unary -> "(" + switch (unary.operator()) {
                case NEGATE -> "- ";
                case PLUS -> "+ ";
                case BITWISE_NOT -> "~ ";
                case ABSOLUTE -> "@ ";
            } + text(unary.operand()) + ")";
            case SqlExpression.Binary binary -> "(" + text(binary.left()) + " " + binary.operator().symbol() + " "
                    + text(binary.right()) + ")";
            case SqlExpression.And and -> "("
                    + and.operands().stream().map(AstPrinter::toSql).collect(Collectors.joining(" AND ")) + ")";
            case SqlExpression.Or or -> "("
                    + or.operands().stream().map(AstPrinter::toSql).collect(Collectors.joining(" OR ")) + ")";
            case SqlExpression.Not not -> "(NOT " + text(not.operand()) + ")";
            case SqlExpression.IsNull is -> "(" + text(is.operand()) + " IS" + not(is.negated()) + " NULL)";
            case SqlExpression.IsTruth is -> "(" + text(is.operand()) + " IS" + not(is.negated()) + " " + is.truth()
                    + ")";
            case SqlExpression.IsDistinct is -> "(" + text(is.left()) + " IS" + not(is.negated()) + " DISTINCT FROM "
                    + text(is.right()) + ")";
            case SqlExpression.Between between -> "(" + text(between.operand()) + not(between.negated()) + " BETWEEN "
                    + when(between.symmetric(), "SYMMETRIC ") + text(between.low()) + " AND " + text(between.high())
                    + ")";
            case SqlExpression.InList in -> "(" + text(in.operand()) + not(in.negated()) + " IN (" + list(in.values())
                    + "))";
            case SqlExpression.InSubquery in -> "(" + text(in.operand()) + not(in.negated()) + " IN ("
                    + toSql(in.query()) + "))";
            case SqlExpression.InCollection in -> "(" + text(in.operand()) + not(in.negated()) + " IN "
                    + text(in.collection()) + ")";
            case SqlExpression.Like like -> "(" + text(like.operand()) + not(like.negated()) + " "
                    + like.operator().name().replace('_', ' ') + " " + text(like.pattern())
                    + clause(" ESCAPE ", like.escape()) + ")";
            case SqlExpression.QuantifiedSubquery quantified -> "(" + text(quantified.operand()) + " "
                    + quantified.operator().symbol() + " " + quantified.quantifier() + " ("
                    + toSql(quantified.query()) + "))";
            case SqlExpression.QuantifiedCollection quantified -> "(" + text(quantified.operand()) + " "
                    + quantified.operator().symbol() + " " + quantified.quantifier() + " ("
                    + quantified(quantified.collection()) + "))";
            case SqlExpression.QuantifiedLike like -> "(" + text(like.operand()) + not(like.negated()) + " "
                    + like.operator().name().replace('_', ' ') + " " + like.quantifier() + " ("
                    + quantified(like.patterns()) + "))";
            case SqlExpression.Collate collate -> "(" + text(collate.operand()) + " COLLATE "
                    + dotted(collate.collation()) + ")";
            case SqlExpression.AtTimeZone at -> "(" + text(at.operand()) + " AT TIME ZONE " + text(at.zone()) + ")";
            case SqlExpression.Case choice -> choice(choice);
            case SqlExpression.Cast cast -> cast(cast);
            case SqlExpression.FunctionCall call -> call(call);
            case SqlExpression.MethodCall call -> "(" + text(call.receiver()) + ")." + name(call.name()) + "("
                    + joined(call.arguments(), ExpressionPrinter::argument) + ")";
            case SqlExpression.CurrentValue value -> value.name();
            case SqlExpression.Extract extract -> "EXTRACT(" + name(extract.field()) + " FROM "
                    + text(extract.source()) + ")";
            case SqlExpression.Substring substring -> "SUBSTRING(" + text(substring.value())
                    + clause(" FROM ", substring.start()) + clause(" FOR ", substring.length()) + ")";
            case SqlExpression.PositionIn position -> "POSITION(" + text(position.part()) + " IN "
                    + text(position.whole()) + ")";
            case SqlExpression.Trim trim -> "TRIM(" + trim.side()
                    + trim.characters().map(characters -> " " + text(characters)).orElse("") + " FROM "
                    + text(trim.value()) + ")";
            case SqlExpression.Overlay overlay -> "OVERLAY(" + text(overlay.value()) + " PLACING "
                    + text(overlay.replacement()) + " FROM " + text(overlay.start())
                    + clause(" FOR ", overlay.length()) + ")";
            case SqlExpression.Lambda lambda -> "(" + joined(lambda.parameters(), AstPrinter::name) + ") -> "
                    + text(lambda.body());
            case SqlExpression.Array array -> "[" + list(array.elements()) + "]";
            case SqlExpression.ArraySubquery array -> "ARRAY(" + toSql(array.query()) + ")";
            case SqlExpression.ListComprehension list -> "[" + text(list.element()) + " FOR "
                    + joined(list.variables(), AstPrinter::name) + " IN " + text(list.source())
                    + clause(" IF ", list.condition()) + "]";
            case SqlExpression.Struct struct -> "{"
                    + joined(struct.fields(), field -> name(field.name()) + ": " + text(field.value())) + "}";
            case SqlExpression.MapLiteral map -> "MAP {"
                    + joined(map.entries(), entry -> text(entry.key()) + ": " + text(entry.value())) + "}";
            case SqlExpression.Row row -> "ROW(" + list(row.elements()) + ")";
            case SqlExpression.Subscript subscript -> "(" + text(subscript.operand()) + ")[" + text(subscript.index())
                    + "]";
            case SqlExpression.Slice slice -> "(" + text(slice.operand()) + ")[" + clause("", slice.from()) + ":"
                    + clause(" ", slice.to()) + clause(" : ", slice.step()) + "]";
            case SqlExpression.FieldAccess access -> "(" + text(access.operand()) + ")." + name(access.field());
            case SqlExpression.FieldStar star -> "(" + text(star.operand()) + ").*";
            case SqlExpression.ScalarSubquery subquery -> "(" + toSql(subquery.query()) + ")";
            case SqlExpression.Exists exists -> "EXISTS (" + toSql(exists.query()) + ")";
        };
    }

    /** Several values without a ROW around them, which would be one value. */
    private static String quantified(SqlExpression collection) {
        return collection instanceof SqlExpression.Row row && row.elements().size() > 1 ? list(row.elements())
                : text(collection);
    }

    private static String list(List<SqlExpression> expressions) {
        return joined(expressions, ExpressionPrinter::text);
    }

    private static String clause(String before, Optional<SqlExpression> expression) {
        return expression.map(value -> before + text(value)).orElse("");
    }

    private static String not(boolean negated) {
        return negated ? " NOT" : "";
    }

    private static String interval(SqlExpression.Interval interval) {
        String amount = switch (interval.amount()) {
            case SqlExpression.StringLiteral string -> text(string);
            case SqlExpression.NumberLiteral number -> text(number);
            case SqlExpression.Parameter parameter -> text(parameter);
            case SqlExpression other -> "(" + text(other) + ")";
        };
        return "INTERVAL " + amount + interval.unit().map(unit -> " " + unit).orElse("")
                + interval.to().map(unit -> " TO " + unit).orElse("");
    }

    private static String parameter(SqlExpression.Parameter parameter) {
        return "$" + (parameter.name().isEmpty() ? String.valueOf(parameter.ordinal()) : parameter.name());
    }

    private static String star(SqlExpression.Star star) {
        return (star.qualifier().isEmpty() ? "" : dotted(star.qualifier()) + ".") + "*"
                + when(!star.exclude().isEmpty(), " EXCLUDE (" + joined(star.exclude(), ExpressionPrinter::text) + ")")
                + when(!star.replace().isEmpty(),
                        " REPLACE (" + joined(star.replace(),
                                item -> text(item.expression()) + " AS " + name(item.column())) + ")")
                + when(!star.rename().isEmpty(),
                        " RENAME ("
                                + joined(star.rename(), item -> text(item.column()) + " AS " + name(item.alias()))
                                + ")")
                + star.pattern().map(pattern -> not(pattern.negated()) + " "
                        + pattern.operator().name().replace('_', ' ') + " " + text(pattern.pattern())
                        + clause(" ESCAPE ", pattern.escape())).orElse("");
    }

    private static String choice(SqlExpression.Case choice) {
        return "CASE" + clause(" ", choice.operand())
                + choice.whens().stream()
                        .map(branch -> " WHEN " + text(branch.condition()) + " THEN " + text(branch.result()))
                        .collect(Collectors.joining())
                + clause(" ELSE ", choice.otherwise()) + " END";
    }

    private static String cast(SqlExpression.Cast cast) {
        return switch (cast.form()) {
            case CAST -> "CAST(" + text(cast.operand()) + " AS " + type(cast.type()) + ")";
            case TRY_CAST -> "TRY_CAST(" + text(cast.operand()) + " AS " + type(cast.type()) + ")";
            case DOUBLE_COLON -> "(" + text(cast.operand()) + ")::" + type(cast.type());
        };
    }

    private static String call(SqlExpression.FunctionCall call) {
        String nulls = switch (call.nullTreatment()) {
            case DEFAULT -> "";
            case IGNORE -> " IGNORE NULLS";
            case RESPECT -> " RESPECT NULLS";
        };
        return dotted(call.name()) + "(" + when(call.distinct(), "DISTINCT ")
                + joined(call.arguments(), ExpressionPrinter::argument)
                + when(!call.orderBy().isEmpty(), " ORDER BY " + joined(call.orderBy(), AstPrinter::sortItem)) + nulls
                + ")"
                + when(!call.withinGroup().isEmpty(),
                        " WITHIN GROUP (ORDER BY " + joined(call.withinGroup(), AstPrinter::sortItem) + ")")
                + call.filter().map(filter -> " FILTER (WHERE " + text(filter) + ")").orElse("")
                + call.over().map(window -> " OVER " + AstPrinter.window(window)).orElse("");
    }

    static String argument(SqlExpression.Argument argument) {
        return argument.name().map(name -> name(name) + " => ").orElse("") + text(argument.value());
    }
}
