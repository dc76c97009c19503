package dev.graticule.exec.aggregate;

import dev.graticule.batch.IndexSet;
import dev.graticule.exec.scan.GridScanSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The blocks of a component's axis that can touch the same groups, region by region, in the order in which their groups are along the
 * axis. Immutable.
 */
final class AxisRegions {
    private static final int REGIONS_PER_WORKER = 4;
    private static final int SMALL_REGION_GROUPS = 1 << 14;

    private final GridScanSource scan;
    private final GridKeys keys;
    private final GridKeys.Component component;
    private final List<int[]> regions;
    private int mostCodes;

    /** The regions of a scan's blocks, along the axis of one of the keys' components; the scan has rows. */
    AxisRegions(GridScanSource scan, GridKeys keys, GridKeys.Component component, int threads) {
        this.scan = scan;
        this.keys = keys;
        this.component = component;
        this.regions = connect(threads);
    }

    int count() {
        return regions.size();
    }

    /** The blocks of a region. */
    int[] blocks(int region) {
        return regions.get(region);
    }

    /** The axis that is cut. */
    int axis() {
        return component.axis();
    }

    /** How many blocks the largest region has. */
    int mostBlocks() {
        return regions.stream().mapToInt(blocks -> blocks.length).max().orElse(0);
    }

    /** How many codes the region with the most has. */
    int mostCodes() {
        return mostCodes;
    }

    /** How many codes all regions have. */
    int allCodes() {
        return component.codes();
    }

    /** Blocks that share a code are in one region; small regions that follow each other are joined. */
    private List<int[]> connect(int threads) {
        int blocks = scan.blocks(component.axis());
        int[] parent = new int[blocks];
        int[] blockOfCode = new int[component.codes()];
        int[] leastCode = new int[blocks];
        int[] greatestCode = new int[blocks];
        Arrays.fill(blockOfCode, -1);
        for (int block = 0; block < blocks; block++) {
            parent[block] = block;
            leastCode[block] = Integer.MAX_VALUE;
            IndexSet indices = scan.block(component.axis(), block);
            for (int i = 0; i < indices.size(); i++) {
                int code = component.code(indices.at(i));
                leastCode[block] = Integer.min(leastCode[block], code);
                greatestCode[block] = Integer.max(greatestCode[block], code);
                if (blockOfCode[code] < 0) {
                    blockOfCode[code] = block;
                } else {
                    parent[root(parent, block)] = root(parent, blockOfCode[code]);
                }
            }
        }
        int[] size = new int[blocks];
        for (int block = 0; block < blocks; block++) {
            size[root(parent, block)]++;
        }
        List<int[]> connected = new ArrayList<>();
        int[] regionOfRoot = new int[blocks];
        int[] filled = new int[blocks];
        Arrays.fill(regionOfRoot, -1);
        for (int block = 0; block < blocks; block++) {
            int root = root(parent, block);
            if (regionOfRoot[root] < 0) {
                regionOfRoot[root] = connected.size();
                connected.add(new int[size[root]]);
            }
            connected.get(regionOfRoot[root])[filled[root]++] = block;
        }
        List<int[]> joined = join(inOrder(connected, leastCode, greatestCode), threads);
        mostCodes = mostCodes(joined, blockOfCode, blocks);
        return joined;
    }

    /** How many codes the region with the most has, where every code has a block. */
    private static int mostCodes(List<int[]> regions, int[] blockOfCode, int blocks) {
        int[] regionOfBlock = new int[blocks];
        for (int region = 0; region < regions.size(); region++) {
            for (int block : regions.get(region)) {
                regionOfBlock[block] = region;
            }
        }
        int[] codes = new int[regions.size()];
        int most = 0;
        for (int block : blockOfCode) {
            most = Integer.max(most, ++codes[regionOfBlock[block]]);
        }
        return most;
    }

    /**
     * Regions one after the other have their groups in the order of the axis: where the codes of some lie between those of another,
     * as with coordinates that occur twice, they are one. Codes are numbered as they first occur along the axis.
     */
    private static List<int[]> inOrder(List<int[]> connected, int[] leastCode, int[] greatestCode) {
        List<List<int[]>> ordered = new ArrayList<>();
        int greatest = -1;
        for (int[] blocks : connected) {
            int least = Integer.MAX_VALUE;
            int most = -1;
            for (int block : blocks) {
                least = Integer.min(least, leastCode[block]);
                most = Integer.max(most, greatestCode[block]);
            }
            if (least >= greatest) {
                ordered.add(new ArrayList<>());
            }
            ordered.getLast().add(blocks);
            greatest = Math.max(greatest, most);
        }
        return ordered.stream().map(AxisRegions::ascending).toList();
    }

    private static int[] ascending(List<int[]> parts) {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        int[] all = concatenated(parts);
        Arrays.sort(all);
        return all;
    }

    private static int root(int[] parent, int block) {
        while (parent[block] != block) {
            parent[block] = parent[parent[block]];
            block = parent[block];
        }
        return block;
    }

    private List<int[]> join(List<int[]> connected, int threads) {
        long groupsEach = Long.max(1, keys.groups() / connected.size());
        int most = (int) Long.max(1,
                Long.min(SMALL_REGION_GROUPS / groupsEach, connected.size() / (REGIONS_PER_WORKER * threads)));
        List<int[]> joined = new ArrayList<>();
        for (int from = 0; from < connected.size(); from += most) {
            joined.add(most == 1 ? connected.get(from)
                    : concatenated(connected.subList(from, Integer.min(connected.size(), from + most))));
        }
        return joined;
    }

    private static int[] concatenated(List<int[]> parts) {
        int size = 0;
        for (int[] part : parts) {
            size += part.length;
        }
        int[] all = new int[size];
        int filled = 0;
        for (int[] part : parts) {
            System.arraycopy(part, 0, all, filled, part.length);
            filled += part.length;
        }
        return all;
    }

    /** The codes of a region, ascending. */
    IndexSet codes(int region) {
        int[] codes = Arrays.stream(blocks(region)).flatMap(block -> {
            IndexSet indices = scan.block(component.axis(), block);
            return IntStream.range(0, indices.size()).map(i -> component.code(indices.at(i)));
        }).sorted().distinct().toArray();
        boolean range = codes[codes.length - 1] - codes[0] == codes.length - 1;
        return range ? new IndexSet.Range(codes[0], codes.length) : new IndexSet.Listed(codes, 0, codes.length);
    }
}
