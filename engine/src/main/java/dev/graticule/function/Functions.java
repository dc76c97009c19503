package dev.graticule.function;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.expression.Expression;
import dev.graticule.sql.Position;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
            String hint = nearest(name, ALL.keySet()).map(near -> " Did you mean " + near + "?")
                    .orElse(" SHOW FUNCTIONS lists all.");
            throw GraticuleException.binding(position, "There is no function " + name + "." + hint);
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

    /** The name that a misspelt one was probably meant to be. */
    public static Optional<String> nearest(String name, Collection<String> names) {
        String wanted = name.toLowerCase(Locale.ROOT);
        String best = null;
        int least = Math.max(1, wanted.length() / 3) + 1;
        for (String candidate : names) {
            int distance = distance(wanted, candidate.toLowerCase(Locale.ROOT));
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        int[] beforePrevious = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                current[j] = Math.min(Math.min(current[j - 1], previous[j]) + 1, previous[j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    current[j] = Math.min(current[j], beforePrevious[j - 2] + 1);
                }
            }
            beforePrevious = previous;
            previous = current;
        }
        return previous[b.length()];
    }
}
