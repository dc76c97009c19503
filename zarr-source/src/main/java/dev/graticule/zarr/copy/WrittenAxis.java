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
import java.util.Optional;
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
        StoredForm form = dimension.isText() ? null
                : StoredForm.of(dimension.name(), dimension.type(), dimension.attributes());
        ElementType element = StoredForm.plain(dimension.type()).orElse(ElementType.INT64);
        Optional<byte[]> kept = dimension.isText() ? Optional.empty() : AxisElements.kept(dimension, form);
        byte[] elements;
        if (dimension.isText()) {
            elements = new byte[8 * dimension.length()];
        } else if (kept.isPresent()) {
            elements = kept.get();
            element = form.element();
            attributes = CopyAttributes.kept(dimension.attributes(), form.encoding(), names);
        } else if (dimension.type().equals(SqlType.TIMESTAMP)) {
            long[] times = new long[dimension.length()];
            for (int i = 0; i < times.length; i++) {
                times[i] = dimension.coordinates().get(CellEncoding.LONG, i * 8L);
            }
            CopyAttributes.count(times, dimension.attributes(), attributes);
            element = AxisElements.narrow(times, dimension.attributes());
            elements = AxisElements.of(times, element);
        } else if (dimension.type() == SqlType.INTERVAL) {
            elements = AxisElements.of(dimension.nanoseconds(), element);
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
            metadata.addTexts(dimension.name(), List.of(dimension.name()), grid, false, attributes);
        } else {
            boolean masked = form.masked()
                    && (kept.isPresent() || form.encoding() instanceof CellEncoding.Same);
            metadata.add(dimension.name(), List.of(dimension.name()), grid, element,
                    masked || kept.isPresent() ? form.encoding().fill() : StoredForm.fill(element), masked, attributes);
        }
    }
}
