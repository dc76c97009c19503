package dev.graticule.zarr.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.graticule.type.SqlType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts of tiles on disk, in pieces as they are where a tile is larger than a byte buffer can be. */
class SpillFileTest {
    private static final int CELLS = 500;

    @TempDir
    Path folder;

    private static Tile tile(List<CopyVariable> variables, BufferAllocator allocator) {
        Tile tile = new Tile(new int[]{0}, CELLS, CELLS, variables);
        tile.open(allocator::buffer);
        return tile;
    }

    private static void fill(Tile tile, int from, int step, int count) {
        tile.mark(from, step, count);
        for (int i = 0; i < count; i++) {
            int cell = from + i * step;
            tile.values(0).set(CellEncoding.LONG, cell * 16L, cell);
            tile.values(0).set(CellEncoding.LONG, cell * 16L + 8, 1000 + cell);
            byte[] text = ("text " + cell).getBytes(StandardCharsets.UTF_8);
            tile.values(1).set(CellEncoding.LONG, cell * 8L,
                    tile.texts(1).add(MemorySegment.ofArray(text), 0, text.length));
        }
    }

    private static String text(Tile tile, int cell) {
        long place = tile.values(1).get(CellEncoding.LONG, cell * 8L);
        return new String(tile.texts(1).bytes().asSlice((int) place, place >>> 32)
                .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 24, 1 << 20})
    void parts_come_back_as_they_were_whatever_the_pieces(long pieceBytes) throws IOException {
        List<CopyVariable> variables = List.of(CopyVariable.of(SqlType.INTERVAL.field("i", Map.of()), 0),
                CopyVariable.of(SqlType.VARCHAR.field("t", Map.of()), 1));
        Path path = folder.resolve("parts");
        try (BufferAllocator allocator = new RootAllocator(); SpillFile file = new SpillFile(path, pieceBytes);
                Tile dense = tile(variables, allocator); Tile sparse = tile(variables, allocator);
                Tile both = tile(variables, allocator)) {
            fill(dense, 101, 1, 99);
            fill(sparse, 202, 40, 7);
            SpillFile.Part first = file.write(dense);
            SpillFile.Part second = file.write(sparse);
            assertEquals(List.of(false, true), List.of(first.listed(), second.listed()));
            assertEquals(-1, file.read(second, both, allocator::buffer));
            assertEquals(-1, file.read(first, both, allocator::buffer));
            assertEquals(106, both.filled());
            for (int cell = 0; cell < CELLS; cell++) {
                boolean there = cell >= 101 && cell < 200 || cell >= 202 && cell < 480 && (cell - 202) % 40 == 0;
                assertEquals(there, both.isFilled(cell), "cell " + cell);
                if (there) {
                    assertEquals(cell, both.values(0).get(CellEncoding.LONG, cell * 16L));
                    assertEquals(1000 + cell, both.values(0).get(CellEncoding.LONG, cell * 16L + 8));
                    assertEquals("text " + cell, text(both, cell));
                }
            }
            assertEquals(101, file.read(first, both, allocator::buffer), "the first cell that is there twice");
        }
        assertFalse(Files.exists(path));
    }
}
