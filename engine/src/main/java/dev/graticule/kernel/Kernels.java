package dev.graticule.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Copies of loop classes, one for each operation, and the choice between vector loops and their scalar twins.
 *
 * <p>A loop class reads its operation from its class data into a {@code static final} field, so that the compiler sees a
 * constant in each copy. Copies are made once per process and kept. Thread-safe.
 */
public final class Kernels {
    /** How many values scalar loops take before the vector loops, whose first results are slow, begin. */
    private static final long WARM_UP = 1_000_000;

    private static final Map<Specialisation, Object> COPIES = new ConcurrentHashMap<>();

    /** Only roughly right when several threads count: it decides about speed, not about results. */
    private static long processed;

    private static int forced;

    private Kernels() {
    }

    private record Specialisation(Class<?> loop, Object operation) {
    }

    /** Whether a loop over that many values should be scalar; counts them. */
    public static boolean preferScalar(int cells) {
        if (forced != 0) {
            return forced < 0;
        }
        if (processed > WARM_UP) {
            return false;
        }
        processed += cells;
        return processed <= WARM_UP;
    }

    /** For tests: -1 makes all loops scalar, 1 makes them vector loops, 0 chooses by the work done so far. */
    public static void force(int choice) {
        forced = choice;
    }

    /** The instance of the copy of {@code loop} for an operation; {@code loop} has a constructor without arguments. */
    static <T> T specialise(Class<? extends T> loop, Object operation) {
        Specialisation wanted = new Specialisation(loop, operation);
        Object copy = COPIES.get(wanted);
        if (copy == null) {
            // Making a copy may ask for others; two threads may both make one, and one of them is dropped.
            Object made = instance(wanted);
            Object earlier = COPIES.putIfAbsent(wanted, made);
            copy = earlier == null ? made : earlier;
        }
        @SuppressWarnings("unchecked")
        T result = (T) copy;
        return result;
    }

    private static Object instance(Specialisation wanted) {
        String resource = wanted.loop.getName().substring(wanted.loop.getPackageName().length() + 1) + ".class";
        try (InputStream bytes = wanted.loop.getResourceAsStream(resource)) {
            MethodHandles.Lookup copy = MethodHandles.lookup().defineHiddenClassWithClassData(bytes.readAllBytes(),
                    wanted.operation, true);
            return copy.findConstructor(copy.lookupClass(), MethodType.methodType(void.class)).invoke();
        } catch (IOException unreadable) {
            throw new IllegalStateException("The class file of " + wanted.loop + " cannot be read", unreadable);
        } catch (Throwable problem) {
            throw new IllegalStateException("No copy of " + wanted.loop + " could be made", problem);
        }
    }
}
