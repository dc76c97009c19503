package dev.graticule.exec.scan;

import dev.graticule.batch.IndexSet;
import java.util.Arrays;

/**
 * The selected part of one axis, cut into blocks: what planning knows of an axis, in memory that grows with the axis alone.
 *
 * <p>Blocks without a selected index do not exist here: they are never read.
 */
final class GridAxis {
    private final IndexSet selected;
    private final int[] starts;

    private GridAxis(IndexSet selected, int[] starts) {
        this.selected = selected;
        this.starts = starts;
    }

    /** Cuts the selected indices of an axis at the multiples of {@code blockLength}. */
    static GridAxis of(IndexSet selected, int blockLength) {
        int[] starts = new int[16];
        int count = 0;
        int position = 0;
        while (position < selected.size()) {
            if (count + 1 >= starts.length) {
                starts = Arrays.copyOf(starts, starts.length * 2);
            }
            starts[count++] = position;
            long end = (selected.at(position) / blockLength + 1) * blockLength;
            position = switch (selected) {
                case IndexSet.Range range -> (int) Long.min(range.size(), end - range.start());
                case IndexSet.Listed listed -> firstNotBelow(listed, position, end);
            };
        }
        starts[count++] = selected.size();
        return new GridAxis(selected, Arrays.copyOf(starts, count));
    }

    private static int firstNotBelow(IndexSet.Listed listed, int position, long index) {
        int next = position + 1;
        while (next < listed.size() && listed.at(next) < index) {
            next++;
        }
        return next;
    }

    /** The same with {@code count} blocks that follow each other as one; the last one may have fewer. */
    GridAxis joined(int count) {
        int[] joined = new int[(blocks() + count - 1) / count + 1];
        for (int block = 0; block < joined.length - 1; block++) {
            joined[block] = starts[block * count];
        }
        joined[joined.length - 1] = selected.size();
        return new GridAxis(selected, joined);
    }

    /** How many indices the block with the most has. */
    int longest() {
        int longest = 0;
        for (int block = 0; block < blocks(); block++) {
            longest = Integer.max(longest, starts[block + 1] - starts[block]);
        }
        return longest;
    }

    IndexSet selected() {
        return selected;
    }

    /** How many blocks have a selected index. */
    int blocks() {
        return starts.length - 1;
    }

    /** The selected indices in block {@code block} of those that have any. */
    IndexSet block(int block) {
        return selected.slice(starts[block], starts[block + 1] - starts[block]);
    }

    /** Positions {@code [position(block), position(block + 1))} of the selected indices lie in a block. */
    int position(int block) {
        return starts[block];
    }
}
