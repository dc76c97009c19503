package dev.graticule.exec.scan;

import dev.graticule.batch.Layout;
import dev.graticule.batch.Memory;
import dev.graticule.batch.Values;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Copies the cells of a box from one place to another, each with its own layout; run by run where both are dense along the last axis. */
final class StridedCopy {
    private StridedCopy() {
    }

    /** Copies fixed-width values or bits; both layouts are over {@code shape}, and {@code target}'s has strides only. */
    static void copy(Values from, Layout source, Values to, Layout target, int[] shape) {
        axis(from, source, source.offset(), to, target, target.offset(), shape, 0);
    }

    private static void axis(Values from, Layout source, int sourcePlace, Values to, Layout target, int targetPlace,
            int[] shape, int axis) {
        if (axis == shape.length) {
            run(from, sourcePlace, 0, to, targetPlace, 0, 1);
        } else if (axis == shape.length - 1 && source.table(axis) == null) {
            run(from, sourcePlace, source.stride(axis), to, targetPlace, target.stride(axis), shape[axis]);
        } else {
            for (int i = 0; i < shape[axis]; i++) {
                axis(from, source, sourcePlace + source.step(axis, i), to, target, targetPlace + target.step(axis, i),
                        shape, axis + 1);
            }
        }
    }

    private static void run(Values from, int source, int sourceStride, Values to, int target, int targetStride,
            int count) {
        int width = from.type().bytes();
        MemorySegment in = from.data();
        MemorySegment out = to.data();
        if (sourceStride == 1 && targetStride == 1 && width > 0) {
            MemorySegment.copy(in, (long) source * width, out, (long) target * width, (long) count * width);
            return;
        }
        for (int i = 0; i < count; i++) {
            long a = source + (long) i * sourceStride;
            long b = target + (long) i * targetStride;
            switch (width) {
                case 0 -> Memory.setBit(out, b, Memory.bit(in, a));
                case 1 -> out.set(ValueLayout.JAVA_BYTE, b, in.get(ValueLayout.JAVA_BYTE, a));
                case 2 ->
                    out.set(ValueLayout.JAVA_SHORT_UNALIGNED, b * 2, in.get(ValueLayout.JAVA_SHORT_UNALIGNED, a * 2));
                case 4 -> out.set(ValueLayout.JAVA_INT_UNALIGNED, b * 4, in.get(ValueLayout.JAVA_INT_UNALIGNED, a * 4));
                case 8 ->
                    out.set(ValueLayout.JAVA_LONG_UNALIGNED, b * 8, in.get(ValueLayout.JAVA_LONG_UNALIGNED, a * 8));
                default -> MemorySegment.copy(in, a * width, out, b * width, width);
            }
        }
    }
}
