package dev.graticule.function;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.expression.Expression;
import dev.graticule.spi.NearestName;
import dev.graticule.sql.Position;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The scalar functions of the dialect, by name.
 *
 * <p>To add one: a line in the class of its family ({@link MathFunctions}, {@link TextFunctions}, {@link TimeFunctions},
 * {@link ConditionalFunctions}), and a line in its test.
 */
public final class Functions {
    private static final Map<String, ScalarDefinition> ALL = new TreeMap<>();

    static {
        MathFunctions.define(Functions::add);
        TextFunctions.define(Functions::add);
        TimeFunctions.define(Functions::add);
        ConditionalFunctions.define(Functions::add);
    }

    private Functions() {
    }

    private static void add(ScalarDefinition definition) {
        for (String name : definition.names()) {
            if (ALL.put(name, definition) != null) {
                throw new IllegalStateException("The function " + name + " is defined twice");
            }
        }
    }

    /** Whether there is a scalar function of that name, in any case. */
    public static boolean exists(String name) {
        return ALL.containsKey(name.toLowerCase(Locale.ROOT));
    }

    /** All scalar functions by name. */
    public static List<FunctionDescription> all() {
        return ALL.entrySet().stream().map(entry -> entry.getValue().describe(entry.getKey())).toList();
    }

    /**
     * The call of a function, with the casts that its arguments need.
     *
     * @throws GraticuleException of kind BINDING where there is no such function, with the nearest name, or where it does not
     *             take such arguments, with its signatures
     */
    public static Expression bind(String name, List<Expression> arguments, Position position) {
        ScalarDefinition definition = ALL.get(name.toLowerCase(Locale.ROOT));
        if (definition == null) {
            String hint = NearestName.question(name, ALL.keySet());
            throw GraticuleException.binding(position, "There is no function " + name + "."
                    + (hint.isEmpty() ? " SHOW FUNCTIONS lists all." : hint));
        }
        try {
            return definition.bind(name.toLowerCase(Locale.ROOT), arguments, position);
        } catch (GraticuleException unfit) {
            if (unfit.kind() == ErrorKind.BINDING && Coercion.hasNested(arguments)) {
                throw GraticuleException.unsupported(position,
                        name + " of values of type " + Coercion.types(arguments));
            }
            throw unfit;
        }
    }

}
