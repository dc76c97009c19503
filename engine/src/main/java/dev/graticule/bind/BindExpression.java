package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.aggregate.AggregateCall;
import dev.graticule.aggregate.Aggregates;
import dev.graticule.bind.Scope.Found;
import dev.graticule.expression.Expression.ColumnReference;
import dev.graticule.expression.Expression.Comparison.Operator;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.expression.Expression;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.expression.Expressions;
import dev.graticule.function.Coercion;
import dev.graticule.function.FunctionDescription;
import dev.graticule.function.Functions;
import dev.graticule.function.Operators;
import dev.graticule.spi.NearestName;
import dev.graticule.sql.BinaryOperator;
import dev.graticule.sql.Identifier;
import dev.graticule.sql.Position;
import dev.graticule.sql.SqlExpression.FunctionCall;
import dev.graticule.sql.SqlExpression;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Binds scalar expressions over the columns of a scope, and, where there is an {@link Aggregation}, aggregates in them. */
final class BindExpression {
    /** Schema, table, column. */
    private static final int LONGEST_NAME = 3;

    private final BindContext context;
    private final Scope scope;
    private final List<SelectColumn.Computed> aliases;
    private final Aggregation aggregation;
    private final String clause;
    private final List<SelectColumn.Computed> open = new ArrayList<>();

    /**
     * @param aliases select items with AS: what a name may mean that is no column
     * @param aggregation where aggregates go; {@code null} where none may stand
     * @param clause the words for the message about an aggregate that may not stand here
     */
    BindExpression(BindContext context, Scope scope, List<SelectColumn.Computed> aliases, Aggregation aggregation,
            String clause) {
        this.context = context;
        this.scope = scope;
        this.aliases = aliases;
        this.aggregation = aggregation;
        this.clause = clause;
    }

    Scope scope() {
        return scope;
    }

    BindContext context() {
        return context;
    }

    /** A BOOLEAN for a clause that filters rows. */
    Expression predicate(SqlExpression written, String word) {
        Expression bound = bind(written);
        if (bound.type() == SqlType.BOOLEAN) {
            return bound;
        }
        if (bound.type() == SqlType.NULL) {
            return new Literal(null, SqlType.BOOLEAN);
        }
        if (Coercion.isAdaptable(bound) || bound.type().isInteger()) {
            return Casts.explicit(bound, SqlType.BOOLEAN, false, written.position());
        }
        throw GraticuleException.binding(written.position(), word + " needs a BOOLEAN; this is " + bound.type() + ".");
    }

    /** A column that is known by its place. */
    Expression column(Found found, Position position) {
        found.problem().ifPresent(problem -> {
            throw problem.at(position);
        });
        ColumnReference reference = new ColumnReference(found.index(), found.column().name(),
                found.column().output().type());
        if (aggregation != null) {
            aggregation.named(reference, position);
        }
        return reference;
    }

    /** Binds what is part of an expression: a time of nanoseconds, which only whole columns keep, is a TIME there. */
    Expression operand(SqlExpression written) {
        Expression bound = bind(written);
        return bound.type().isTimeOfNanoseconds()
                ? new Expression.Cast(bound, SqlType.TIME, false, written.position()) : bound;
    }

    Expression bind(SqlExpression written) {
        return switch (written) {
            case SqlExpression.NullLiteral none -> new Literal(null, SqlType.NULL);
            case SqlExpression.BooleanLiteral bit -> bit.value() ? Literal.TRUE : Literal.FALSE;
            case SqlExpression.NumberLiteral number -> NumberText.literal(number.text(), false, number.position());
            case SqlExpression.StringLiteral text -> new Literal(text.value(), SqlType.VARCHAR);
            case SqlExpression.BlobLiteral blob -> blob(blob);
            case SqlExpression.TypedLiteral typed -> typed(typed);
            case SqlExpression.Interval interval -> new BindInterval(this).bind(interval);
            case SqlExpression.Parameter parameter -> context.parameters().literal(parameter);
            case SqlExpression.Name name -> name(name);
            case SqlExpression.PlaceReference place -> place(place);
            case SqlExpression.Star star ->
                throw GraticuleException.binding(star.position(), "* stands in the select list and in count(*) only.");
            case SqlExpression.Unary unary -> unary(unary);
            case SqlExpression.Binary binary -> binary(binary);
            case SqlExpression.And and ->
                new Expression.And(and.operands().stream().map(operand -> predicate(operand, "AND")).toList());
            case SqlExpression.Or or ->
                new Expression.Or(or.operands().stream().map(operand -> predicate(operand, "OR")).toList());
            case SqlExpression.Not not -> new Expression.Not(predicate(not.operand(), "NOT"));
            case SqlExpression.IsNull isNull -> negate(new Expression.IsNull(bind(isNull.operand())), isNull.negated());
            case SqlExpression.IsTruth truth -> truth(truth);
            case SqlExpression.IsDistinct distinct ->
                Operators.comparison(distinct.negated() ? Operator.NOT_DISTINCT : Operator.DISTINCT,
                        operand(distinct.left()), operand(distinct.right()), distinct.position());
            case SqlExpression.Between between -> between(between);
            case SqlExpression.InList in -> in(in);
            case SqlExpression.Like like -> like(like, operand(like.operand()));
            case SqlExpression.Case choice -> choice(choice);
            case SqlExpression.Cast cast -> Casts.explicit(bind(cast.operand()), BindType.bind(cast.type()),
                    cast.form() == SqlExpression.CastForm.TRY_CAST,
                    cast.position());
            case FunctionCall call -> call(call);
            case SqlExpression.MethodCall call -> method(call);
            case SqlExpression.CurrentValue current -> function(current.name(), List.of(), current.position());
            case SqlExpression.Extract extract -> function("date_part",
                    List.of(new Literal(extract.field().name().toLowerCase(Locale.ROOT), SqlType.VARCHAR),
                            operand(extract.source())),
                    extract.position());
            case SqlExpression.Substring part -> {
                List<Expression> arguments = new ArrayList<>(List.of(operand(part.value())));
                arguments.add(part.start().isPresent() ? operand(part.start().get()) : new Literal(1, SqlType.INTEGER));
                part.length().ifPresent(length -> arguments.add(operand(length)));
                yield function("substring", arguments, part.position());
            }
            case SqlExpression.PositionIn in ->
                function("strpos", List.of(operand(in.whole()), operand(in.part())), in.position());
            case SqlExpression.Trim trim -> {
                List<Expression> arguments = new ArrayList<>(List.of(operand(trim.value())));
                trim.characters().ifPresent(characters -> arguments.add(operand(characters)));
                yield function(switch (trim.side()) {
                    case BOTH -> "trim";
                    case LEADING -> "ltrim";
                    case TRAILING -> "rtrim";
                }, arguments, trim.position());
            }
            case SqlExpression.Overlay overlay -> {
                List<Expression> arguments = new ArrayList<>(
                        List.of(operand(overlay.value()), operand(overlay.replacement()), operand(overlay.start())));
                overlay.length().ifPresent(length -> arguments.add(operand(length)));
                yield function("overlay", arguments, overlay.position());
            }
            case SqlExpression.AtTimeZone zone ->
                function("timezone", List.of(operand(zone.zone()), operand(zone.operand())), zone.position());
            case SqlExpression.InSubquery in -> throw unsupported(in.position(), "IN (subquery)");
            case SqlExpression.InCollection in -> throw unsupported(in.position(), "lists");
            case SqlExpression.QuantifiedSubquery quantified ->
                throw unsupported(quantified.position(), quantified.quantifier() + " (subquery)");
            case SqlExpression.QuantifiedCollection quantified -> new BindQuantified(this).collection(quantified);
            case SqlExpression.QuantifiedLike like -> new BindQuantified(this).like(like);
            case SqlExpression.Collate collate -> throw unsupported(collate.position(), "COLLATE");
            case SqlExpression.Lambda lambda -> throw unsupported(lambda.position(), "lambda expressions");
            case SqlExpression.Array array -> throw unsupported(array.position(), "lists");
            case SqlExpression.ArraySubquery array -> throw unsupported(array.position(), "lists");
            case SqlExpression.ListComprehension list -> throw unsupported(list.position(), "lists");
            case SqlExpression.Struct struct -> throw unsupported(struct.position(), "structs");
            case SqlExpression.MapLiteral map -> throw unsupported(map.position(), "maps");
            case SqlExpression.Row row -> throw unsupported(row.position(), "row values");
            case SqlExpression.Subscript subscript -> throw unsupported(subscript.position(), "subscripts");
            case SqlExpression.Slice slice -> throw unsupported(slice.position(), "slices");
            case SqlExpression.FieldStar star -> throw unsupported(star.position(), "structs");
            case SqlExpression.FieldAccess field -> throw unsupported(field.position(), "structs");
            case SqlExpression.ScalarSubquery subquery -> throw unsupported(subquery.position(), "scalar subqueries");
            case SqlExpression.Exists exists -> throw unsupported(exists.position(), "EXISTS");
        };
    }

    private static GraticuleException unsupported(Position position, String feature) {
        return GraticuleException.unsupported(position, feature);
    }

    private static Expression negate(Expression expression, boolean negated) {
        return negated ? new Expression.Not(expression) : expression;
    }

    // ---- literals

    private static Expression blob(SqlExpression.BlobLiteral blob) {
        try {
            return new Literal(HexFormat.of().parseHex(blob.hexadecimal()), SqlType.BLOB);
        } catch (IllegalArgumentException problem) {
            throw GraticuleException.binding(blob.position(),
                    "A BLOB literal has an even number of hexadecimal digits.");
        }
    }

    private static Expression typed(SqlExpression.TypedLiteral typed) {
        SqlType type = BindType.bind(typed.type());
        if (type == SqlType.INTERVAL) {
            return new Literal(
                    IntervalLiteral.parse(typed.value(), Optional.empty(), typed.position()),
                    type);
        }
        Expression cast = Casts.explicit(new Literal(typed.value(), SqlType.VARCHAR), type, false, typed.position());
        return new Literal(Expressions.value(cast), type);
    }

    // ---- names

    private Expression name(SqlExpression.Name name) {
        List<Identifier> parts = name.parts();
        Optional<Found> found = find(name);
        if (found.isPresent()) {
            return column(found.get(), name.position());
        }
        String written = parts.getLast().name();
        if (parts.size() == 1) {
            SelectColumn.Computed alias = alias(written);
            if (alias != null) {
                open.add(alias);
                try {
                    return bind(alias.expression());
                } finally {
                    open.removeLast();
                }
            }
        }
        if (parts.size() == 1 && scope.hasRelation(written)) {
            throw unsupported(name.position(), "a whole row as a value");
        }
        throw unknown(name, written);
    }

    private Optional<Found> find(SqlExpression.Name name) {
        List<Identifier> parts = name.parts();
        if (parts.size() > 1) {
            String qualifier = parts.get(parts.size() - 2).name();
            boolean isTable = scope.hasRelation(qualifier);
            boolean inTable = parts.size() > 2 && scope.hasRelation(parts.getFirst().name());
            if (parts.size() > LONGEST_NAME || !isTable
                    && (isColumn(parts.subList(0, 1), name) || inTable && isColumn(parts.subList(0, 2), name))) {
                throw unsupported(name.position(), "fields of structs");
            }
        }
        return scope.find(parts, name.position());
    }

    private boolean isColumn(List<Identifier> parts, SqlExpression.Name name) {
        return scope.find(parts, name.position()).isPresent();
    }

    private SelectColumn.Computed alias(String written) {
        List<SelectColumn.Computed> found = aliases.stream()
                .filter(alias -> alias.name().equals(written) && !open.contains(alias)).toList();
        if (found.isEmpty()) {
            found = aliases.stream().filter(alias -> alias.name().equalsIgnoreCase(written) && !open.contains(alias))
                    .toList();
        }
        return found.size() == 1 ? found.getFirst() : null;
    }

    private GraticuleException unknown(SqlExpression.Name name, String written) {
        if (scope.relations().isEmpty()) {
            return GraticuleException.binding(name.position(),
                    "No column named " + written + ": there is no FROM clause.");
        }
        List<String> known = new ArrayList<>(scope.names());
        aliases.forEach(alias -> known.add(alias.name()));
        String quotes = name.parts().size() == 1 && name.parts().getFirst().quoted()
                ? " A string is written in single quotes: '" + written + "'." : "";
        String question = NearestName.questionOrList(written, known, "There is", 20);
        return GraticuleException.binding(name.position(), "No column named " + written + "."
                + (NearestName.of(written, known).isEmpty() ? quotes : "") + question);
    }

    private Expression place(SqlExpression.PlaceReference place) {
        List<Found> listed = scope.listed(List.of(), place.position());
        if (place.ordinal() < 1 || place.ordinal() > listed.size()) {
            throw GraticuleException.binding(place.position(),
                    "There is no column #" + place.ordinal() + ": FROM has " + listed.size() + " columns.");
        }
        return column(listed.get(place.ordinal() - 1), place.position());
    }

    // ---- operators

    private Expression unary(SqlExpression.Unary unary) {
        return switch (unary.operator()) {
            case NEGATE -> unary.operand() instanceof SqlExpression.NumberLiteral number
                    ? NumberText.literal(number.text(), true, number.position())
                    : Operators.unary("-", operand(unary.operand()), unary.position());
            case PLUS -> Operators.unary("+", operand(unary.operand()), unary.position());
            case BITWISE_NOT -> Operators.unary("~", operand(unary.operand()), unary.position());
            case ABSOLUTE -> function("abs", List.of(operand(unary.operand())), unary.position());
        };
    }

    Expression binary(SqlExpression.Binary binary) {
        if (binary.operator().isComparison()) {
            if (binary.left() instanceof SqlExpression.Row left && binary.right() instanceof SqlExpression.Row right) {
                return rows(binary, left, right);
            }
            return comparison(binary, operand(binary.left()));
        }
        Expression left = operand(binary.left());
        Expression right = operand(binary.right());
        if (binary.operator() == BinaryOperator.DIVIDE) {
            divisionNotice(binary, left, right);
        }
        return Operators.binary(binary.operator().symbol(), left, right, binary.position(),
                context.options().integerDivision());
    }

    /** A comparison whose left side is bound already. */
    Expression comparison(SqlExpression.Binary binary, Expression left) {
        Expression right = operand(binary.right());
        TimeHints.check(context, binary, left, right);
        requireDates(binary.left());
        requireDates(binary.right());
        return Operators.comparison(comparison(binary.operator()), left, right, binary.position());
    }

    /** Rows are equal where all their values are. */
    private Expression rows(SqlExpression.Binary binary, SqlExpression.Row left, SqlExpression.Row right) {
        boolean equal = binary.operator() == BinaryOperator.EQUAL;
        if (!equal && binary.operator() != BinaryOperator.NOT_EQUAL) {
            throw unsupported(binary.position(), "the order of row values");
        }
        if (left.elements().size() != right.elements().size()) {
            throw GraticuleException.binding(binary.position(),
                    "These rows have " + left.elements().size() + " and " + right.elements().size() + " values.");
        }
        List<Expression> equalities = new ArrayList<>();
        for (int i = 0; i < left.elements().size(); i++) {
            equalities.add(operand(new SqlExpression.Binary(binary.position(), BinaryOperator.EQUAL,
                    left.elements().get(i), right.elements().get(i))));
        }
        return negate(new Expression.And(equalities), !equal);
    }

    /** Counts and sums of integers are divided as integers: allowed, and often not meant (SEMANTICS 12). */
    private void divisionNotice(SqlExpression.Binary binary, Expression left, Expression right) {
        if (context.options().integerDivision() && left.type().isInteger() && right.type().isInteger()
                && (SqlTree.containsAggregate(binary.left()) || SqlTree.containsAggregate(binary.right()))) {
            context.notice("The division of whole numbers drops the fraction: write "
                    + "count(*) * 1.0 / ... or SET integer_division = false.");
        }
    }

    private static Operator comparison(BinaryOperator operator) {
        return switch (operator) {
            case EQUAL -> Operator.EQUAL;
            case NOT_EQUAL -> Operator.NOT_EQUAL;
            case LESS -> Operator.LESS;
            case LESS_OR_EQUAL -> Operator.LESS_OR_EQUAL;
            case GREATER -> Operator.GREATER;
            case GREATER_OR_EQUAL -> Operator.GREATER_OR_EQUAL;
            case POWER, MULTIPLY, DIVIDE, INTEGER_DIVIDE, MODULO, ADD, SUBTRACT, CONCATENATE, BITWISE_AND, BITWISE_OR,
                    BITWISE_XOR, SHIFT_LEFT, SHIFT_RIGHT,
                    MATCHES, MATCHES_IGNORING_CASE, MATCHES_NOT, MATCHES_NOT_IGNORING_CASE, STARTS_WITH, CONTAINS,
                    CONTAINED_BY, OVERLAPS, EXTRACT_JSON,
                    EXTRACT_JSON_TEXT ->
                throw new IllegalArgumentException(operator + " compares nothing");
        };
    }

    private Expression truth(SqlExpression.IsTruth truth) {
        Expression operand = predicate(truth.operand(), "IS " + truth.truth());
        Expression result = switch (truth.truth()) {
            case TRUE -> new Expression.Comparison(Operator.NOT_DISTINCT, operand, Literal.TRUE);
            case FALSE -> new Expression.Comparison(Operator.NOT_DISTINCT, operand, Literal.FALSE);
            case UNKNOWN -> new Expression.IsNull(operand);
        };
        return negate(result, truth.negated());
    }

    private Expression between(SqlExpression.Between between) {
        Expression operand = operand(between.operand());
        Expression low = operand(between.low());
        Expression high = operand(between.high());
        requireDates(between.operand());
        TimeHints.refuseMonths(between.operand(), operand, between.low(), low);
        TimeHints.refuseMonths(between.operand(), operand, between.high(), high);
        Expression result = inRange(operand, low, high, between.position());
        if (between.symmetric()) {
            result = new Expression.Or(List.of(result, inRange(operand, high, low, between.position())));
        }
        return negate(result, between.negated());
    }

    private static Expression inRange(Expression operand, Expression low, Expression high, Position position) {
        return new Expression.And(List.of(Operators.comparison(Operator.GREATER_OR_EQUAL, operand, low, position),
                Operators.comparison(Operator.LESS_OR_EQUAL, operand, high, position)));
    }

    private Expression in(SqlExpression.InList in) {
        if (in.operand() instanceof SqlExpression.Row) {
            List<Expression> equalities = new ArrayList<>();
            for (SqlExpression value : in.values()) {
                equalities.add(
                        operand(new SqlExpression.Binary(value.position(), BinaryOperator.EQUAL, in.operand(), value)));
            }
            return negate(ExpressionTree.disjunction(equalities), in.negated());
        }
        Expression operand = operand(in.operand());
        requireDates(in.operand());
        List<Expression> comparisons = new ArrayList<>();
        List<Literal> options = new ArrayList<>();
        Expression left = null;
        boolean simple = true;
        for (SqlExpression value : in.values()) {
            Expression option = operand(value);
            TimeHints.refuseMonths(in.operand(), operand, value, option);
            Expression comparison = Operators.comparison(Operator.EQUAL, operand, option, value.position());
            comparisons.add(comparison);
            if (comparison instanceof Expression.Comparison equal && equal.operator() == Operator.EQUAL
                    && ExpressionTree.isConstant(equal.right())
                    && (left == null || left.equals(equal.left()))) {
                left = equal.left();
                options.add(new Literal(Expressions.value(equal.right()), left.type()));
            } else {
                simple = false;
            }
        }
        Expression result = simple ? new Expression.In(left, options) : ExpressionTree.disjunction(comparisons);
        return negate(result, in.negated());
    }

    /** LIKE whose left side is bound already. */
    Expression like(SqlExpression.Like like, Expression operand) {
        List<Expression> arguments = new ArrayList<>(List.of(operand, operand(like.pattern())));
        like.escape().ifPresent(escape -> arguments.add(operand(escape)));
        Expression result = function(switch (like.operator()) {
            case LIKE -> "like";
            case ILIKE -> "ilike";
            case SIMILAR_TO -> "similar_to";
            case GLOB -> throw unsupported(like.position(), "GLOB");
        }, arguments, like.position());
        return negate(result, like.negated());
    }

    private Expression choice(SqlExpression.Case choice) {
        List<Expression> conditions = new ArrayList<>();
        List<Expression> results = new ArrayList<>();
        Expression operand = choice.operand().isPresent() ? operand(choice.operand().get()) : null;
        for (SqlExpression.When when : choice.whens()) {
            conditions.add(operand == null ? predicate(when.condition(), "WHEN")
                    : Operators.comparison(Operator.EQUAL, operand, operand(when.condition()), when.position()));
            results.add(operand(when.result()));
        }
        results.add(
                choice.otherwise().isPresent() ? operand(choice.otherwise().get()) : new Literal(null, SqlType.NULL));
        List<Expression> typed = Coercion.unify(results, choice.position(), "CASE");
        List<Expression.Case.When> branches = new ArrayList<>();
        for (int i = 0; i < conditions.size(); i++) {
            branches.add(new Expression.Case.When(conditions.get(i), typed.get(i)));
        }
        return new Expression.Case(branches, typed.getLast(), typed.getLast().type());
    }

    // ---- functions

    private Expression call(FunctionCall call) {
        if (call.over().isPresent()) {
            throw unsupported(call.position(), "window functions");
        }
        if (BindAggregate.isAggregate(call)) {
            return aggregate(call);
        }
        String name = call.name().getLast().name();
        if (call.filter().isPresent() || call.distinct() || !call.orderBy().isEmpty()
                || !call.withinGroup().isEmpty()) {
            throw Functions.exists(name)
                    ? GraticuleException.binding(call.position(),
                            name + " is no aggregate function: it takes no DISTINCT, ORDER BY or FILTER.")
                    : unknownFunction(name, call.position());
        }
        if (name.equalsIgnoreCase("nearest")) {
            return new BindNearest(this).bind(call);
        }
        if (name.equalsIgnoreCase("arrow_cast") || name.equalsIgnoreCase("arrow_try_cast")) {
            return new BindArrowCast(this).bind(call, name.equalsIgnoreCase("arrow_try_cast"));
        }
        if (!Functions.exists(name)
                && call.arguments().stream().anyMatch(each -> each.value() instanceof SqlExpression.Star)) {
            throw unknownFunction(name, call.position());
        }
        if (name.equalsIgnoreCase("columns") || name.equalsIgnoreCase("unpack")) {
            throw unknownFunction(name, call.position());
        }
        List<Expression> arguments = new ArrayList<>();
        for (SqlExpression.Argument argument : call.arguments()) {
            argument.name().ifPresent(named -> {
                throw !Functions.exists(name) ? unknownFunction(name, call.position())
                        : GraticuleException.binding(named.position(), name + " has no named arguments.");
            });
            arguments.add(operand(argument.value()));
        }
        nanNotice(name, call);
        return function(name, arguments, call.position());
    }

    private Expression method(SqlExpression.MethodCall call) {
        List<Expression> arguments = new ArrayList<>(List.of(operand(call.receiver())));
        call.arguments().forEach(argument -> arguments.add(operand(argument.value())));
        return function(call.name().name(), arguments, call.position());
    }

    private Expression function(String name, List<Expression> arguments, Position position) {
        if (!Functions.exists(name)) {
            throw unknownFunction(name, position);
        }
        return Functions.bind(name, arguments, position);
    }

    private GraticuleException unknownFunction(String name, Position position) {
        List<String> known = new ArrayList<>(Functions.all().stream().map(FunctionDescription::name).toList());
        known.addAll(Aggregates.names());
        known.add("nearest");
        return LaterFunctions.feature(name).map(feature -> unsupported(position, feature))
                .orElseGet(() -> GraticuleException.binding(position,
                        "No function named " + name + "." + NearestName.question(name, known)));
    }

    private Expression aggregate(FunctionCall call) {
        String name = call.name().getFirst().name();
        if (aggregation == null) {
            throw GraticuleException.binding(call.position(),
                    "The aggregate " + name + " cannot stand in " + clause + "."
                            + (clause.equals("WHERE") ? " Write HAVING for conditions on groups." : ""));
        }
        AggregateCall bound = BindAggregate.bind(call,
                new BindExpression(context, scope, aliases, null, "another aggregate"));
        return aggregation.add(bound, name.toLowerCase(Locale.ROOT));
    }

    /** Missing cells of a grid are NULL and never NaN. */
    private void nanNotice(String name, FunctionCall call) {
        if (name.equalsIgnoreCase("isnan") && call.arguments().size() == 1
                && call.arguments().getFirst().value() instanceof SqlExpression.Name column) {
            find(column).filter(BindExpression::isNullForNan).ifPresent(
                    found -> context.notice("Missing " + found.column().name() + " is NULL here: write "
                            + found.column().name() + " IS NULL."));
        }
    }

    /** Times of calendars without real-world dates have no values yet: that is said before a date is found to be none. */
    private void requireDates(SqlExpression operand) {
        if (operand instanceof SqlExpression.Name column) {
            find(column).ifPresent(found -> TimeHints.requireDates(found.column().output(), operand.position()));
        }
    }

    private static boolean isNullForNan(Found found) {
        return found.variable()
                .filter(variable -> variable.unpacking().nanIsNull() || !variable.stored().isFloating()).isPresent();
    }

    /** What a column is called, for messages; the expression's kind where it is none. */
    static String shown(SqlExpression expression) {
        return expression instanceof SqlExpression.Name name ? name.parts().getLast().name() : "the value";
    }
}
