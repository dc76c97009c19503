package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;

/** Conversions one by one; the two types are class data. */
final class ScalarConversion implements ConversionLoop {
    private static final Operation WANTED;

    static {
        try {
            WANTED = MethodHandles.classData(MethodHandles.lookup(), "_", Operation.class);
        } catch (IllegalAccessException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private static final SqlType.Scalar FROM = WANTED.from();
    private static final SqlType.Scalar TO = WANTED.to();

    @Override
    public boolean run(MemorySegment data, long at, MemorySegment out, long outAt, int count) {
        boolean failed = false;
        if (TO == SqlType.Scalar.DOUBLE) {
            for (int i = 0; i < count; i++) {
                out.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, outAt + i << 3, Element.floating(FROM, data, at + i));
            }
        } else if (TO == SqlType.Scalar.REAL) {
            for (int i = 0; i < count; i++) {
                boolean wide = !FROM.isFloating() && FROM != SqlType.Scalar.UBIGINT;
                double value = Element.floating(FROM, data, at + i);
                float narrow = wide ? (float) Element.integer(FROM, data, at + i) : (float) value;
                failed |= Float.isInfinite(narrow) && !Double.isInfinite(value);
                out.set(ValueLayout.JAVA_FLOAT_UNALIGNED, outAt + i << 2, narrow);
            }
        } else if (FROM.isFloating()) {
            for (int i = 0; i < count; i++) {
                double value = Math.rint(Element.floating(FROM, data, at + i));
                failed |= !Numbers.fits(TO, value);
                Element.setInteger(TO, out, outAt + i, Numbers.whole(TO, value));
            }
        } else {
            for (int i = 0; i < count; i++) {
                long value = Element.integer(FROM, data, at + i);
                failed |= !Numbers.fits(FROM, TO, value);
                Element.setInteger(TO, out, outAt + i, value);
            }
        }
        return failed;
    }
}
