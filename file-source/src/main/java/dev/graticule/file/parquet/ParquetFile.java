package dev.graticule.file.parquet;

import dev.graticule.GraticuleException;
import dev.hardwood.HardwoodContext;
import dev.hardwood.InputFile;
import dev.hardwood.metadata.FileMetaData;
import dev.hardwood.metadata.RowGroup;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.schema.FileSchema;
import dev.hardwood.schema.SchemaNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * A file and its footer as it was when that was read.
 *
 * @param nodes the columns as the file has them
 * @param fields the columns as they are read
 * @param stored the schema that they were written from, as far as it is heeded
 */
record ParquetFile(Path path, long size, FileTime changed, FileMetaData footer, List<SchemaNode> nodes,
        List<Field> fields, StoredSchema stored) {
    /** Hardwood tells of its vector loops at every start. */
    private static final Logger QUIET = Logger.getLogger("dev.hardwood");

    static {
        QUIET.setLevel(Level.WARNING);
    }

    /** @throws GraticuleException of kind SOURCE where the file is not whole or not Parquet */
    static ParquetFile open(Path path) {
        try {
            long size = Files.size(path);
            FileTime changed = Files.getLastModifiedTime(path);
            try (HardwoodContext context = HardwoodContext.create(1);
                    ParquetFileReader reader = ParquetFileReader.open(InputFile.of(path), context)) {
                FileSchema schema = reader.getFileSchema();
                List<SchemaNode> nodes = List.copyOf(schema.getRootNode().children());
                FileMetaData footer = reader.getFileMetaData();
                StoredSchema stored = StoredSchema.of(metadata(footer));
                return new ParquetFile(path, size, changed, footer, nodes, nodes.stream()
                        .map(node -> stored.refined(ReadSchema.field(node), node)).toList(), stored);
            }
        } catch (GraticuleException known) {
            throw GraticuleException.of(known.kind(), null, "'" + path + "': " + known.getMessage(), known);
        } catch (IOException | RuntimeException failure) {
            throw unreadable(path, "", failure);
        }
    }

    /** The same file with its present footer. */
    ParquetFile refreshed() {
        try {
            if (Files.size(path) == size && Files.getLastModifiedTime(path).equals(changed)) {
                return this;
            }
        } catch (IOException gone) {
            throw unreadable(path, "", gone);
        }
        return open(path);
    }

    /** The same file with its columns as Parquet alone describes them. */
    ParquetFile unrefined() {
        return new ParquetFile(path, size, changed, footer, nodes, nodes.stream().map(ReadSchema::field).toList(),
                StoredSchema.NONE);
    }

    List<RowGroup> rowGroups() {
        return footer.rowGroups();
    }

    /** What other writers and COPY keep beside the columns. */
    Map<String, String> metadata() {
        return metadata(footer);
    }

    private static Map<String, String> metadata(FileMetaData footer) {
        return footer.keyValueMetadata() == null ? Map.of() : footer.keyValueMetadata();
    }

    static GraticuleException unreadable(Path path, String where, Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && (cause.getMessage() == null || cause.getMessage().contains("Exception"))) {
            cause = cause.getCause();
        }
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return GraticuleException.source("'" + path + "' is not a readable Parquet file" + where + ": " + message
                + (message.endsWith(".") ? "" : ".") + " It may be cut off, or damaged.", failure);
    }
}
