package dev.graticule.spi;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A format that {@code COPY ... TO} and the command's {@code -o} write; found by {@link java.util.ServiceLoader} when the first
 * of them is bound.
 *
 * <p>Five lines make one: name it, name its endings, check the options in {@link #writer}, write rows in
 * {@link CopyWriter#write}, and add the class to {@code META-INF/services}. Constructing one must load no library.
 */
public interface CopyFormat {
    /** The word after FORMAT, in lower case: {@code parquet}. */
    String format();

    /** The endings of file names that mean it, in lower case and without the dot: {@code csv, tsv}; a compression's may follow. */
    List<String> endings();

    /**
     * A writer for one COPY. Checks the options and touches no file: a wrong option is told before the query runs.
     *
     * @param target the location as it was written, where the ending says more than the format ({@code x.csv.gz})
     * @param options what was written but FORMAT, the names in lower case; values are String, Long, Double, Boolean, List or Map of
     *            those, and TRUE where only the name stands
     * @throws dev.graticule.GraticuleException of kind BINDING where an option is unknown or its value does not fit
     */
    CopyWriter writer(String target, Map<String, Object> options);

    /**
     * Whether what stands at the target already is something that this format's COPY may replace: a file, unless it says otherwise.
     *
     * @param options as of {@link #writer}
     */
    default boolean replaces(Path existing, Map<String, Object> options) {
        return Files.isRegularFile(existing);
    }
}
