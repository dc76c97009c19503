package dev.graticule.zarr.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The copy that all LZ77 formats share. */
final class Matches {
    private Matches() {
    }

    /** Repeats what lies {@code distance} bytes before {@code to}; a length beyond the distance repeats the copy itself. */
    static void copy(MemorySegment target, long to, long distance, long length) {
        if (distance == 1) {
            target.asSlice(to, length).fill(target.get(ValueLayout.JAVA_BYTE, to - 1));
        } else if (distance >= length) {
            MemorySegment.copy(target, to - distance, target, to, length);
        } else {
            long done = 0;
            while (done < length) {
                long part = Math.min(distance + done, length - done);
                MemorySegment.copy(target, to - distance, target, to + done, part);
                done += part;
            }
        }
    }
}
