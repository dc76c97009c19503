package dev.graticule.file.parquet;

import dev.graticule.GraticuleException;
import dev.graticule.file.RecordTable;
import dev.graticule.spi.RowScan;
import dev.graticule.spi.RowTable;
import dev.graticule.spi.SimplePredicate;
import dev.graticule.type.SqlType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * Parquet files of one schema as one table: the rows of one after those of the other. A row group is a split; those that the
 * statistics say hold no row that is wanted are not read.
 *
 * <p>Opening reads the footers; a scan reads those again that have changed since.
 */
final class ParquetTable implements RowTable {
    private final List<ParquetFile> files;
    /** Whether the schemas that are stored in the files are heeded. */
    private final boolean refined;
    private final List<RowColumn> columns;

    private ParquetTable(List<ParquetFile> files, boolean refined) {
        this.files = files;
        this.refined = refined;
        this.columns = columns(files.getFirst());
    }

    /**
     * @param files at least one
     * @throws GraticuleException of kind SOURCE where one is not Parquet, or has other columns than the first
     */
    static ParquetTable open(List<Path> files) {
        List<ParquetFile> opened = files.stream().map(ParquetFile::open).toList();
        boolean equal = opened.stream().map(ParquetTable::describe).distinct().count() == 1;
        // Files of several writers: those that stored a schema must not differ from those that did not.
        List<ParquetFile> alike = equal ? opened : opened.stream().map(ParquetFile::unrefined).toList();
        alike.forEach(file -> checkColumns(alike.getFirst(), file));
        return new ParquetTable(alike, equal);
    }

    private static void checkColumns(ParquetFile first, ParquetFile other) {
        List<String> expected = describe(first);
        List<String> found = describe(other);
        if (!expected.equals(found)) {
            throw GraticuleException
                    .source("'" + other.path() + "' has other columns than '" + first.path() + "': it has "
                            + String.join(", ", found) + ", and the other " + String.join(", ", expected) + ".", null);
        }
    }

    private static List<String> describe(ParquetFile file) {
        return file.fields().stream().map(field -> field.getChildren().isEmpty()
                ? field.getName() + " " + SqlType.of(field)
                : field.toString()).toList();
    }

    private static List<RowColumn> columns(ParquetFile file) {
        Map<String, Map<String, String>> attributes = new HashMap<>();
        for (Field field : file.fields()) {
            Map<String, String> own = file.stored().attributes(field.getName());
            if (field.getType() instanceof ArrowType.Timestamp time && time.getTimezone() != null
                    && !time.getTimezone().equals("UTC")) {
                own.put(RowColumn.TIME_ZONE, time.getTimezone());
            }
            attributes.put(field.getName(), own);
        }
        file.metadata().forEach((key, value) -> {
            String owner = owner(key, attributes.keySet());
            if (owner != null) {
                attributes.get(owner).put(key.substring(owner.length() + 1), value);
            }
        });
        return file.fields().stream()
                .map(field -> new RowColumn(field.getName(), SqlType.of(field), attributes.get(field.getName())))
                .toList();
    }

    /** The column of a key {@code column.attribute}, the one with the longest name where names have dots; {@code null} for none. */
    private static String owner(String key, Set<String> columns) {
        for (int dot = key.lastIndexOf('.'); dot >= 0; dot = dot == 0 ? -1 : key.lastIndexOf('.', dot - 1)) {
            if (columns.contains(key.substring(0, dot))) {
                return key.substring(0, dot);
            }
        }
        return null;
    }

    @Override
    public String name() {
        return RecordTable.nameOf(files.getFirst().path());
    }

    @Override
    public List<String> remarks() {
        return List.of();
    }

    @Override
    public List<RowColumn> columns() {
        return columns;
    }

    @Override
    public OptionalLong rowCount() {
        return OptionalLong.of(files.stream().mapToLong(file -> file.footer().numRows()).sum());
    }

    @Override
    public RowScan scan(List<Integer> wanted, List<SimplePredicate> predicates, long limit) {
        List<ParquetFile> now = new ArrayList<>();
        for (ParquetFile file : files) {
            ParquetFile present = file.refreshed();
            if (present != file) {
                present = refined ? present : present.unrefined();
                checkColumns(files.getFirst(), present);
            }
            now.add(present);
        }
        return ParquetScan.plan(now, columns, wanted, predicates, limit);
    }
}
