package dev.graticule.benchmarks.grid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GenerateGridTest {
    private static final GridShape SHAPE = new GridShape(26, 11, 20);

    @Test
    void chunks_at_the_edge_are_padded_and_everything_else_has_a_value(@TempDir Path folder) throws Exception {
        new GenerateGrid(folder, SHAPE, List.of(Layout.MIXED)).write();
        Path store = Layout.MIXED.store(folder);
        for (int time = 0; time < SHAPE.times(); time++) {
            FloatBuffer t2m = floats(store.resolve("t2m/c/" + time + "/0/0"));
            assertEquals(11 * 20, t2m.remaining());
            while (t2m.hasRemaining()) {
                float kelvin = t2m.get();
                assertTrue(kelvin > 230 && kelvin < 315, "t2m: " + kelvin);
            }
        }
        int values = 0;
        for (int time = 0; time < 2; time++) {
            for (int row = 0; row < 4; row++) {
                for (int column = 0; column < 4; column++) {
                    FloatBuffer rh = floats(store.resolve("rh/c/" + time + "/" + row + "/" + column));
                    assertEquals(24 * 3 * 5, rh.remaining());
                    while (rh.hasRemaining()) {
                        float percent = rh.get();
                        if (!Float.isNaN(percent)) {
                            assertTrue(percent >= 0 && percent <= 100, "rh: " + percent);
                            values++;
                        }
                    }
                }
            }
        }
        assertEquals(SHAPE.cells(), values);
        assertEquals(11 * 20, Files.size(store.resolve("mask/c/0/0")));
    }

    @Test
    void the_same_bytes_come_out_each_time(@TempDir Path first, @TempDir Path second) throws Exception {
        new GenerateGrid(first, SHAPE, List.of(Layout.values())).write();
        new GenerateGrid(second, SHAPE, List.of(Layout.values())).write();
        List<Path> files = files(first);
        assertEquals(files, files(second));
        for (Path file : files) {
            assertEquals(-1, Files.mismatch(first.resolve(file), second.resolve(file)), file.toString());
        }
    }

    private static FloatBuffer floats(Path file) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile).map(folder::relativize).sorted().toList();
        }
    }
}
