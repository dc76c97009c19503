package dev.graticule.zarr.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The decoder of raw Snappy (format_description.txt of google/snappy): the decoded length as a varint, then tagged elements. */
final class Snappy {
    private Snappy() {
    }

    /** Decodes a stream into {@code target}; returns how many bytes it became. */
    static long decode(MemorySegment source, MemorySegment target) throws CorruptDataException {
        long end = source.byteSize();
        long at = 0;
        long length = 0;
        for (int shift = 0;; shift += 7) {
            require(at < end && shift < 35, "the length is damaged");
            int part = source.get(ValueLayout.JAVA_BYTE, at++);
            length |= (part & 127L) << shift;
            if (part >= 0) {
                break;
            }
        }
        require(length <= target.byteSize(), "the length says " + length + " bytes, expected " + target.byteSize());
        long to = 0;
        while (at < end) {
            int tag = source.get(ValueLayout.JAVA_BYTE, at++) & 255;
            int kind = tag & 3;
            if (kind == 0) {
                long literals = tag >>> 2;
                if (literals >= 60) {
                    int bytes = (int) literals - 59;
                    literals = number(source, at, bytes);
                    at += bytes;
                }
                literals++;
                require(at + literals <= end, "the stream of " + end + " bytes ends in literals");
                require(to + literals <= length, "decodes to more than the " + length + " bytes that it says");
                MemorySegment.copy(source, at, target, to, literals);
                at += literals;
                to += literals;
            } else {
                int bytes = kind == 3 ? 4 : kind;
                long count = kind == 1 ? (tag >>> 2 & 7) + 4 : (tag >>> 2) + 1;
                long distance = number(source, at, bytes) + (kind == 1 ? (tag >>> 5) << 8 : 0);
                at += bytes;
                require(distance > 0 && distance <= to, "a copy goes back " + distance + " of " + to + " bytes");
                require(to + count <= length, "decodes to more than the " + length + " bytes that it says");
                Matches.copy(target, to, distance, count);
                to += count;
            }
        }
        require(to == length, "decoded to " + to + " bytes, the length says " + length);
        return to;
    }

    private static long number(MemorySegment source, long at, int bytes) throws CorruptDataException {
        require(at + bytes <= source.byteSize(), "the stream of " + source.byteSize() + " bytes ends in a tag");
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (source.get(ValueLayout.JAVA_BYTE, at + i) & 255L) << 8 * i;
        }
        return value;
    }

    private static void require(boolean condition, String message) throws CorruptDataException {
        if (!condition) {
            throw new CorruptDataException("snappy: " + message);
        }
    }
}
