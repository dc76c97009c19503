package dev.graticule.file.parquet;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;

/**
 * Rewrites the footer of a file with INTERVAL columns: parquet-java gives them the logical type UNKNOWN, which others read as "all NULL",
 * beside the right converted type.
 */
final class IntervalFooter {
    /** The length of the footer and the magic at the end of a file. */
    private static final int TAIL = 8;

    private IntervalFooter() {
    }

    static void rewrite(Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            byte[] tail = new byte[TAIL];
            file.seek(file.length() - TAIL);
            file.readFully(tail);
            byte[] footer = new byte[ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt()];
            long start = file.length() - TAIL - footer.length;
            file.seek(start);
            file.readFully(footer);
            FileMetaData metadata = Util.readFileMetaData(new ByteArrayInputStream(footer));
            for (SchemaElement element : metadata.getSchema()) {
                if (element.getConverted_type() == ConvertedType.INTERVAL) {
                    element.unsetLogicalType();
                }
            }
            ByteArrayOutputStream rewritten = new ByteArrayOutputStream();
            Util.writeFileMetaData(metadata, rewritten);
            int length = rewritten.size();
            rewritten.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(length).array());
            rewritten.write("PAR1".getBytes(StandardCharsets.US_ASCII));
            file.seek(start);
            file.write(rewritten.toByteArray());
            file.setLength(file.getFilePointer());
        }
    }
}
