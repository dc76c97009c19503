package dev.graticule.zarr;

import dev.graticule.spi.NearestName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Says what a location is that holds no store, and what is near it (SEMANTICS 28). */
final class Diagnosis {
    private static final int MOST = 5;

    private Diagnosis() {
    }

    /** One or two sentences. */
    static String of(Location location) {
        Path path = location.path();
        if (location.text().isEmpty()) {
            return "An empty path names no store.";
        }
        if (!Files.exists(path)) {
            return absent(location);
        }
        if (Files.isDirectory(path)) {
            return folder(location);
        }
        return file(location);
    }

    private static String absent(Location location) {
        Path folder = location.path().toAbsolutePath().normalize().getParent();
        String where = location.path().isAbsolute() ? "" : " (current folder " + Path.of("").toAbsolutePath() + ")";
        List<String> nearby = folder == null ? List.of() : nearby(folder, location.name());
        String slashes = location.text().replace('\\', '/');
        if (!slashes.equals(location.text()) && Files.exists(Path.of(slashes))) {
            return "No such path: " + location.text() + where + ". Folders are divided by /: write " + slashes + ".";
        }
        Path written = location.path().getParent();
        List<String> spelled = nearby.stream().map(name -> written == null ? name : written.resolve(name).toString())
                .toList();
        return "No such path: " + location.text() + where + "."
                + (spelled.isEmpty() ? "" : " Nearby: " + String.join(", ", spelled) + ".");
    }

    /** Names in a folder that are almost this one; where there are none, the stores in it. */
    private static List<String> nearby(Path folder, String name) {
        Map<String, List<String>> byStem = new TreeMap<>();
        List<String> stores = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            for (Path child : children) {
                String candidate = child.getFileName().toString();
                byStem.computeIfAbsent(stem(candidate), _ -> new ArrayList<>()).add(candidate);
                if (stores.size() < MOST && Location.of(child).isStore()) {
                    stores.add(candidate);
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException unreadable) {
            return List.of();
        }
        List<String> close = NearestName.of(stem(name), byStem.keySet()).stream()
                .flatMap(stem -> byStem.get(stem).stream().sorted()).toList();
        Collections.sort(stores);
        List<String> result = close.isEmpty() ? stores : close;
        return result.subList(0, Math.min(MOST, result.size()));
    }

    private static String stem(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("\\.(zarr|zr|zarr3|nc|zip)$", "");
    }

    private static String folder(Location location) {
        List<String> stores = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(location.path())) {
            for (Path child : children) {
                if (stores.size() < MOST && Files.isDirectory(child) && Location.of(child).isStore()) {
                    stores.add(location.path().resolve(child.getFileName()).toString());
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException unreadable) {
            return "'" + location.text() + "' is a folder that cannot be listed: " + unreadable.getMessage() + ".";
        }
        Collections.sort(stores);
        return "'" + location.text()
                + "' is a folder, but no Zarr store: it has no zarr.json, .zgroup, .zarray or .zmetadata."
                + (stores.isEmpty() ? "" : " Stores in it: " + String.join(", ", stores) + ".");
    }

    private static String file(Location location) {
        byte[] start;
        try (InputStream file = Files.newInputStream(location.path())) {
            start = file.readNBytes(8);
        } catch (IOException failure) {
            return "'" + location.text() + "' cannot be read: " + Hierarchy.reason(failure) + ".";
        }
        String text = new String(start, java.nio.charset.StandardCharsets.ISO_8859_1);
        String name = location.name().replaceAll("\\.[^.]*$", "");
        if (text.startsWith("CDF") || text.startsWith("\u0089HDF")) {
            return "'" + location.text() + "' is NetCDF, not Zarr. From Python: con.register('" + name
                    + "', xr.open_dataset('" + location.text()
                    + "')), or write it with .to_zarr('" + name + ".zarr').";
        }
        if (text.startsWith("II*\0") || text.startsWith("MM\0*") || text.startsWith("II+\0")
                || text.startsWith("MM\0+")) {
            return "'" + location.text() + "' is TIFF, not Zarr. From Python: con.register('" + name
                    + "', xr.open_dataset('" + location.text() + "', engine='rasterio')).";
        }
        if (text.startsWith("\u001f\u008b")) {
            return "'" + location.text()
                    + "' is compressed with gzip: stores are read from folders only for now. Unpack it first.";
        }
        if (text.startsWith("PK")) {
            return "'" + location.text()
                    + "' is a zip file: stores are read from folders only for now. Unpack it first.";
        }
        if (text.startsWith("GRIB")) {
            return "'" + location.text() + "' is GRIB, not Zarr. From Python: con.register('" + name
                    + "', xr.open_dataset('" + location.text()
                    + "', engine='cfgrib')).";
        }
        if (text.startsWith("PAR1")) {
            return "'" + location.text() + "' is Parquet, not Zarr.";
        }
        if (List.of("zarr.json", ".zgroup", ".zarray", ".zmetadata", ".zattrs").contains(location.name())) {
            Path store = location.path().getParent();
            return "'" + location.text() + "' is the metadata of a store: name its folder"
                    + (store == null ? "." : ", '" + store + "'.");
        }
        return "'" + location.text()
                + "' is a file, not a Zarr store (a folder with zarr.json, .zgroup, .zarray or .zmetadata).";
    }
}
