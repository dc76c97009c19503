package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.spi.CopyFormat;
import dev.graticule.spi.NearestName;
import dev.graticule.sql.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;

/** The formats in which the class path can write results, found when the first is asked for. Thread-safe. */
public final class CopyFormats {
    private static final Set<String> COMPRESSIONS = Set.of("gz", "zst");

    private List<CopyFormat> formats;

    private CopyFormats(List<CopyFormat> formats) {
        this.formats = formats;
    }

    /** All that {@link ServiceLoader} finds. */
    public static CopyFormats load() {
        return new CopyFormats(null);
    }

    /** These formats alone. */
    public static CopyFormats of(CopyFormat... formats) {
        return new CopyFormats(List.of(formats));
    }

    private synchronized List<CopyFormat> all() {
        if (formats == null) {
            List<CopyFormat> found = new ArrayList<>();
            ServiceLoader.load(CopyFormat.class, CopyFormats.class.getClassLoader()).forEach(found::add);
            formats = List.copyOf(found);
        }
        return formats;
    }

    /** The words after FORMAT. */
    public List<String> names() {
        return all().stream().map(CopyFormat::format).sorted().toList();
    }

    /** The format of a name. */
    CopyFormat named(String name, Position position) {
        return all().stream().filter(each -> each.format().equals(name.toLowerCase(Locale.ROOT))).findFirst()
                .orElseThrow(() -> GraticuleException.binding(position, "No format named " + name + " can be written."
                        + NearestName.questionOrList(name, names(), "Known formats", 20)));
    }

    /** The format that a file's ending means; that of a compression may follow it. */
    public Optional<CopyFormat> ofEnding(String location) {
        String name = location.substring(Integer.max(location.lastIndexOf('/'), location.lastIndexOf('\\')) + 1)
                .toLowerCase(Locale.ROOT);
        String ending = ending(name);
        if (COMPRESSIONS.contains(ending)) {
            ending = ending(name.substring(0, name.length() - ending.length() - 1));
        }
        String found = ending;
        return all().stream().filter(each -> each.endings().contains(found)).findFirst();
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
