package dev.graticule.zarr.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The decoder of blosclz, an LZ77 format in whole bytes.
 *
 * <p>A control byte below 32 is followed by that many literals and one more. A greater one is a match: its upper three bits
 * less one are the length (6: further bytes are added until one is not 255), its lower five the high part of the distance,
 * whose low part follows; a distance of 31 and 255 is followed by 16 bits (big-endian) beyond 8191. Lengths count from 3,
 * distances from 1. The first control byte counts literals only.
 */
final class BloscLz {
    private static final int FAR = 8191;

    private BloscLz() {
    }

    /** Decodes a stream into {@code target}; returns how many bytes it became. */
    static long decode(MemorySegment source, MemorySegment target) throws CorruptDataException {
        long end = source.byteSize();
        long at = 0;
        long to = 0;
        while (at < end) {
            int control = source.get(ValueLayout.JAVA_BYTE, at) & (at == 0 ? 31 : 255);
            at++;
            if (control < 32) {
                int literals = control + 1;
                require(at + literals <= end, "the stream of " + end + " bytes ends in literals");
                require(to + literals <= target.byteSize(),
                        "decodes to more than the " + target.byteSize() + " bytes expected");
                MemorySegment.copy(source, at, target, to, literals);
                at += literals;
                to += literals;
            } else {
                long length = (control >>> 5) - 1;
                if (length == 6) {
                    int more;
                    do {
                        require(at < end, "the stream of " + end + " bytes ends in a match");
                        more = source.get(ValueLayout.JAVA_BYTE, at++) & 255;
                        length += more;
                    } while (more == 255);
                }
                require(at < end, "the stream of " + end + " bytes ends in a match");
                int low = source.get(ValueLayout.JAVA_BYTE, at++) & 255;
                int high = control & 31;
                long distance = (high << 8) + low + 1L;
                if (high == 31 && low == 255) {
                    require(at + 2 <= end, "the stream of " + end + " bytes ends in a distance");
                    distance = FAR + 1L + ((source.get(ValueLayout.JAVA_BYTE, at) & 255) << 8)
                            + (source.get(ValueLayout.JAVA_BYTE, at + 1) & 255);
                    at += 2;
                }
                length += 3;
                require(distance <= to, "a match goes back " + distance + " of " + to + " bytes");
                require(to + length <= target.byteSize(),
                        "decodes to more than the " + target.byteSize() + " bytes expected");
                Matches.copy(target, to, distance, length);
                to += length;
            }
        }
        return to;
    }

    private static void require(boolean condition, String message) throws CorruptDataException {
        if (!condition) {
            throw new CorruptDataException("blosclz: " + message);
        }
    }
}
