package dev.graticule.batch;

/** Which indices of an axis a box holds, ascending. */
public sealed interface IndexSet {
    int size();

    /** The axis index at position {@code i} of the box. */
    long at(int i);

    /** The positions {@code [from, from + size)} of this set. */
    IndexSet slice(int from, int size);

    record Range(long start, int size) implements IndexSet {
        @Override
        public long at(int i) {
            return start + i;
        }

        @Override
        public Range slice(int from, int length) {
            return new Range(start + from, length);
        }
    }

    /** The indices {@code indices[from .. from + size)}. */
    record Listed(int[] indices, int from, int size) implements IndexSet {
        @Override
        public long at(int i) {
            return indices[from + i];
        }

        @Override
        public Listed slice(int start, int length) {
            return new Listed(indices, from + start, length);
        }
    }
}
