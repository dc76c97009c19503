package dev.graticule.bind;

import dev.graticule.QueryOptions;
import dev.graticule.spi.Dataset;
import dev.graticule.sql.Position;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;

/** What binding one statement needs besides its text, and the notices that it gives. Used by one thread, notices by any. */
public final class BindContext {
    private final Session session;
    private final QueryOptions options;
    private final Parameters parameters;
    private final BufferAllocator allocator;
    private final Map<Catalog.DatasetEntry, Dataset> datasets = new HashMap<>();
    private final Map<String, Optional<Dataset>> unknownNames = new HashMap<>();
    private final Set<String> notices = new LinkedHashSet<>();

    /** @param allocator for what is read while binding (coordinates); it is left empty */
    public BindContext(Session session, QueryOptions options, Parameters parameters, BufferAllocator allocator) {
        this.session = session;
        this.options = options;
        this.parameters = parameters;
        this.allocator = allocator;
    }

    Catalog catalog() {
        return session.catalog();
    }

    /** What FROM means by a name: an entry of the catalog, else what the engine's host has under it, who is asked once a name. */
    Optional<Catalog.Named> inFrom(String name, Position position) {
        return catalog().find(name, position).or(() -> unknownNames.computeIfAbsent(name, catalog()::ofHost)
                .map(dataset -> new Catalog.Named(name, new Catalog.DatasetEntry(dataset))));
    }

    /** The dataset of an entry, which is asked for once in a statement. */
    Dataset dataset(Catalog.DatasetEntry entry) {
        return datasets.computeIfAbsent(entry, Catalog.DatasetEntry::dataset);
    }

    Formats formats() {
        return session.formats();
    }

    Settings settings() {
        return session.settings();
    }

    QueryOptions options() {
        return options;
    }

    Parameters parameters() {
        return parameters;
    }

    BufferAllocator allocator() {
        return allocator;
    }

    /** Something that is allowed and probably not meant. */
    void notice(String text) {
        synchronized (notices) {
            notices.add(text);
        }
    }

    /** All notices, each once, in order. */
    public List<String> notices() {
        synchronized (notices) {
            return List.copyOf(notices);
        }
    }
}
