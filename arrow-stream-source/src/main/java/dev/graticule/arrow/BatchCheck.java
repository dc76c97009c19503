package dev.graticule.arrow;

import dev.graticule.GraticuleException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BufferLayout;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TypeLayout;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.message.ArrowDictionaryBatch;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.util.VectorBatchAppender;

/**
 * Looks at the batches of one IPC stream or file before they are loaded: whether every column has as many values as the batch has rows,
 * and buffers for them. Arrow's library fills up with zeros what is missing.
 */
final class BatchCheck {
    private static final long AS_IT_IS = -1;
    private static final long LENGTH = Long.BYTES;
    /** A block of 128 KiB that repeats one byte is three bytes of Zstandard; a byte of LZ4 adds 255 at most. */
    private static final long MOST_ZSTANDARD = 1 << 17;
    private static final long MOST_LZ4 = 1 << 8;

    private final String name;
    private int batches;

    /** @param name what the stream is called in messages: {@code 'x.arrows'} */
    BatchCheck(String name) {
        this.name = name;
    }

    /**
     * Loads a batch, which it closes.
     *
     * @throws GraticuleException of kind SOURCE that names the batch and the column where it is damaged
     */
    void load(VectorSchemaRoot root, ArrowRecordBatch batch, BufferAllocator allocator) {
        try (batch) {
            load("batch " + (batches + 1), root.getFieldVectors(), batch, allocator);
        }
        batches++;
        root.setRowCount(batch.getLength());
    }

    /** Vectors with others inside are looked at before they are told how many values they have: they make their children as long. */
    private void load(String place, List<FieldVector> vectors, ArrowRecordBatch batch, BufferAllocator allocator) {
        try (ArrowRecordBatch plain = openDecompressed(batch, allocator)) {
            check(place, vectors.stream().map(FieldVector::getField).toList(), plain);
            new VectorLoader(new VectorSchemaRoot(vectors) {
                @Override
                public void setRowCount(int rows) {
                    // They have as many.
                }
            }).load(plain);
        }
        for (FieldVector vector : vectors) {
            if (!vector.getField().getChildren().isEmpty()) {
                VectorCheck.problem(vector).ifPresent(problem -> {
                    throw damaged(place, vector.getName(), problem);
                });
            }
        }
    }

    /** The batch with its buffers decompressed; Arrow's library forgets those that it has where one cannot be. */
    private ArrowRecordBatch openDecompressed(ArrowRecordBatch batch, BufferAllocator allocator) {
        CompressionUtil.CodecType type = CompressionUtil.CodecType
                .fromCompressionType(batch.getBodyCompression().getCodec());
        if (type == CompressionUtil.CodecType.NO_COMPRESSION) {
            return batch;
        }
        CompressionCodec codec = CommonsCompressionFactory.INSTANCE.createCodec(type);
        List<ArrowBuf> made = new ArrayList<>();
        try {
            for (ArrowBuf buffer : batch.getBuffers()) {
                made.add(buffer.readableBytes() == 0 ? openRetained(buffer)
                        : openDecompressed(codec, buffer, allocator));
            }
            return new ArrowRecordBatch(batch.getLength(), batch.getNodes(), made,
                    NoCompressionCodec.DEFAULT_BODY_COMPRESSION, batch.getVariadicBufferCounts(), true, true);
        } finally {
            made.forEach(ArrowBuf::close);
        }
    }

    private static ArrowBuf openRetained(ArrowBuf buffer) {
        buffer.getReferenceManager().retain();
        return buffer;
    }

    /** The library takes memory for what a buffer says it has, so that has to be something that the format can have. */
    private ArrowBuf openDecompressed(CompressionCodec codec, ArrowBuf buffer, BufferAllocator allocator) {
        long stored = buffer.readableBytes() - LENGTH;
        long most = codec.getCodecType() == CompressionUtil.CodecType.ZSTD ? MOST_ZSTANDARD : MOST_LZ4;
        long length = stored < 0 ? 0 : buffer.getLong(0);
        if (stored < 0 || length < AS_IT_IS || length / most > stored) {
            throw GraticuleException.source(name + " is damaged: a buffer of " + stored + " bytes in batch "
                    + (batches + 1) + " says that it has " + length + " decompressed.", null);
        }
        openRetained(buffer);
        try {
            // Closes the buffer that it is given.
            return codec.decompress(allocator, buffer);
        } catch (RuntimeException failure) {
            buffer.close();
            throw failure;
        }
    }

    /**
     * Loads the values of a dictionary, or adds to them, if they are sound: Arrow's library adds texts without looking where they are.
     *
     * @param dictionaries those of the schema
     */
    void load(Map<Long, Dictionary> dictionaries, ArrowDictionaryBatch batch, BufferAllocator allocator) {
        String place = "dictionary " + batch.getDictionaryId();
        Dictionary dictionary = dictionaries.get(batch.getDictionaryId());
        if (dictionary == null) {
            throw GraticuleException.source(name + " is damaged: no column has " + place + ".", null);
        }
        FieldVector values = dictionary.getVector();
        if (batch.isDelta()) {
            try (FieldVector more = values.getField().createVector(allocator)) {
                load(place, batch, more, allocator);
                VectorBatchAppender.batchAppend(values, more);
            }
        } else {
            load(place, batch, values, allocator);
        }
    }

    private void load(String place, ArrowDictionaryBatch batch, FieldVector target, BufferAllocator allocator) {
        load(place, List.of(target), batch.getDictionary(), allocator);
        VectorCheck.problem(target).ifPresent(problem -> {
            throw damaged(place, target.getName(), problem);
        });
    }

    private void check(String place, List<Field> fields, ArrowRecordBatch batch) {
        Iterator<ArrowFieldNode> nodes = batch.getNodes().iterator();
        Iterator<ArrowBuf> buffers = batch.getBuffers().iterator();
        Iterator<Long> variadic = batch.getVariadicBufferCounts() == null ? List.<Long>of().iterator()
                : batch.getVariadicBufferCounts().iterator();
        for (Field field : fields) {
            check(new Part(place, field.getName(), batch.getLength()), field, nodes, buffers, variadic);
        }
        if (nodes.hasNext() || buffers.hasNext() || variadic.hasNext()) {
            throw GraticuleException.source(name + " is damaged: " + place + " has more columns than the schema.",
                    null);
        }
    }

    /** @param length how many values there must be; -1 where another column says it */
    private record Part(String place, String column, long length) {
    }

    private void check(Part part, Field field, Iterator<ArrowFieldNode> nodes, Iterator<ArrowBuf> buffers,
            Iterator<Long> variadic) {
        List<BufferLayout> layouts = new ArrayList<>(TypeLayout.getTypeLayout(field.getType()).getBufferLayouts());
        boolean views = layouts.stream().anyMatch(layout -> layout.getType() == BufferLayout.BufferType.VIEWS);
        if (!nodes.hasNext() || views && !variadic.hasNext()) {
            throw damaged(part.place, part.column, "is not there");
        }
        ArrowFieldNode node = nodes.next();
        long length = node.getLength();
        if (length < 0 || part.length >= 0 && length != part.length) {
            throw damaged(part.place, part.column, "has " + length + " values for " + part.length + " rows");
        }
        if (node.getNullCount() < 0 || node.getNullCount() > length) {
            throw damaged(part.place, part.column, "has " + node.getNullCount() + " NULLs in " + length + " values");
        }
        long more = views ? variadic.next() : 0;
        if (more < 0) {
            throw damaged(part.place, part.column, "has " + more + " buffers of texts");
        }
        for (BufferLayout layout : layouts) {
            check(part, layout, layouts, node, next(part, buffers));
        }
        for (long i = 0; i < more; i++) {
            next(part, buffers);
        }
        for (Field child : field.getChildren()) {
            check(new Part(part.place, part.column, -1), child, nodes, buffers, variadic);
        }
    }

    private ArrowBuf next(Part part, Iterator<ArrowBuf> buffers) {
        if (!buffers.hasNext()) {
            throw damaged(part.place, part.column, "has too few buffers");
        }
        return buffers.next();
    }

    private void check(Part part, BufferLayout layout, List<BufferLayout> all, ArrowFieldNode node, ArrowBuf buffer) {
        long length = node.getLength();
        boolean texts = all.stream().anyMatch(each -> each.getType() == BufferLayout.BufferType.OFFSET);
        boolean ends = texts && all.stream().noneMatch(each -> each.getType() == BufferLayout.BufferType.TYPE
                || each.getType() == BufferLayout.BufferType.SIZE);
        long needed = length == 0 ? 0 : switch (layout.getType()) {
            case VALIDITY -> node.getNullCount() > 0 ? (length + 7) / 8 : 0;
            case OFFSET -> (length + (ends ? 1 : 0)) * layout.getTypeBitWidth() / 8;
            case DATA -> texts ? 0 : (length * layout.getTypeBitWidth() + 7) / 8;
            case SIZE, VIEWS -> length * layout.getTypeBitWidth() / 8;
            // Arrow's library has another width for it.
            case TYPE -> length;
            case VARIADIC_DATA_BUFFERS -> 0;
        };
        long there = buffer.readableBytes();
        if (there < needed) {
            throw damaged(part.place, part.column, "has " + there + " bytes and should have " + needed + " for "
                    + length + " values (" + layout.getType().toString().toLowerCase(java.util.Locale.ROOT) + ")");
        }
    }

    private GraticuleException damaged(String place, String column, String problem) {
        return GraticuleException.source(name + " is damaged: column " + column + " of " + place + " " + problem + ".",
                null);
    }
}
