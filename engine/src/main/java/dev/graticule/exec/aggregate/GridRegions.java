package dev.graticule.exec.aggregate;

import dev.graticule.batch.Box;
import dev.graticule.batch.IndexSet;
import dev.graticule.exec.scan.GridScanSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts of a grid that have no group in common: known before anything is read, from the axes alone. Immutable.
 *
 * <p>Where groups are wanted in the order of the axes, regions are those of the first component, one after the other. Where they are
 * not, axes of more components are cut, as long as a region has many groups or there are too few regions:
 * <pre>
 *   hour(time), latitude, longitude   chunks of one hour                  24 regions: the hours
 *                                     chunks of 24 hours in 4 x 4 tiles   16 regions: the tiles (in order: one region)
 * </pre>
 */
final class GridRegions {
    private static final long MANY_GROUPS = 1 << 21;
    /** What part of one worker's share the largest region may be. */
    private static final int UNEVEN = 2;

    private final GridScanSource scan;
    private final GridKeys keys;
    private final List<AxisRegions> parts = new ArrayList<>();

    /**
     * The regions of a scan's blocks; none where there is no component, or no row.
     *
     * @param ordered whether groups are wanted in the order of the axes
     */
    GridRegions(GridScanSource scan, GridKeys keys, boolean ordered, int threads) {
        this.scan = scan;
        this.keys = keys;
        if (scan.rows() == 0) {
            return;
        }
        for (GridKeys.Component component : keys.components()) {
            if (parts.isEmpty() || !ordered && (mostGroups() > MANY_GROUPS || !occupy(threads))) {
                AxisRegions part = new AxisRegions(scan, keys, component, threads);
                if (parts.isEmpty() || part.count() > 1) {
                    parts.add(part);
                }
            }
        }
    }

    int count() {
        return parts.isEmpty() ? 0
                : Math.toIntExact(parts.stream().mapToLong(AxisRegions::count).reduce(1, Math::multiplyExact));
    }

    /** Whether so many workers, each of which takes a region when it is done with one, end at about the same time. */
    boolean occupy(int threads) {
        double largest = 1;
        for (AxisRegions part : parts) {
            largest *= part.mostBlocks() / (double) scan.blocks(part.axis());
        }
        return largest * threads * UNEVEN <= 1;
    }

    /** How many groups the largest region has. */
    long mostGroups() {
        long groups = parts.isEmpty() ? 0 : keys.groups();
        for (AxisRegions part : parts) {
            groups = groups / part.allCodes() * part.mostCodes();
        }
        return groups;
    }

    /** The number of a region among those of one part. */
    private int within(int region, int part) {
        int rest = region;
        for (int inner = parts.size() - 1; inner > part; inner--) {
            rest /= parts.get(inner).count();
        }
        return rest % parts.get(part).count();
    }

    /** The blocks of a region along each of the grid's axes, {@code null} where it has all. */
    int[][] blocks(int region) {
        int[][] blocks = new int[scan.axisCount()][];
        for (int part = 0; part < parts.size(); part++) {
            blocks[parts.get(part).axis()] = parts.get(part).blocks(within(region, part));
        }
        return blocks;
    }

    /** The codes of a region's groups: one axis a component. */
    Box codes(int region) {
        List<IndexSet> sets = new ArrayList<>(keys.allCodes().axes());
        for (int c = 0; c < sets.size(); c++) {
            for (int part = 0; part < parts.size(); part++) {
                if (parts.get(part).axis() == keys.components().get(c).axis()) {
                    sets.set(c, parts.get(part).codes(within(region, part)));
                }
            }
        }
        return new Box(sets);
    }
}
