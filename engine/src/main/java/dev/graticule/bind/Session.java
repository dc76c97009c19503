package dev.graticule.bind;

import dev.graticule.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What an engine remembers between statements. Thread-safe.
 *
 * @param prepared the statements of PREPARE by their names in lower case
 */
public record Session(Catalog catalog, Formats formats, CopyFormats copyFormats, Settings settings,
        Map<String, Statement.Prepare> prepared) {

    /** A session that knows no tables yet. */
    public Session(Formats formats, CopyFormats copyFormats, Settings settings) {
        this(new Catalog(), formats, copyFormats, settings, new ConcurrentHashMap<>());
    }
}
