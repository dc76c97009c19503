package dev.graticule.function;

import dev.graticule.GraticuleException;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.Call;
import dev.graticule.expression.RowBody;
import dev.graticule.expression.RowFunction;
import dev.graticule.sql.Position;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** A function as the registry knows it: its names, what it takes, and how a call of it is made. */
final class ScalarDefinition {
    private final List<String> names;
    private final String purpose;
    private final List<Overload> overloads = new ArrayList<>();
    private final List<String> signatures = new ArrayList<>();
    private Binder binder;

    private ScalarDefinition(String purpose, List<String> names) {
        this.purpose = purpose;
        this.names = names;
    }

    /** Makes the call for arguments that it has checked itself. */
    @FunctionalInterface
    interface Binder {
        Expression bind(String name, List<Expression> arguments, Position position);
    }

    private record Overload(List<SqlType> parameters, SqlType result, RowBody body,
            UnaryOperator<RowFunction> options) {
    }

    static ScalarDefinition of(String purpose, String... names) {
        return new ScalarDefinition(purpose, List.of(names));
    }

    /** Adds an overload that never fails. */
    ScalarDefinition takes(List<SqlType> parameters, SqlType result, RowBody body) {
        return takes(parameters, result, body, UnaryOperator.identity());
    }

    /** Adds an overload that may raise errors. */
    ScalarDefinition takesFailing(List<SqlType> parameters, SqlType result, RowBody body) {
        return takes(parameters, result, body, RowFunction::failing);
    }

    /** Adds an overload with options. */
    ScalarDefinition takes(List<SqlType> parameters, SqlType result, RowBody body, UnaryOperator<RowFunction> options) {
        overloads.add(new Overload(parameters, result, body, options));
        signatures.add("(" + join(parameters) + ") -> " + result);
        return this;
    }

    /** Lets a binder make calls; {@code signature} is what follows the name in descriptions, and {@code least} to {@code most} arguments are taken. */
    ScalarDefinition binds(String signature, int least, int most, Binder making) {
        signatures.add(signature);
        binder = (name, arguments, position) -> {
            if (arguments.size() < least || arguments.size() > most) {
                throw unfit(name, arguments, position);
            }
            return making.bind(name, arguments, position);
        };
        return this;
    }

    List<String> names() {
        return names;
    }

    FunctionDescription describe(String name) {
        return new FunctionDescription(name, signatures.stream().map(signature -> name + signature).toList(), purpose);
    }

    Expression bind(String name, List<Expression> arguments, Position position) {
        if (binder != null) {
            return binder.bind(name, arguments, position);
        }
        Overload best = null;
        int least = Integer.MAX_VALUE;
        for (Overload overload : overloads) {
            int cost = cost(overload, arguments);
            if (cost >= 0 && cost < least) {
                least = cost;
                best = overload;
            }
        }
        if (best == null) {
            throw unfit(name, arguments, position);
        }
        List<Expression> converted = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            converted.add(Coercion.convert(arguments.get(i), best.parameters.get(i), position));
        }
        RowFunction function = best.options
                .apply(RowFunction.of(names.getFirst(), best.parameters, best.result, best.body));
        return new Call(function, converted, best.result, position);
    }

    private static int cost(Overload overload, List<Expression> arguments) {
        if (overload.parameters.size() != arguments.size()) {
            return -1;
        }
        int total = 0;
        for (int i = 0; i < arguments.size(); i++) {
            int cost = Coercion.cost(arguments.get(i), overload.parameters.get(i));
            if (cost < 0) {
                return -1;
            }
            total += cost;
        }
        return total;
    }

    GraticuleException unfit(String name, List<Expression> arguments, Position position) {
        List<SqlType> types = arguments.stream().map(Expression::type).toList();
        StringBuilder text = new StringBuilder("No function ").append(name).append("(").append(join(types))
                .append("). There is");
        for (int i = 0; i < signatures.size() && i < 6; i++) {
            text.append(i == 0 ? " " : ", ").append(name).append(signatures.get(i));
        }
        return GraticuleException.binding(position, text.append(".").toString());
    }

    private static String join(List<SqlType> types) {
        return String.join(", ", types.stream().map(type -> type.toString().toUpperCase(Locale.ROOT)).toList());
    }
}
