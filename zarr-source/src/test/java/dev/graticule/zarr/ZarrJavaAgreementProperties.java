package dev.graticule.zarr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.zarr.zarrjava.ZarrException;
import dev.zarr.zarrjava.core.chunkkeyencoding.Separator;
import dev.zarr.zarrjava.v3.codec.CodecBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import ucar.ma2.Array;
import ucar.ma2.DataType;

/**
 * Arrays that zarr-java writes: zarr-java's own reader and this one find the values that were written.
 *
 * <p>With the libraries that can be had, zarr-java writes booleans and floating numbers only, reads neither booleans nor
 * unsigned integers, and does not read the checksum behind zstd that it writes.
 * Integers are written as the floating numbers with the same bits, and the metadata is changed afterwards.
 */
class ZarrJavaAgreementProperties {
    private static final List<String> TYPES = List.of("BOOL", "INT8", "UINT8", "INT32", "UINT32", "INT64", "UINT64",
            "FLOAT32", "FLOAT64");
    private static final List<String> CODECS_3 = List.of("none", "blosc lz4 shuffle", "blosc zstd bitshuffle",
            "blosc blosclz shuffle",
            "blosc zlib shuffle", "blosc zstd noshuffle", "blosc lz4hc shuffle", "zstd", "gzip", "crc32c",
            "zstd crc32c", "gzip zstd");
    private static final List<String> CODECS_2 = List.of("none", "blosc lz4 shuffle", "blosc zstd bitshuffle",
            "blosc blosclz noshuffle",
            "blosc lz4hc bitshuffle", "zlib");

    record Case(int[] shape, int[] chunks, String type, String codec3, String codec2, boolean transposed, boolean big,
            boolean dots, long seed) {
        @Override
        public String toString() {
            return java.util.Arrays.toString(shape) + " in " + java.util.Arrays.toString(chunks) + " " + type + " "
                    + codec3 + " | " + codec2
                    + (transposed ? " F" : " C") + (big ? " big" : " little") + (dots ? " dots" : " slashes") + " seed "
                    + seed;
        }
    }

    @Provide
    Arbitrary<Case> cases() {
        Arbitrary<int[]> lengths = Arbitraries.integers().between(1, 9).array(int[].class).ofMinSize(3).ofMaxSize(3);
        return Combinators
                .combine(Arbitraries.integers().between(1, 3), lengths, lengths, Arbitraries.of(TYPES),
                        Arbitraries.of(CODECS_3),
                        Arbitraries.of(CODECS_2), Arbitraries.integers().between(0, 7), Arbitraries.longs())
                .as((axes, shape, chunks, type, codec3, codec2, flags, seed) -> new Case(
                        java.util.Arrays.copyOf(shape, axes),
                        java.util.Arrays.copyOf(chunks, axes), type, codec3, codec2, (flags & 1) != 0, (flags & 2) != 0,
                        (flags & 4) != 0, seed));
    }

    @Property(tries = 150)
    void version3ArraysHaveTheValuesThatZarrJavaWroteAndReads(@ForAll("cases") Case given)
            throws IOException, ZarrException {
        Path folder = Files.createTempDirectory("zarr3");
        try {
            Array written = values(given);
            var array = dev.zarr.zarrjava.v3.Array.create(folder, builder -> {
                var shaped = builder.withShape(longs(given.shape()))
                        .withDataType(dev.zarr.zarrjava.v3.DataType.valueOf(carrier(given.type())))
                        .withChunkShape(given.chunks())
                        .withFillValue(carrier(given.type()).equals("BOOL") ? (Object) false : (Object) 0)
                        .withCodecs(codecs -> codecs(given, codecs));
                return given.dots() ? shaped.withV2ChunkKeyEncoding(Separator.DOT)
                        : shaped.withDefaultChunkKeyEncoding();
            }, false);
            array.write(written, false);
            change(folder.resolve("zarr.json"), given.type(), carrier(given.type()).toLowerCase(Locale.ROOT),
                    given.type().toLowerCase(Locale.ROOT));
            agree(folder, given, written, () -> dev.zarr.zarrjava.v3.Array.open(folder).read(false));
        } finally {
            delete(folder);
        }
    }

    @Property(tries = 100)
    void version2ArraysHaveTheValuesThatZarrJavaWroteAndReads(@ForAll("cases") Case given)
            throws IOException, ZarrException {
        Path folder = Files.createTempDirectory("zarr2");
        try {
            Array written = values(given);
            var builder = dev.zarr.zarrjava.v2.Array.metadataBuilder().withShape(longs(given.shape()))
                    .withDataType(dev.zarr.zarrjava.v2.DataType.valueOf(carrier(given.type())))
                    .withChunks(given.chunks())
                    .withFillValue(carrier(given.type()).equals("BOOL") ? (Object) false : (Object) 0)
                    .withDimensionSeparator(given.dots() ? Separator.DOT : Separator.SLASH);
            String[] words = given.codec2().split(" ");
            if (words[0].equals("blosc")) {
                builder = builder.withBloscCompressor(words[1], words[2], 5);
            } else if (words[0].equals("zlib")) {
                builder = builder.withZlibCompressor(5);
            }
            var array = dev.zarr.zarrjava.v2.Array.create(folder, builder.build());
            array.write(written, false);
            change(folder.resolve(".zarray"), given.type(), numPy(carrier(given.type())), numPy(given.type()));
            agree(folder, given, written, () -> dev.zarr.zarrjava.v2.Array.open(folder).read(false));
        } finally {
            delete(folder);
        }
    }

    private static CodecBuilder codecs(Case given, CodecBuilder codecs) {
        CodecBuilder result = codecs;
        if (given.transposed()) {
            int[] order = new int[given.shape().length];
            for (int place = 0; place < order.length; place++) {
                order[place] = order.length - 1 - place;
            }
            result = result.withTranspose(order);
        }
        result = result.withBytes(given.big() ? "BIG" : "LITTLE");
        String[] words = given.codec3().split(" ");
        if (words[0].equals("blosc")) {
            return result.withBlosc(words[1], words[2], 5);
        }
        for (String word : words) {
            result = switch (word) {
                case "zstd" -> result.withZstd(3);
                case "gzip" -> result.withGzip(5);
                case "crc32c" -> result.withCrc32c();
                default -> result;
            };
        }
        return result;
    }

    /** The type that zarr-java can write and that has as many bytes. */
    private static String carrier(String type) {
        return switch (type) {
            case "INT8", "UINT8" -> "BOOL";
            case "INT32", "UINT32" -> "FLOAT32";
            case "INT64", "UINT64" -> "FLOAT64";
            default -> type;
        };
    }

    private static String numPy(String type) {
        return switch (type) {
            case "BOOL" -> "|b1";
            case "INT8" -> "|i1";
            case "UINT8" -> "|u1";
            case "INT32" -> "<i4";
            case "UINT32" -> "<u4";
            case "INT64" -> "<i8";
            case "UINT64" -> "<u8";
            case "FLOAT32" -> "<f4";
            default -> "<f8";
        };
    }

    private static void change(Path metadata, String type, String from, String to) throws IOException {
        if (!from.equals(to)) {
            String text = Files.readString(metadata);
            String changed = text.replace('"' + from + '"', '"' + to + '"')
                    .replaceAll("(\"fill_value\" *: *)(0\\.0|false)", "$10");
            if (changed.equals(text)) {
                throw new AssertionError("no " + from + " for " + type + " in " + text);
            }
            Files.writeString(metadata, changed);
        }
    }

    private interface ZarrJava {
        Array read() throws IOException, ZarrException;
    }

    private static void agree(Path folder, Case given, Array written, ZarrJava other)
            throws IOException, ZarrException {
        Store store = new DirectoryStore(folder);
        ArrayMetadata array = Hierarchy.read(store).orElseThrow().arrays().get("");
        byte[] expected = bytes(written);
        assertEquals(given.type().toLowerCase(Locale.ROOT), array.decodable().chunks().type().zarrName());
        assertArrayEquals(expected, WholeArray.read(store, array), "this reader");
        boolean readable = !given.type().startsWith("U") && !given.type().equals("BOOL");
        if (readable && !(array.version() == 3 && given.codec3().equals("zstd crc32c"))) {
            assertArrayEquals(expected, bytes(other.read()), "zarr-java");
        }
    }

    /** Small numbers with runs, so that codecs have something to do, and zeros in between (zarr-java leaves out empty chunks). */
    private static Array values(Case given) {
        DataType type = switch (carrier(given.type())) {
            case "BOOL" -> DataType.BOOLEAN;
            case "FLOAT32" -> DataType.FLOAT;
            default -> DataType.DOUBLE;
        };
        Array array = Array.factory(type, given.shape());
        Random random = new Random(given.seed());
        boolean noise = random.nextBoolean();
        for (int i = 0; i < array.getSize(); i++) {
            if (type == DataType.BOOLEAN) {
                array.setBoolean(i, random.nextBoolean());
            } else {
                array.setDouble(i, noise ? random.nextInt(1 << 30) * 1e-3 : Math.max(0, i / 7 - 3));
            }
        }
        return array;
    }

    private static byte[] bytes(Array array) {
        int size = (int) array.getSize();
        ByteBuffer buffer = ByteBuffer
                .allocate(
                        size * Math.max(1, array.getElementType() == boolean.class ? 1 : array.getDataType().getSize()))
                .order(ByteOrder.LITTLE_ENDIAN);
        var values = array.getIndexIterator();
        while (values.hasNext()) {
            switch (values.getObjectNext()) {
                case Boolean value -> buffer.put((byte) (value ? 1 : 0));
                case Byte value -> buffer.put(value);
                case Short value -> buffer.putShort(value);
                case Integer value -> buffer.putInt(value);
                case Long value -> buffer.putLong(value);
                case Float value -> buffer.putFloat(value);
                case Double value -> buffer.putDouble(value);
                case Object other -> throw new AssertionError(other.getClass());
            }
        }
        return buffer.array();
    }

    private static long[] longs(int[] values) {
        return java.util.Arrays.stream(values).asLongStream().toArray();
    }

    static void delete(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
