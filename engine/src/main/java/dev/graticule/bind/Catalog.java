package dev.graticule.bind;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.spi.Dataset;
import dev.graticule.spi.Table;
import dev.graticule.sql.Identifier;
import dev.graticule.sql.Position;
import dev.graticule.sql.QueryExpression;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** The tables, datasets and views that an engine knows by name. Thread-safe. */
public final class Catalog {
    private final ConcurrentSkipListMap<String, Entry> entries = new ConcurrentSkipListMap<>();
    private volatile Function<String, Optional<Dataset>> unknownNames = unused -> Optional.empty();

    /** What a name stands for. */
    public sealed interface Entry {
        /** What messages call it; asks no supplier. */
        String kind();
    }

    public record TableEntry(Table table) implements Entry {
        @Override
        public String kind() {
            return "table";
        }
    }

    /** A dataset; a statement that names it asks for it once, by {@link BindContext#dataset}. */
    public record DatasetEntry(Supplier<Dataset> supplier) implements Entry {
        public DatasetEntry(Dataset dataset) {
            this(new Known(dataset));
        }

        /** A dataset that need not be asked for. */
        private record Known(Dataset get) implements Supplier<Dataset> {
        }

        public Dataset dataset() {
            return supplier.get();
        }

        @Override
        public String kind() {
            return supplier instanceof Known known && known.get().tables().size() > 1 ? "dataset" : "table";
        }
    }

    /** A view is its query, bound anew whenever it is used. */
    public record ViewEntry(QueryExpression query, List<Identifier> columns) implements Entry {
        public ViewEntry {
            columns = List.copyOf(columns);
        }

        @Override
        public String kind() {
            return "view";
        }
    }

    /** A name with its entry, in the spelling it was registered under. */
    public record Named(String name, Entry entry) {
    }

    /** Registers or replaces a name. */
    public void put(String name, Entry entry) {
        entries.put(name, entry);
    }

    /** Registers a name; false if it is taken. */
    public boolean putIfAbsent(String name, Entry entry) {
        return entries.putIfAbsent(name, entry) == null;
    }

    /**
     * Registers or replaces a name for a while. What comes back ends that: the name then stands for what it stood for before, unless
     * it was given another meaning since.
     */
    public Runnable putForNow(String name, Entry entry) {
        Entry before = entries.put(name, entry);
        return () -> entries.compute(name, (_, now) -> now == null || now == entry ? before : now);
    }

    /** Forgets a name; false if it was not known. */
    public boolean remove(String name) {
        return entries.remove(name) != null;
    }

    /**
     * The entry with exactly this name, else the only one that differs in upper and lower case alone.
     *
     * @throws GraticuleException where several differ so
     */
    public Optional<Named> find(String name, Position position) {
        Entry exact = entries.get(name);
        if (exact != null) {
            return Optional.of(new Named(name, exact));
        }
        List<Named> near = entries.entrySet().stream().filter(entry -> entry.getKey().equalsIgnoreCase(name))
                .map(entry -> new Named(entry.getKey(), entry.getValue())).toList();
        if (near.size() > 1) {
            throw GraticuleException.of(ErrorKind.BINDING, position, "The name " + name + " may be "
                    + String.join(" or ", near.stream().map(Named::name).toList())
                    + ": write it in double quotes as it is spelled.", null);
        }
        return near.stream().findFirst();
    }

    /** Who is asked for a table in FROM that has no entry, instead of who was asked before. */
    public void askForUnknownNames(Function<String, Optional<Dataset>> whom) {
        unknownNames = whom;
    }

    /** What the host of this engine has under exactly this name, which has no entry. */
    Optional<Dataset> ofHost(String name) {
        return unknownNames.apply(name);
    }

    /** All names in order. */
    public List<Named> all() {
        return entries.entrySet().stream().map(entry -> new Named(entry.getKey(), entry.getValue())).toList();
    }

    /** All names. */
    public List<String> names() {
        return List.copyOf(entries.keySet());
    }
}
