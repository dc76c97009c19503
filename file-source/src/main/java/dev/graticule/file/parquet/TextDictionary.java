package dev.graticule.file.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.values.ValuesWriter;
import org.apache.parquet.column.values.dictionary.DictionaryValuesWriter.PlainBinaryDictionaryValuesWriter;
import org.apache.parquet.column.values.factory.DefaultV1ValuesWriterFactory;
import org.apache.parquet.column.values.factory.ValuesWriterFactory;
import org.apache.parquet.column.values.fallback.FallbackValuesWriter;
import org.apache.parquet.column.values.plain.PlainValuesWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * parquet-java's dictionary of texts, that finds a text it has by a table of its own: the library hashes each byte by byte, which is half
 * of the work of a column of texts.
 */
final class TextDictionary extends PlainBinaryDictionaryValuesWriter {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;
    private static final int FIRST_SLOTS = 256;

    /** For each slot the text, or {@code null}; its hash and its place in the dictionary. */
    private byte[][] texts = new byte[FIRST_SLOTS][];
    private int[] hashes = new int[FIRST_SLOTS];
    private int[] places = new int[FIRST_SLOTS];

    private TextDictionary(int most, ByteBufferAllocator allocator) {
        super(most, Encoding.PLAIN_DICTIONARY, Encoding.PLAIN_DICTIONARY, allocator);
    }

    /** The library's writers of version 1, but for texts with a dictionary. */
    static final class Factory implements ValuesWriterFactory {
        private final ValuesWriterFactory others = new DefaultV1ValuesWriterFactory();
        private ParquetProperties properties;

        @Override
        public void initialize(ParquetProperties chosen) {
            properties = chosen;
            others.initialize(chosen);
        }

        @Override
        public ValuesWriter newValuesWriter(ColumnDescriptor column) {
            if (column.getPrimitiveType().getPrimitiveTypeName() != PrimitiveTypeName.BINARY
                    || !properties.isDictionaryEnabled(column)) {
                return others.newValuesWriter(column);
            }
            return FallbackValuesWriter.of(
                    new TextDictionary(properties.getDictionaryPageSizeThreshold(), properties.getAllocator()),
                    new PlainValuesWriter(properties.getInitialSlabSize(), properties.getPageSizeThreshold(),
                            properties.getAllocator()));
        }
    }

    @Override
    public void writeBytes(Binary value) {
        byte[] text = value.getBytesUnsafe();
        int hash = hash(text);
        int slot = slot(text, hash);
        if (texts[slot] != null) {
            encodedValues.add(places[slot]);
            return;
        }
        int place = getDictionarySize();
        super.writeBytes(value);
        texts[slot] = value.isBackingBytesReused() ? text.clone() : text;
        hashes[slot] = hash;
        places[slot] = place;
        if (place > texts.length / 2) {
            grow();
        }
    }

    /** Where the text is, or would be. */
    private int slot(byte[] text, int hash) {
        int mask = texts.length - 1;
        int slot = hash & mask;
        while (texts[slot] != null && (hashes[slot] != hash || !Arrays.equals(texts[slot], text))) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        byte[][] oldTexts = texts;
        int[] oldHashes = hashes;
        int[] oldPlaces = places;
        empty(oldTexts.length * 4);
        for (int old = 0; old < oldTexts.length; old++) {
            if (oldTexts[old] != null) {
                int slot = slot(oldTexts[old], oldHashes[old]);
                texts[slot] = oldTexts[old];
                hashes[slot] = oldHashes[old];
                places[slot] = oldPlaces[old];
            }
        }
    }

    private void empty(int slots) {
        texts = new byte[slots][];
        hashes = new int[slots];
        places = new int[slots];
    }

    private static int hash(byte[] text) {
        long hash = text.length;
        int at = 0;
        for (; at + Long.BYTES <= text.length; at += Long.BYTES) {
            hash = (hash ^ (long) LONGS.get(text, at)) * MIX;
            hash ^= hash >>> 32;
        }
        for (; at < text.length; at++) {
            hash = (hash ^ text[at] & 0xff) * MIX;
        }
        return (int) (hash ^ hash >>> 32);
    }

    @Override
    protected void clearDictionaryContent() {
        super.clearDictionaryContent();
        empty(FIRST_SLOTS);
    }
}
