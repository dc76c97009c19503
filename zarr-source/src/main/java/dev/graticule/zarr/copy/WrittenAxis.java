package dev.graticule.zarr.copy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graticule.batch.Memory;
import dev.graticule.spi.CopySource;
import dev.graticule.type.SqlType;
import dev.graticule.zarr.ElementType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.ArrowBuf;

/** The coordinates of a dimension as an array of one chunk. */
final class WrittenAxis {
    private WrittenAxis() {
    }

    /** Writes them, and adds the array to the metadata. {@code names}: of all arrays. */
    static void of(CopySource source, Path root, CopyOptions options, CopyDimension dimension, StoreMetadata metadata,
            Set<String> names) throws IOException {
        ObjectNode attributes = CopyAttributes.of(dimension.attributes(), dimension.type(), names);
        byte[] elements;
        ElementType element = StoredForm.plain(dimension.type()).orElse(ElementType.INT8);
        if (dimension.isText()) {
            elements = new byte[8 * dimension.length()];
        } else if (dimension.type().equals(SqlType.TIMESTAMP)) {
            long[] times = new long[dimension.length()];
            for (int i = 0; i < times.length; i++) {
                times[i] = dimension.coordinates().get(CellEncoding.LONG, i * 8L);
            }
            CopyAttributes.count(times, dimension.attributes(), attributes);
            element = narrow(times, dimension.attributes());
            elements = elements(times, element);
        } else {
            elements = dimension.coordinates().toArray(ValueLayout.JAVA_BYTE);
        }
        Path array = Files.createDirectories(root.resolve(dimension.name()));
        if (dimension.length() > 0) {
            Path file = array.resolve(TileWriter.key(options.version(), new int[1]));
            Files.createDirectories(file.getParent());
            try (ArrowBuf buffer = source.allocator().buffer(elements.length);
                    ChunkEncoder encoder = new ChunkEncoder(options, source.allocator());
                    Texts texts = dimension.isText() ? new Texts(source.allocator()::buffer) : null;
                    FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW,
                            StandardOpenOption.WRITE)) {
                MemorySegment cells = Memory.segment(buffer.memoryAddress(), elements.length);
                cells.copyFrom(MemorySegment.ofArray(elements));
                for (int i = 0; texts != null && i < dimension.length(); i++) {
                    byte[] text = dimension.texts().get(i).getBytes(StandardCharsets.UTF_8);
                    cells.set(CellEncoding.LONG, i * 8L, texts.add(MemorySegment.ofArray(text), 0, text.length));
                }
                TileWriter.writeAll(channel, encoder.encode(cells, elements.length / dimension.length(), texts));
            }
        }
        CopyGrid grid = CopyGrid.single(new int[]{dimension.length()});
        if (dimension.isText()) {
            metadata.addTexts(dimension.name(), List.of(dimension.name()), grid, attributes);
        } else {
            StoredForm form = StoredForm.of(dimension.name(), dimension.type(), dimension.attributes());
            boolean masked = form.masked() && form.encoding() instanceof CellEncoding.Same;
            metadata.add(dimension.name(), List.of(dimension.name()), grid, element,
                    masked ? form.encoding().fill() : StoredForm.fill(element), masked, attributes);
        }
    }

    /** The whole type that the source had for its counts, where they fit. */
    private static ElementType narrow(long[] counts, Map<String, String> metadata) {
        ElementType stored = StoredForm.stored(metadata).filter(ElementType::isInteger).orElse(ElementType.INT64);
        for (long count : counts) {
            if (CellEncoding.number(count, stored) != count) {
                return ElementType.INT64;
            }
        }
        return stored;
    }

    private static byte[] elements(long[] counts, ElementType element) {
        byte[] elements = new byte[counts.length * element.bytes()];
        for (int i = 0; i < counts.length; i++) {
            for (int each = 0; each < element.bytes(); each++) {
                elements[i * element.bytes() + each] = (byte) (counts[i] >>> 8 * each);
            }
        }
        return elements;
    }
}
