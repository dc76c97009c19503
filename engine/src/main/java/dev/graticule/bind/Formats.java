package dev.graticule.bind;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.spi.Dataset;
import dev.graticule.spi.DatasetProvider;
import dev.graticule.spi.NearestName;
import dev.graticule.sql.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** The formats that the class path offers. Thread-safe. */
public final class Formats {
    private final List<DatasetProvider> providers;

    private Formats(List<DatasetProvider> providers) {
        this.providers = List.copyOf(providers);
    }

    /** All providers that {@link ServiceLoader} finds. */
    public static Formats load() {
        List<DatasetProvider> found = new ArrayList<>();
        ServiceLoader.load(DatasetProvider.class, Formats.class.getClassLoader()).forEach(found::add);
        return new Formats(found);
    }

    /** These providers alone. */
    public static Formats of(DatasetProvider... providers) {
        return new Formats(List.of(providers));
    }

    /** The words after STORED AS. */
    public List<String> names() {
        return providers.stream().map(DatasetProvider::format).toList();
    }

    /** The location with the user's home folder in the place of a tilde before its first slash. */
    static String atHome(String location) {
        if (!location.equals("~") && !location.startsWith("~/")) {
            return location;
        }
        String home = System.getenv("HOME");
        return (home == null || home.isEmpty() ? System.getProperty("user.home") : home) + location.substring(1);
    }

    /** Opens what stands in FROM 'location'. */
    public Dataset open(String written, Position position) {
        String location = atHome(written);
        try {
            for (DatasetProvider provider : providers) {
                if (provider.recognizes(location)) {
                    return provider.open(location, Map.of());
                }
            }
            for (DatasetProvider provider : providers) {
                String explanation = provider.explainUnrecognized(location);
                if (!explanation.isEmpty()) {
                    throw GraticuleException.of(ErrorKind.SOURCE, position, explanation, null);
                }
            }
        } catch (GraticuleException problem) {
            throw problem.at(position);
        }
        throw GraticuleException.of(ErrorKind.SOURCE, position, "Nothing here can read '" + location + "'"
                + (providers.isEmpty() ? ": no format is on the class path."
                        : " (known formats: " + String.join(", ", names()) + ")."),
                null);
    }

    /** The name of the format that FROM 'location' is of; empty where none recognizes it. */
    public Optional<String> formatOf(String written) {
        String location = atHome(written);
        return providers.stream().filter(provider -> provider.recognizes(location)).map(DatasetProvider::format)
                .findFirst();
    }

    /** Whether a format of that name exists. */
    public boolean exists(String format) {
        return provider(format).isPresent();
    }

    /** Opens a location of a named format. */
    public Dataset open(String format, String location, Map<String, Object> options, Position position) {
        return open(format, List.of(location), options, position);
    }

    /** Opens locations of a named format as one dataset. */
    Dataset open(String format, List<String> written, Map<String, Object> options, Position position) {
        List<String> locations = written.stream().map(Formats::atHome).toList();
        DatasetProvider provider = provider(format).orElseThrow(() -> GraticuleException.binding(position,
                "No format named " + format + "." + NearestName.questionOrList(format, names(), "Known formats", 10)));
        try {
            return locations.size() == 1 ? provider.open(locations.getFirst(), options)
                    : provider.open(locations, options);
        } catch (GraticuleException problem) {
            throw problem.at(position);
        }
    }

    private Optional<DatasetProvider> provider(String format) {
        return providers.stream().filter(each -> each.format().equals(format.toLowerCase(Locale.ROOT))).findFirst();
    }
}
