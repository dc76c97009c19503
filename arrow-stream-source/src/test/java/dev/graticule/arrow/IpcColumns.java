package dev.graticule.arrow;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.ListViewVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** One column {@code c} of seven rows in each layout that says where its values are, as IPC messages of two batches. */
final class IpcColumns {
    static final int ROWS = 7;
    static final List<String> KINDS = List.of("text", "large text", "view", "list", "large list of texts", "list view",
            "list of two", "struct", "runs", "dictionary");

    private IpcColumns() {
    }

    private static String text(int row) {
        return "a text of row ".repeat(row % 3) + "r" + row;
    }

    private static byte[] bytes(int row) {
        return text(row).getBytes(StandardCharsets.UTF_8);
    }

    private static VarCharVector texts(BufferAllocator allocator) {
        VarCharVector vector = new VarCharVector("c", allocator);
        for (int row = 0; row < ROWS; row++) {
            vector.setSafe(row, bytes(row));
        }
        vector.setNull(4);
        vector.setValueCount(ROWS);
        return vector;
    }

    private static FieldVector open(String kind, BufferAllocator allocator,
            DictionaryProvider.MapDictionaryProvider dictionaries) {
        return switch (kind) {
            case "text" -> texts(allocator);
            case "large text" -> {
                LargeVarCharVector vector = new LargeVarCharVector("c", allocator);
                for (int row = 0; row < ROWS; row++) {
                    vector.setSafe(row, bytes(row));
                }
                yield vector;
            }
            case "view" -> {
                ViewVarCharVector vector = new ViewVarCharVector("c", allocator);
                vector.allocateNew(ROWS);
                for (int row = 0; row < ROWS; row++) {
                    vector.setSafe(row, bytes(row));
                }
                vector.setNull(3);
                yield vector;
            }
            case "list" -> {
                ListVector vector = ListVector.empty("c", allocator);
                var writer = vector.getWriter();
                for (int row = 0; row < ROWS; row++) {
                    writer.setPosition(row);
                    writer.startList();
                    for (int i = 0; i < row; i++) {
                        writer.writeInt(i);
                    }
                    writer.endList();
                }
                yield vector;
            }
            case "large list of texts" -> {
                LargeListVector vector = LargeListVector.empty("c", allocator);
                var writer = vector.getWriter();
                for (int row = 0; row < ROWS; row++) {
                    writer.setPosition(row);
                    writer.startList();
                    for (int i = 0; i < row; i++) {
                        writer.writeVarChar(text(row));
                    }
                    writer.endList();
                }
                yield vector;
            }
            case "list view" -> {
                ListViewVector vector = ListViewVector.empty("c", allocator);
                var writer = vector.getWriter();
                for (int row = 0; row < ROWS; row++) {
                    writer.setPosition(row);
                    writer.startListView();
                    for (int i = 0; i < row; i++) {
                        writer.writeInt(i);
                    }
                    writer.endListView();
                }
                yield vector;
            }
            case "list of two" -> {
                FixedSizeListVector vector = FixedSizeListVector.empty("c", 2, allocator);
                var writer = vector.getWriter();
                for (int row = 0; row < ROWS; row++) {
                    writer.setPosition(row);
                    writer.startList();
                    writer.writeInt(row);
                    writer.writeInt(-row);
                    writer.endList();
                }
                yield vector;
            }
            case "struct" -> {
                StructVector vector = StructVector.empty("c", allocator);
                VarCharVector texts = vector.addOrGet("t", FieldType.nullable(ArrowType.Utf8.INSTANCE),
                        VarCharVector.class);
                IntVector numbers = vector.addOrGet("n", FieldType.nullable(new ArrowType.Int(32, true)),
                        IntVector.class);
                for (int row = 0; row < ROWS; row++) {
                    texts.setSafe(row, bytes(row));
                    numbers.setSafe(row, row);
                    vector.setIndexDefined(row);
                }
                yield vector;
            }
            case "runs" -> {
                Field ends = Field.notNullable("run_ends", new ArrowType.Int(32, true));
                Field values = Field.nullable("values", ArrowType.Utf8.INSTANCE);
                RunEndEncodedVector vector = (RunEndEncodedVector) new Field("c",
                        FieldType.notNullable(ArrowType.RunEndEncoded.INSTANCE), List.of(ends, values))
                        .createVector(allocator);
                for (int run = 0; run < 3; run++) {
                    ((IntVector) vector.getRunEndsVector()).setSafe(run, run == 2 ? ROWS : run * 2 + 1);
                    ((VarCharVector) vector.getValuesVector()).setSafe(run, bytes(run));
                }
                vector.getRunEndsVector().setValueCount(3);
                vector.getValuesVector().setValueCount(3);
                yield vector;
            }
            case "dictionary" -> {
                DictionaryEncoding encoding = new DictionaryEncoding(5, false, new ArrowType.Int(32, true));
                dictionaries.put(new Dictionary(texts(allocator), encoding));
                IntVector keys = new IntVector("c", new FieldType(true, encoding.getIndexType(), encoding), allocator);
                for (int row = 0; row < ROWS; row++) {
                    keys.setSafe(row, row * 3 % ROWS);
                }
                keys.setNull(2);
                yield keys;
            }
            default -> throw new IllegalArgumentException(kind);
        };
    }

    /** A column as a stream or file. */
    static byte[] written(String kind, boolean file, CompressionUtil.CodecType codec) throws IOException {
        CompressionCodec.Factory codecs = codec == CompressionUtil.CodecType.NO_COMPRESSION
                ? NoCompressionCodec.Factory.INSTANCE : CommonsCompressionFactory.INSTANCE;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DictionaryProvider.MapDictionaryProvider dictionaries = new DictionaryProvider.MapDictionaryProvider();
        try (BufferAllocator allocator = new RootAllocator()) {
            FieldVector column = open(kind, allocator, dictionaries);
            column.setValueCount(ROWS);
            try (VectorSchemaRoot root = new VectorSchemaRoot(List.of(column));
                    ArrowWriter writer = file
                            ? new ArrowFileWriter(root, dictionaries, Channels.newChannel(bytes), Map.of(),
                                    IpcOption.DEFAULT, codecs, codec)
                            : new ArrowStreamWriter(root, dictionaries, Channels.newChannel(bytes), IpcOption.DEFAULT,
                                    codecs, codec)) {
                writer.start();
                writer.writeBatch();
                writer.writeBatch();
                writer.end();
            } finally {
                dictionaries.getDictionaryIds().forEach(id -> dictionaries.lookup(id).getVector().close());
            }
        }
        return bytes.toByteArray();
    }
}
