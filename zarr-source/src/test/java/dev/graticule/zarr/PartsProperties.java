package dev.graticule.zarr;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graticule.spi.GridVariable;
import dev.graticule.spi.GriddedTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Boxes of chunks have the values that whole chunks have at that place. */
class PartsProperties {
    @Provide
    Arbitrary<int[]> lengths() {
        return Arbitraries.integers().between(1, 9).array(int[].class).ofSize(3);
    }

    @Property(tries = 150)
    void boxesOfUncompressedChunksAreWhatWholeChunksHold(@ForAll("lengths") int[] shape,
            @ForAll("lengths") int[] chunks, @ForAll("lengths") int[] piece,
            @ForAll @IntRange(min = 0, max = 5) int order, @ForAll boolean big, @ForAll long seed) throws IOException {
        Path folder = Files.createTempDirectory("parts");
        try {
            List<int[]> orders = List.of(new int[]{0, 1, 2}, new int[]{0, 2, 1}, new int[]{1, 0, 2}, new int[]{1, 2, 0},
                    new int[]{2, 0, 1}, new int[]{2, 1, 0});
            StoreWriter writer = new StoreWriter(folder).group3("", "{}").array3("v", "int16", text(shape),
                    text(chunks), "'z', 'y', 'x'", "-7", "{}",
                    "{'name': 'transpose', 'configuration': {'order': [" + text(orders.get(order))
                            + "]}}, {'name': 'bytes', 'configuration': {'endian': '"
                            + (big ? "big" : "little") + "'}}");
            Random random = new Random(seed);
            byte[] chunk = new byte[chunks[0] * chunks[1] * chunks[2] * 2];
            for (int z = 0; z * chunks[0] < shape[0]; z++) {
                for (int y = 0; y * chunks[1] < shape[1]; y++) {
                    for (int x = 0; x * chunks[2] < shape[2]; x++) {
                        random.nextBytes(chunk);
                        if (random.nextInt(5) > 0) {
                            writer.bytes("v/c/" + z + "/" + y + "/" + x, chunk);
                        }
                    }
                }
            }
            GriddedTable table = (GriddedTable) ZarrTable.open(folder).tables().get(0);
            GridVariable variable = Columns.variable(table, "v");
            assertEquals(Columns.read(table, variable, null), Columns.read(table, variable, piece));
        } finally {
            ZarrJavaAgreementProperties.delete(folder);
        }
    }

    private static String text(int[] numbers) {
        return java.util.Arrays.stream(numbers).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    }
}
