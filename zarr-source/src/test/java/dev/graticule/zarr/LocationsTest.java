package dev.graticule.zarr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.spi.DatasetProvider;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What locations are stores, and what is said of those that are not (SEMANTICS 28). */
class LocationsTest {
    @TempDir
    Path folder;

    private final ZarrProvider provider = new ZarrProvider();

    private Path store(String name) {
        return new StoreWriter(folder.resolve(name)).group3("", "{}").array3("v", "int32", "1", "1", "'x'", "0", "{}")
                .root();
    }

    @Test
    void theProviderIsFoundByTheServiceLoader() {
        assertTrue(ServiceLoader.load(DatasetProvider.class).stream()
                .anyMatch(found -> found.type() == ZarrProvider.class));
        assertEquals("zarr", provider.format());
    }

    @Test
    void pathsAndFileAddressesOfStoresAreRecognized() {
        Path store = store("era5.zarr");
        assertTrue(provider.recognizes(store.toString()));
        assertTrue(provider.recognizes(store.toUri().toString()));
        assertFalse(provider.recognizes(folder.toString()));
        assertFalse(provider.recognizes("s3://bucket/era5.zarr"));
        assertEquals("era5.zarr", provider.open(store.toString(), Map.of()).name());
        assertEquals("era5.zarr", ZarrTable.open(store.toUri()).name());
    }

    @Test
    void aPathThatIsNotThereGetsTheNearestNames() {
        store("era5.zarr");
        store("other.zarr");
        assertEquals("No such path: " + folder.resolve("era.zarr") + ". Nearby: " + folder.resolve("era5.zarr") + ".",
                provider.explainUnrecognized(folder.resolve("era.zarr").toString()));
        GraticuleException error = assertThrows(GraticuleException.class,
                () -> ZarrTable.open(folder.resolve("era.zarr")));
        assertEquals(ErrorKind.SOURCE, error.kind());
        assertTrue(provider.explainUnrecognized("no-such-folder/x.zarr")
                .startsWith("No such path: no-such-folder/x.zarr (current folder "));
        assertTrue(provider.explainUnrecognized("src\\main").endsWith("Folders are divided by /: write src/main."));
    }

    @Test
    void otherFormatsAreNamed() throws IOException {
        Path netcdf = Files.write(folder.resolve("air.nc"), "CDF\1rest".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals("'" + netcdf + "' is NetCDF, not Zarr. From Python: con.register('air', xr.open_dataset('" + netcdf
                + "')), or write it with .to_zarr('air.zarr').", provider.explainUnrecognized(netcdf.toString()));
        Path hdf = Files.write(folder.resolve("air.nc4"),
                new byte[]{(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'});
        assertTrue(provider.explainUnrecognized(hdf.toString()).contains("NetCDF"));
        Path zip = Files.write(folder.resolve("air.zip"), new byte[]{'P', 'K', 3, 4});
        assertTrue(provider.explainUnrecognized(zip.toString()).contains("zip file"));
        Path tiff = Files.write(folder.resolve("air.tif"), new byte[]{'I', 'I', '*', 0, 8, 0, 0, 0});
        assertEquals("'" + tiff + "' is TIFF, not Zarr. From Python: con.register('air', xr.open_dataset('" + tiff
                + "', engine='rasterio')).", provider.explainUnrecognized(tiff.toString()));
        Path compressed = Files.write(folder.resolve("air.nc.gz"), new byte[]{0x1f, (byte) 0x8b, 8, 0});
        assertTrue(provider.explainUnrecognized(compressed.toString()).contains("compressed with gzip"));
        assertEquals("An empty path names no store.", provider.explainUnrecognized(""));
        Path text = Files.writeString(folder.resolve("a.txt"), "x");
        assertTrue(provider.explainUnrecognized(text.toString()).contains("not a Zarr store"));
    }

    @Test
    void aFolderThatIsNoStoreListsTheStoresInIt() {
        Path store = store("era5.zarr");
        assertEquals("'" + folder
                + "' is a folder, but no Zarr store: it has no zarr.json, .zgroup, .zarray or .zmetadata. Stores in it: "
                + store + ".",
                provider.explainUnrecognized(folder.toString()));
        assertTrue(provider.explainUnrecognized(store.resolve("zarr.json").toString())
                .contains("name its folder, '" + store + "'"));
    }

    @Test
    void otherAddressesAreRefusedClearly() {
        GraticuleException error = assertThrows(GraticuleException.class,
                () -> ZarrTable.open(URI.create("s3://bucket/era5.zarr")));
        assertEquals(ErrorKind.UNSUPPORTED, error.kind());
        assertTrue(error.getMessage().contains("local folders only"), error::getMessage);
    }
}
