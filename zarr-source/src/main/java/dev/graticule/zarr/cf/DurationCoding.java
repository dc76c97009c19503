package dev.graticule.zarr.cf;

import java.util.Optional;
import java.util.OptionalLong;

/** A unit of lengths of time: the way from numbers to nanoseconds. */
public final class DurationCoding {
    private final TimeUnit unit;

    private DurationCoding(TimeUnit unit) {
        this.unit = unit;
    }

    /** The coding of a unit such as {@code hours}; empty where it is none. */
    public static Optional<DurationCoding> of(String units) {
        return TimeUnit.named(units.strip()).map(DurationCoding::new);
    }

    /** The nanoseconds of a finite number. @throws UndecodableTimeException beyond 64 bits */
    public long decode(double count) throws UndecodableTimeException {
        try {
            if (unit == TimeUnit.NANOSECONDS && Math.abs(count) < 0x1p63) {
                return (long) Math.rint(count);
            }
            return Math.multiplyExact(unit.microseconds(count), 1000L);
        } catch (ArithmeticException overflow) {
            throw new UndecodableTimeException("its value " + count + " is beyond the range of INTERVAL", false);
        }
    }

    /** The whole number that {@link #decode} makes that length of, where there is one. */
    public OptionalLong encode(long nanoseconds) {
        return nanoseconds % unit.nanoseconds() == 0 ? OptionalLong.of(nanoseconds / unit.nanoseconds())
                : OptionalLong.empty();
    }

    /** The number, whole or not, that {@link #decode} makes that length of, as nearly as a DOUBLE can say. */
    public double encodeNumber(long nanoseconds) {
        return (double) nanoseconds / unit.nanoseconds();
    }
}
