package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;

/** Comparisons one by one; the relation and the type are class data. */
final class ScalarComparison implements CompareLoop {
    private static final Operation WANTED;

    static {
        try {
            WANTED = MethodHandles.classData(MethodHandles.lookup(), "_", Operation.class);
        } catch (IllegalAccessException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private static final SqlType.Scalar TYPE = WANTED.type();
    private static final Relation RELATION = WANTED.relation();
    private static final long FLIP = TYPE == SqlType.Scalar.UBIGINT ? Long.MIN_VALUE : 0;

    @Override
    public void run(MemorySegment left, long leftAt, int leftStep, MemorySegment right, long rightAt, int rightStep,
            long[] out, long bit,
            int count) {
        for (int base = 0; base < count; base += 64) {
            int some = Math.min(64, count - base);
            long word = 0;
            for (int i = 0; i < some; i++) {
                long leftIndex = leftAt + (long) (base + i) * leftStep;
                long rightIndex = rightAt + (long) (base + i) * rightStep;
                boolean holds = TYPE.isFloating()
                        ? holds(Element.floating(TYPE, left, leftIndex), Element.floating(TYPE, right, rightIndex))
                        : holds(Element.integer(TYPE, left, leftIndex) ^ FLIP,
                                Element.integer(TYPE, right, rightIndex) ^ FLIP);
                word |= (holds ? 1L : 0L) << i;
            }
            Masks.setWord(out, bit + base, some, word);
        }
    }

    private static boolean holds(double a, double b) {
        if (RELATION == Relation.EQUAL) {
            return a == b;
        }
        if (RELATION == Relation.NOT_EQUAL) {
            return a != b;
        }
        if (RELATION == Relation.LESS) {
            return a < b;
        }
        if (RELATION == Relation.LESS_OR_EQUAL) {
            return a <= b;
        }
        return RELATION == Relation.GREATER ? a > b : a >= b;
    }

    private static boolean holds(long a, long b) {
        if (RELATION == Relation.EQUAL) {
            return a == b;
        }
        if (RELATION == Relation.NOT_EQUAL) {
            return a != b;
        }
        if (RELATION == Relation.LESS) {
            return a < b;
        }
        if (RELATION == Relation.LESS_OR_EQUAL) {
            return a <= b;
        }
        return RELATION == Relation.GREATER ? a > b : a >= b;
    }
}
