package dev.graticule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.Field;

/** What a table looks like whatever is in it. */
final class TableWriterProperties {
    private static String table(int columns, int rows, int cell, int batch, TableLimits limits) throws IOException {
        List<Field> fields = IntStream.range(0, columns)
                .mapToObj(i -> i % 3 == 1 ? HandMadeResult.number("n" + i) : HandMadeResult.text("t" + i)).toList();
        List<List<Object>> cells = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            List<Object> line = new ArrayList<>();
            for (int column = 0; column < columns; column++) {
                line.add(column % 3 == 1 ? (Object) (long) row : "é漢".repeat(cell) + row);
            }
            cells.add(line);
        }
        try (BufferAllocator allocator = new RootAllocator()) {
            return HandMadeResult.written(HandMadeResult.of(allocator, fields, cells, batch), OutputFormat.TABLE,
                    limits);
        }
    }

    private static List<String> box(String table) {
        return table.lines().filter(line -> "┌│├└".indexOf(line.charAt(0)) >= 0).toList();
    }

    @Property(tries = 200)
    void all_lines_have_one_width_that_fits_the_terminal(@ForAll @IntRange(min = 1, max = 12) int columns,
            @ForAll @IntRange(max = 60) int rows,
            @ForAll @IntRange(max = 40) int cell, @ForAll @IntRange(min = 24, max = 200) int width) throws IOException {
        List<String> lines = box(table(columns, rows, cell, 7, new TableLimits(width, 40)));
        assertEquals(1, lines.stream().mapToInt(TableWriter::width).distinct().count());
        assertTrue(TableWriter.width(lines.getFirst()) <= width, lines.getFirst());
    }

    @Property(tries = 200)
    void at_most_so_many_rows_are_shown_the_first_and_the_last(@ForAll @IntRange(max = 130) int rows,
            @ForAll @IntRange(min = 1, max = 50) int batch)
            throws IOException {
        List<String> numbers = box(table(2, rows, 0, batch, new TableLimits(80, 40))).stream()
                .filter(line -> line.startsWith("│")).skip(2)
                .map(line -> line.split("│")[2].strip()).toList();
        List<String> expected = new ArrayList<>();
        if (rows <= 40) {
            IntStream.range(0, rows).forEach(row -> expected.add(String.valueOf(row)));
        } else {
            IntStream.range(0, 20).forEach(row -> expected.add(String.valueOf(row)));
            expected.add("·");
            IntStream.range(rows - 20, rows).forEach(row -> expected.add(String.valueOf(row)));
        }
        assertEquals(expected, numbers);
    }

    @Example
    void without_limits_everything_comes_also_beyond_what_was_measured() throws IOException {
        assertEquals(25_000 + 4 + 1, table(2, 25_000, 0, 4_096, TableLimits.NONE).lines().count());
    }

    @Example
    void what_is_left_out_is_said() throws IOException {
        String table = table(30, 100, 5, 64, new TableLimits(80, 40));
        assertTrue(table.contains("40 of 100 rows and "), table);
        assertTrue(table.contains(" of 30 columns shown"), table);
    }

    @Example
    void the_room_that_columns_leave_is_used() throws IOException {
        for (int width : new int[]{60, 80, 100}) {
            String first = table(12, 3, 30, 64, new TableLimits(width, 40)).lines().findFirst().orElseThrow();
            assertTrue(TableWriter.width(first) > width - 6, first);
        }
        assertTrue(TableWriter.width(table(1, 3, 30, 64, new TableLimits(12, 40)).lines().findFirst().orElseThrow())
                <= 12);
    }

    @Example
    void the_names_and_types_of_a_description_stay_in_a_narrow_terminal() throws IOException {
        List<String> names = List.of("table_name", "column_name", "column_type", "null", "role", "axes", "chunks",
                "units",
                "long_name", "remarks");
        List<Object> row = List.of("time_latitude_longitude", "t2m", "REAL", "YES", "data", "time, latitude, longitude",
                "1 x 721 x 1440", "K", "2 metre temperature", "stored as SMALLINT * 0.01 + 273.15");
        try (BufferAllocator allocator = new RootAllocator()) {
            for (int width = 50; width < 140; width += 10) {
                String table = HandMadeResult.written(
                        HandMadeResult.of(allocator, names.stream().map(HandMadeResult::text).toList(), List.of(row),
                                1),
                        OutputFormat.TABLE, new TableLimits(width, 40));
                assertTrue(table.contains("column_type") && table.contains("REAL") && table.contains("t2m"), table);
                assertTrue(TableWriter.width(table.lines().findFirst().orElseThrow()) <= width, table);
            }
        }
    }

    @Example
    void control_characters_cannot_drive_the_terminal() throws IOException {
        try (BufferAllocator allocator = new RootAllocator()) {
            String table = HandMadeResult.written(
                    HandMadeResult.of(allocator, List.of(HandMadeResult.text("a\nb")),
                            List.of(List.of("x\u001b[2J\ty")), 1),
                    OutputFormat.TABLE,
                    TableLimits.NONE);
            assertTrue(table.contains("x\\u001b[2J\\ty"), table);
            assertTrue(table.contains("a\\nb"), table);
        }
    }
}
