package dev.graticule.benchmarks;

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

    @Test
    void chunks_at_the_edge_are_padded_and_everything_else_has_a_value(@TempDir Path folder) throws Exception {
        new GenerateGrid(folder, 7, 11, 20, 3, 4, 8).write();
        for (int time = 0; time < 7; time++) {
            FloatBuffer t2m = floats(folder.resolve("t2m/c/" + time + "/0/0"));
            assertEquals(11 * 20, t2m.remaining());
            while (t2m.hasRemaining()) {
                float kelvin = t2m.get();
                assertTrue(kelvin > 230 && kelvin < 315, "t2m: " + kelvin);
            }
        }
        int values = 0;
        for (int time = 0; time < 3; time++) {
            for (int row = 0; row < 3; row++) {
                for (int column = 0; column < 3; column++) {
                    FloatBuffer rh = floats(folder.resolve("rh/c/" + time + "/" + row + "/" + column));
                    assertEquals(3 * 4 * 8, rh.remaining());
                    while (rh.hasRemaining()) {
                        float percent = rh.get();
                        if (!Float.isNaN(percent)) {
                            assertTrue(percent > 30 && percent < 100, "rh: " + percent);
                            values++;
                        }
                    }
                }
            }
        }
        assertEquals(7 * 11 * 20, values);
        assertEquals(11 * 20, Files.size(folder.resolve("mask/c/0/0")));
    }

    @Test
    void the_same_bytes_come_out_each_time(@TempDir Path first, @TempDir Path second) throws Exception {
        new GenerateGrid(first, 3, 5, 8, 2, 4, 4).write();
        new GenerateGrid(second, 3, 5, 8, 2, 4, 4).write();
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
