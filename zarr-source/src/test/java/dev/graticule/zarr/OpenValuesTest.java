package dev.graticule.zarr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpenValuesTest {
    private final List<String> opened = new ArrayList<>();
    private final Set<String> open = new HashSet<>();

    private final Store store = new Store() {
        @Override
        public String describe(String key) {
            return key;
        }

        @Override
        public Optional<byte[]> read(String key) {
            return Optional.empty();
        }

        @Override
        public Optional<Reading> open(String key) {
            if (key.startsWith("absent")) {
                return Optional.empty();
            }
            opened.add(key);
            open.add(key);
            return Optional.of(new Reading() {
                @Override
                public long size() {
                    return 0;
                }

                @Override
                public void read(long position, MemorySegment target) {
                }

                @Override
                public void close() {
                    assertTrue(OpenValuesTest.this.open.remove(key), "closed twice: " + key);
                }
            });
        }

        @Override
        public List<String> folders(String key) {
            return List.of();
        }
    };

    @Test
    void a_value_that_is_asked_for_again_is_opened_once() throws IOException {
        try (OpenValues values = new OpenValues(store)) {
            Store.Reading first = values.open("a").orElseThrow();
            values.open("b");
            assertSame(first, values.open("a").orElseThrow());
        }
        assertEquals(List.of("a", "b"), opened);
        assertEquals(Set.of(), open);
    }

    @Test
    void of_many_only_those_used_last_stay_open() throws IOException {
        try (OpenValues values = new OpenValues(store)) {
            for (int i = 0; i < 100; i++) {
                values.open("often");
                values.open("once" + i);
                assertTrue(open.contains("often") && open.contains("once" + i) && open.size() <= 8, open.toString());
            }
        }
        assertEquals(1, opened.stream().filter("often"::equals).count());
        assertEquals(Set.of(), open);
    }

    @Test
    void a_value_that_is_not_there_and_one_that_was_closed_are_asked_for_again() throws IOException {
        try (OpenValues values = new OpenValues(store)) {
            assertTrue(values.open("absent").isEmpty());
            values.open("a");
            values.close("a");
            values.close("absent");
            assertEquals(Set.of(), open);
            values.open("a");
        }
        assertEquals(List.of("a", "a"), opened);
    }
}
