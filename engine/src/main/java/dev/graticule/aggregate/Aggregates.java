package dev.graticule.aggregate;

import dev.graticule.GraticuleException;
import dev.graticule.expression.Expression;
import dev.graticule.sql.Position;
import dev.graticule.type.SqlType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The aggregate functions of SQL by name. Thread-safe.
 *
 * <p>A new function is one {@code add} below: its names, what it takes, the type it gives, and how its accumulator is opened.
 */
public final class Aggregates {
    private static final Map<String, Entry> ENTRIES = new TreeMap<>();
    /** The functions whose result depends on the order of rows (of those with equal keys, for min_by and max_by). */
    private static final Set<String> BY_ORDER = Set.of("first", "last", "any_value", "min_by", "max_by", "mode",
            "string_agg");

    /** Those whose result is times the number where every row comes a number of times. */
    private static final Set<String> REPEATED_TIMES = Set.of("count", "count_if", "sum", "fsum", "regr_count",
            "regr_sxx", "regr_syy", "regr_sxy");
    /** Those whose result is the same then. */
    private static final Set<String> REPEATED_SAME = Set.of("avg", "favg", "weighted_avg", "var_pop", "stddev_pop",
            "covar_pop", "corr", "regr_avgx", "regr_avgy", "regr_slope", "regr_intercept", "regr_r2");
    /** Those whose accumulators take the number into account. */
    private static final Set<String> REPEATED_WEIGHTED = Set.of("var_samp", "stddev_samp", "covar_samp");

    /**
     * @param arguments how they are shown
     * @param least how many there are at least
     * @param most how many there are at most
     * @param repeats whether an argument that comes twice changes the result; where not, DISTINCT means nothing
     */
    private record Entry(String name, String arguments, int least, int most, boolean repeats, Binding binding,
            Opening opening) {
    }

    /** Casts the arguments to what the accumulator takes, and gives the type of the result. */
    private interface Binding {
        SqlType bind(Use use);
    }

    private interface Opening {
        Accumulator open(Function function, BufferAllocator allocator);
    }

    /**
     * @param parameter a constant argument that the accumulator needs beforehand, or an empty string
     * @param times how many rows each row stands for
     */
    private record Function(String name, List<SqlType> arguments, SqlType type, Object parameter, long times)
            implements AggregateFunction {
        @Override
        public Accumulator openAccumulator(BufferAllocator allocator) {
            Accumulator once = ENTRIES.get(name).opening.open(this, allocator);
            return times > 1 && REPEATED_TIMES.contains(name) ? new RepeatedAccumulator(once, times) : once;
        }

        @Override
        public boolean dependsOnOrder() {
            return BY_ORDER.contains(name);
        }

        SqlType argument() {
            return arguments.getFirst();
        }
    }

    private record Distinct(AggregateFunction function, List<SqlType> arguments) implements AggregateFunction {
        @Override
        public String name() {
            return function.name();
        }

        @Override
        public SqlType type() {
            return function.type();
        }

        @Override
        public Accumulator openAccumulator(BufferAllocator allocator) {
            return new DistinctAccumulator(function, arguments, allocator);
        }

        @Override
        public boolean dependsOnOrder() {
            return function.dependsOnOrder();
        }
    }

    static {
        add("count", "[x]", 0, 1, true, use -> SqlType.BIGINT,
                (f, allocator) -> new CountAccumulator(false, allocator));
        add("count_if", "condition", 1, 1, true, use -> {
            use.condition(0);
            return SqlType.BIGINT;
        }, (f, allocator) -> new CountAccumulator(true, allocator), "countif");
        add("sum", "x", 1, 1, true, use -> {
            use.numberOrCondition(0);
            return use.type(0).isFloating()
                    ? SqlType.DOUBLE
                    : use.type(0) instanceof SqlType.Decimal decimal ? new SqlType.Decimal(38, decimal.scale())
                            : SqlType.BIGINT;
        }, (f, allocator) -> openSum(f.argument(), false, allocator));
        add("avg", "x", 1, 1, true, use -> {
            use.numberOrCondition(0);
            return SqlType.DOUBLE;
        }, (f, allocator) -> openSum(f.argument(), true, allocator), "mean");
        add("min", "x", 1, 1, false, Use::ordered, (f, allocator) -> openExtreme(f.argument(), false, allocator));
        add("max", "x", 1, 1, false, Use::ordered, (f, allocator) -> openExtreme(f.argument(), true, allocator));
        add("stddev_samp", "x", 1, 1, true, Use::floating,
                (f, allocator) -> new MomentsAccumulator(true, true, f.times, allocator), "stddev");
        add("stddev_pop", "x", 1, 1, true, Use::floating,
                (f, allocator) -> new MomentsAccumulator(false, true, f.times, allocator));
        add("var_samp", "x", 1, 1, true, Use::floating,
                (f, allocator) -> new MomentsAccumulator(true, false, f.times, allocator), "variance");
        add("var_pop", "x", 1, 1, true, Use::floating,
                (f, allocator) -> new MomentsAccumulator(false, false, f.times, allocator));
        add("bool_and", "condition", 1, 1, false, use -> use.condition(0),
                (f, allocator) -> new BooleanAccumulator(false, allocator),
                "every");
        add("bool_or", "condition", 1, 1, false, use -> use.condition(0),
                (f, allocator) -> new BooleanAccumulator(true, allocator));
        add("first", "x", 1, 1, false, use -> use.plain(0),
                (f, allocator) -> new PickAccumulator(f.argument(), false, false, allocator), "first_value");
        add("any_value", "x", 1, 1, false, use -> use.plain(0),
                (f, allocator) -> new PickAccumulator(f.argument(), false, true, allocator), "arbitrary");
        add("last", "x", 1, 1, false, use -> use.plain(0),
                (f, allocator) -> new PickAccumulator(f.argument(), true, false, allocator), "last_value");
        add("min_by", "x, y", 2, 2, false, Use::orderedBySecond,
                (f, allocator) -> new ArgumentMinMaxAccumulator(f.argument(),
                        f.arguments().get(1), false, allocator),
                "arg_min", "argmin");
        add("max_by", "x, y", 2, 2, false, Use::orderedBySecond,
                (f, allocator) -> new ArgumentMinMaxAccumulator(f.argument(),
                        f.arguments().get(1), true, allocator),
                "arg_max", "argmax");
        add("weighted_avg", "x, weight", 2, 2, true, use -> {
            use.floating();
            return use.doublePrecision(1);
        }, (f, allocator) -> new WeightedAverageAccumulator(allocator));
        add("median", "x", 1, 1, true, use -> use.doublePrecision(0),
                (f, allocator) -> ListAccumulator.openQuantile(0.5, allocator));
        add("quantile_cont", "x, fraction", 2, 2, true, use -> {
            use.parameter(1, "fraction");
            if (!(use.parameter instanceof Number fraction)
                    || !(fraction.doubleValue() >= 0 && fraction.doubleValue() <= 1)) {
                throw GraticuleException.binding(use.position,
                        "The fraction of quantile_cont is between 0 and 1, not " + use.parameter + ".");
            }
            return use.doublePrecision(0);
        }, (f, allocator) -> ListAccumulator.openQuantile(((Number) f.parameter()).doubleValue(), allocator));
        add("string_agg", "text [, separator]", 1, 2, true, use -> {
            if (use.arguments.size() > 1) {
                use.parameter(1, "separator");
            } else {
                use.parameter = ",";
            }
            return use.cast(0, SqlType.VARCHAR);
        }, (f, allocator) -> ListAccumulator
                .openConcatenation(f.parameter().toString().getBytes(StandardCharsets.UTF_8), allocator),
                "group_concat", "listagg");
        add("corr", "y, x", 2, 2, true, Use::twoDoubles,
                (f, allocator) -> new CovarianceAccumulator(CovarianceAccumulator.Result.CORRELATION, f.times,
                        allocator));
        add("covar_samp", "y, x", 2, 2, true, Use::twoDoubles,
                (f, allocator) -> new CovarianceAccumulator(CovarianceAccumulator.Result.SAMPLE, f.times, allocator));
        add("covar_pop", "y, x", 2, 2, true, Use::twoDoubles,
                (f, allocator) -> new CovarianceAccumulator(CovarianceAccumulator.Result.POPULATION, f.times,
                        allocator));
        regression("regr_count", SqlType.BIGINT, CovarianceAccumulator.Result.REGR_COUNT);
        regression("regr_avgx", SqlType.DOUBLE, CovarianceAccumulator.Result.REGR_AVGX);
        regression("regr_avgy", SqlType.DOUBLE, CovarianceAccumulator.Result.REGR_AVGY);
        regression("regr_sxx", SqlType.DOUBLE, CovarianceAccumulator.Result.REGR_SXX);
        regression("regr_syy", SqlType.DOUBLE, CovarianceAccumulator.Result.REGR_SYY);
        regression("regr_sxy", SqlType.DOUBLE, CovarianceAccumulator.Result.REGR_SXY);
        regression("regr_slope", SqlType.DOUBLE, CovarianceAccumulator.Result.REGR_SLOPE);
        regression("regr_intercept", SqlType.DOUBLE, CovarianceAccumulator.Result.REGR_INTERCEPT);
        regression("regr_r2", SqlType.DOUBLE, CovarianceAccumulator.Result.REGR_R2);
        add("mad", "x", 1, 1, true, use -> use.doublePrecision(0),
                (f, allocator) -> ListAccumulator.openDeviation(allocator));
        add("mode", "x", 1, 1, true, use -> use.plain(0),
                (f, allocator) -> new ModeAccumulator(f.argument(), allocator));
        add("fsum", "x", 1, 1, true, use -> use.doublePrecision(0),
                (f, allocator) -> new FloatingSumAccumulator(false, allocator),
                "kahan_sum", "sumkahan");
        add("favg", "x", 1, 1, true, use -> use.doublePrecision(0),
                (f, allocator) -> new FloatingSumAccumulator(true, allocator));
        add("product", "x", 1, 1, true, use -> use.doublePrecision(0),
                (f, allocator) -> new FoldAccumulator(FoldAccumulator.Operation.PRODUCT, f.type(), allocator));
        add("bit_and", "x", 1, 1, false, Use::integer,
                (f, allocator) -> new FoldAccumulator(FoldAccumulator.Operation.BIT_AND, f.type(), allocator));
        add("bit_or", "x", 1, 1, false, Use::integer,
                (f, allocator) -> new FoldAccumulator(FoldAccumulator.Operation.BIT_OR, f.type(), allocator));
        add("bit_xor", "x", 1, 1, true, Use::integer,
                (f, allocator) -> new FoldAccumulator(FoldAccumulator.Operation.BIT_XOR, f.type(), allocator));
    }

    private Aggregates() {
    }

    private static void add(String name, String arguments, int least, int most, boolean repeats, Binding binding,
            Opening opening,
            String... synonyms) {
        Entry entry = new Entry(name, arguments, least, most, repeats, binding, opening);
        ENTRIES.put(name, entry);
        for (String synonym : synonyms) {
            ENTRIES.put(synonym, entry);
        }
    }

    private static void regression(String name, SqlType type, CovarianceAccumulator.Result result) {
        add(name, "y, x", 2, 2, true, use -> {
            use.twoDoubles();
            return type;
        }, (f, allocator) -> new CovarianceAccumulator(result, f.times, allocator));
    }

    private static Accumulator openSum(SqlType type, boolean average, BufferAllocator allocator) {
        return type.isFloating()
                ? new FloatingSumAccumulator(average, allocator)
                : new ExactSumAccumulator(type, average, allocator);
    }

    private static Accumulator openExtreme(SqlType type, boolean greatest, BufferAllocator allocator) {
        if (type.isFloating()) {
            return new FloatingMinMaxAccumulator(type, greatest, allocator);
        }
        boolean number = type == SqlType.BOOLEAN || type.bytes() > 0 && type.bytes() <= 8;
        return number ? new IntegerMinMaxAccumulator(type, greatest, allocator)
                : new ValueMinMaxAccumulator(type, greatest, allocator);
    }

    /** The function {@code count(*)}. */
    public static AggregateFunction countRows() {
        return bind("count", List.of(), false, Expression.Literal.TRUE, null).function();
    }

    /**
     * SUM or AVG of the products of two expressions, for a call of that function over their product: for factors that are constant along
     * runs of the grid.
     *
     * @param value a REAL
     * @param factor a DOUBLE
     */
    public static AggregateCall ofProducts(AggregateCall call, Expression value, Expression factor) {
        long times = call.function() instanceof Function function ? function.times : 1;
        AggregateFunction function = new Function(call.function().name(), List.of(SqlType.REAL, SqlType.DOUBLE),
                SqlType.DOUBLE, "", times);
        return new AggregateCall(function, List.of(value, factor), false, call.filter(), call.position());
    }

    /** Whether {@link #repeated} can say what a call gives where every row comes several times. */
    public static boolean canBeRepeated(AggregateCall call) {
        Entry entry = ENTRIES.get(call.function().name());
        return call.distinct() || !entry.repeats || REPEATED_SAME.contains(entry.name)
                || REPEATED_TIMES.contains(entry.name) || REPEATED_WEIGHTED.contains(entry.name);
    }

    /** A call over rows each of which comes {@code times} times, as one over each of them once. */
    public static AggregateCall repeated(AggregateCall call, long times) {
        if (times == 1) {
            return call;
        }
        if (!canBeRepeated(call)) {
            throw new IllegalArgumentException(call.function().name() + " of repeated rows");
        }
        return call.distinct() || !(call.function() instanceof Function function) ? call
                : new AggregateCall(
                        new Function(function.name, function.arguments, function.type, function.parameter, times),
                        call.arguments(), false, call.filter(), call.position());
    }

    /** Whether there is an aggregate function of that name, in any case. */
    public static boolean exists(String name) {
        return ENTRIES.containsKey(name.toLowerCase(Locale.ROOT));
    }

    /** Whether the result of the function of that name, in any case, depends on the order of its rows. */
    public static boolean dependsOnOrder(String name) {
        Entry entry = ENTRIES.get(name.toLowerCase(Locale.ROOT));
        return entry != null && BY_ORDER.contains(entry.name);
    }

    /** The names of all aggregate functions, in alphabetical order. */
    public static List<String> names() {
        return List.copyOf(ENTRIES.keySet());
    }

    /** How the arguments of a function are shown, for example {@code weighted_avg(x, weight)}. */
    public static Optional<String> signature(String name) {
        return Optional.ofNullable(ENTRIES.get(name.toLowerCase(Locale.ROOT)))
                .map(entry -> name + "(" + entry.arguments + ")");
    }

    /**
     * A use of the function of that name (in any case): casts its arguments to what it takes. With DISTINCT the function keeps the set of
     * arguments itself, so whoever runs it has nothing more to do.
     *
     * @param arguments none for {@code count(*)}
     * @param filter {@link Expression.Literal#TRUE} where there is none
     * @throws GraticuleException of kind BINDING where the function does not exist, or does not take such arguments
     */
    public static AggregateCall bind(String name, List<Expression> arguments, boolean distinct, Expression filter,
            Position position) {
        Entry entry = ENTRIES.get(name.toLowerCase(Locale.ROOT));
        if (entry == null) {
            throw GraticuleException.binding(position, "There is no aggregate function " + name + ".");
        }
        if (arguments.size() < entry.least || arguments.size() > entry.most) {
            throw GraticuleException.binding(position,
                    name + " was given " + arguments.size() + " arguments: write " + name + "(" + entry.arguments
                            + ").");
        }
        if (distinct && arguments.isEmpty()) {
            throw GraticuleException.binding(position, "DISTINCT needs an argument: write " + name + "(DISTINCT x).");
        }
        Use use = new Use(entry.name, arguments, position);
        SqlType type = entry.binding.bind(use);
        List<SqlType> types = use.arguments.stream().map(Expression::type).toList();
        AggregateFunction function = new Function(entry.name, types, type, use.parameter, 1);
        boolean once = distinct && entry.repeats;
        if (once) {
            for (int argument = 0; argument < types.size(); argument++) {
                use.plain(argument);
            }
        }
        return new AggregateCall(once ? new Distinct(function, types) : function, use.arguments, once, filter,
                position);
    }

    /** A function with the arguments that are being bound. */
    private static final class Use {
        private final String name;
        private final List<Expression> arguments;
        private final Position position;
        private Object parameter = "";

        Use(String name, List<Expression> arguments, Position position) {
            this.name = name;
            this.arguments = new ArrayList<>(arguments);
            this.position = position;
        }

        SqlType type(int argument) {
            return arguments.get(argument).type();
        }

        SqlType cast(int argument, SqlType type) {
            if (!type(argument).equals(type)) {
                Expression given = arguments.get(argument);
                arguments.set(argument, given instanceof Expression.Literal literal && literal.value() == null
                        ? new Expression.Literal(null, type)
                        : new Expression.Cast(given, type, false, position));
            }
            return type;
        }

        private GraticuleException wrongType(int argument, String wanted) {
            if (type(argument) instanceof SqlType.Other) {
                return GraticuleException.unsupported(position, name + " over values of type " + type(argument));
            }
            String hint = type(argument) == SqlType.BOOLEAN ? " To count where it is true, write count_if(...)." : "";
            return GraticuleException.binding(position,
                    name + " takes " + wanted + ", not " + type(argument) + "." + hint);
        }

        /** A number of any type; an untyped NULL becomes a DOUBLE. */
        SqlType number(int argument) {
            if (type(argument) == SqlType.NULL) {
                cast(argument, SqlType.DOUBLE);
            }
            if (!type(argument).isNumeric()) {
                throw wrongType(argument, "a number");
            }
            return type(argument);
        }

        /** A number; a condition counts as 1 or 0, as in NumPy. */
        SqlType numberOrCondition(int argument) {
            return type(argument) == SqlType.BOOLEAN ? cast(argument, SqlType.INTEGER) : number(argument);
        }

        SqlType doublePrecision(int argument) {
            number(argument);
            return cast(argument, SqlType.DOUBLE);
        }

        /** One number, which may stay REAL; the result is a DOUBLE. */
        SqlType floating() {
            number(0);
            if (type(0) != SqlType.REAL) {
                cast(0, SqlType.DOUBLE);
            }
            return SqlType.DOUBLE;
        }

        SqlType twoDoubles() {
            doublePrecision(0);
            return doublePrecision(1);
        }

        SqlType integer() {
            if (type(0) == SqlType.NULL) {
                cast(0, SqlType.BIGINT);
            }
            if (!type(0).isInteger()) {
                throw wrongType(0, "an integer");
            }
            return type(0);
        }

        SqlType condition(int argument) {
            if (type(argument) == SqlType.NULL) {
                cast(argument, SqlType.BOOLEAN);
            }
            if (type(argument) != SqlType.BOOLEAN) {
                throw wrongType(argument, "a condition");
            }
            return SqlType.BOOLEAN;
        }

        /** A value that can be kept and compared for equality; an untyped NULL becomes a VARCHAR. */
        SqlType plain(int argument) {
            if (type(argument) == SqlType.NULL) {
                cast(argument, SqlType.VARCHAR);
            }
            if (type(argument) instanceof SqlType.Other) {
                throw GraticuleException.unsupported(position, name + " over values of type " + type(argument));
            }
            return type(argument);
        }

        /** One value of a type that has an order. */
        SqlType ordered() {
            ordered(0);
            return type(0);
        }

        SqlType orderedBySecond() {
            ordered(1);
            return plain(0);
        }

        private void ordered(int argument) {
            if (plain(argument) == SqlType.INTERVAL) {
                throw GraticuleException.unsupported(position, name + " over intervals");
            }
        }

        /** Takes a constant argument away. */
        void parameter(int argument, String what) {
            Expression given = arguments.remove(argument);
            while (given instanceof Expression.Cast cast) {
                given = cast.operand();
            }
            if (!(given instanceof Expression.Literal literal) || literal.value() == null) {
                throw GraticuleException.unsupported(position, name + " with a " + what + " that is not a constant");
            }
            parameter = literal.value();
        }
    }
}
