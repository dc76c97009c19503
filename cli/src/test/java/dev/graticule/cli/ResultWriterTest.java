package dev.graticule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each format, on the same small result of two batches. */
final class ResultWriterTest {
    private static final List<Field> FIELDS = List.of(HandMadeResult.number("n"), HandMadeResult.text("a|b"),
            HandMadeResult.real("x"));
    private static final List<List<Object>> ROWS = List.of(Arrays.asList(1L, "plain", 0.5),
            Arrays.asList(null, "", Double.NaN),
            Arrays.asList(-3L, "a,\"b\"\nc|", null));

    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void close() {
        allocator.close();
    }

    private String written(OutputFormat format) throws IOException {
        return HandMadeResult.written(HandMadeResult.of(allocator, FIELDS, ROWS, 2), format, TableLimits.NONE);
    }

    private String empty(OutputFormat format) throws IOException {
        return HandMadeResult.written(HandMadeResult.of(allocator, FIELDS, List.of(), 2), format, TableLimits.NONE);
    }

    @Test
    void csv_tells_null_from_the_empty_string_and_quotes_what_needs_it() throws IOException {
        assertEquals("n,a|b,x\n1,plain,0.5\n,\"\",NaN\n-3,\"a,\"\"b\"\"\nc|\",\n", written(OutputFormat.CSV));
        assertEquals("n,a|b,x\n", empty(OutputFormat.CSV));
    }

    @Test
    void json_is_one_array_of_objects() throws IOException {
        assertEquals("""
                [{"n":1,"a|b":"plain","x":0.5},
                {"n":null,"a|b":"","x":"NaN"},
                {"n":-3,"a|b":"a,\\"b\\"\\nc|","x":null}]
                """, written(OutputFormat.JSON));
        assertEquals("[]\n", empty(OutputFormat.JSON));
    }

    @Test
    void jsonl_is_one_object_a_line() throws IOException {
        assertEquals("""
                {"n":1,"a|b":"plain","x":0.5}
                {"n":null,"a|b":"","x":"NaN"}
                {"n":-3,"a|b":"a,\\"b\\"\\nc|","x":null}
                """, written(OutputFormat.JSONL));
        assertEquals("", empty(OutputFormat.JSONL));
    }

    @Test
    void json_gives_columns_of_one_name_different_keys() throws IOException {
        List<Field> fields = List.of(HandMadeResult.number("a"), HandMadeResult.number("a_1"),
                HandMadeResult.number("a"));
        assertEquals("{\"a\":1,\"a_1\":2,\"a_2\":3}\n",
                HandMadeResult.written(HandMadeResult.of(allocator, fields, List.of(List.of(1L, 2L, 3L)), 5),
                        OutputFormat.JSONL, TableLimits.NONE));
    }

    @Test
    void markdown_escapes_its_bars() throws IOException {
        assertEquals("""
                | n | a\\|b | x |
                |--:|---|--:|
                | 1 | plain | 0.5 |
                |  |  | NaN |
                | -3 | a,"b"<br>c\\| |  |
                """, written(OutputFormat.MARKDOWN));
    }

    @Test
    void a_table_aligns_numbers_to_the_right_and_shows_null() throws IOException {
        assertEquals("""
                ┌────────┬───────────┬────────┐
                │   n    │    a|b    │   x    │
                │ bigint │  varchar  │ double │
                ├────────┼───────────┼────────┤
                │      1 │ plain     │    0.5 │
                │   NULL │           │    NaN │
                │     -3 │ a,"b"\\nc| │   NULL │
                └────────┴───────────┴────────┘
                """, written(OutputFormat.TABLE));
    }

    @Test
    void arrow_is_an_ipc_stream_that_reads_back() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ArrowReader result = HandMadeResult.of(allocator, FIELDS, ROWS, 2)) {
            assertEquals(3, OutputFormat.ARROWS.writer(out, TableLimits.NONE).write(result));
        }
        String back = HandMadeResult.written(
                new ArrowStreamReader(new ByteArrayInputStream(out.toByteArray()), allocator), OutputFormat.CSV,
                TableLimits.NONE);
        assertEquals(written(OutputFormat.CSV), back);
    }

    @Test
    void a_format_is_found_by_its_name_its_option_and_a_file_s_ending() {
        assertEquals(OutputFormat.JSONL, OutputFormat.named("JSONLines").orElseThrow());
        assertEquals(OutputFormat.TABLE, OutputFormat.named("table").orElseThrow());
        assertEquals(OutputFormat.MARKDOWN, OutputFormat.ofFile("x/y.md").orElseThrow());
        assertEquals(OutputFormat.ARROWS, OutputFormat.ofFile("x.arrows").orElseThrow());
        assertEquals(OutputFormat.ARROW, OutputFormat.ofFile("x.arrow").orElseThrow());
        assertEquals(true, OutputFormat.ofFile("result").isEmpty());
    }
}
