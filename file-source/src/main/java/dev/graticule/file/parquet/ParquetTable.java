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

/**
 * Parquet files of one schema as one table: the rows of one after those of the other. A row group is a split; those that the
 * statistics say hold no row that is wanted are not read.
 *
 * <p>Opening reads the footers; a scan reads those again that have changed since.
 */
final class ParquetTable implements RowTable {
    private final List<ParquetFile> files;
    private final List<RowColumn> columns;

    private ParquetTable(List<ParquetFile> files) {
        this.files = files;
        this.columns = columns(files.getFirst());
    }

    /**
     * @param files at least one
     * @throws GraticuleException of kind SOURCE where one is not Parquet, or has other columns than the first
     */
    static ParquetTable open(List<Path> files) {
        List<ParquetFile> opened = files.stream().map(ParquetFile::open).toList();
        opened.forEach(file -> checkColumns(opened.getFirst(), file));
        return new ParquetTable(opened);
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
        return file.fields().stream().map(field -> field.getName() + " " + SqlType.of(field)).toList();
    }

    private static List<RowColumn> columns(ParquetFile file) {
        Map<String, Map<String, String>> attributes = new HashMap<>();
        file.fields().forEach(field -> attributes.put(field.getName(), new HashMap<>()));
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
                checkColumns(files.getFirst(), present);
            }
            now.add(present);
        }
        return ParquetScan.plan(now, columns, wanted, predicates, limit);
    }
}
