package dev.graticule.zarr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.spi.GriddedTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards made by hand: what the format allows beside what this project writes, and what damage becomes. */
class ShardingTest {
    @TempDir
    private Path folder;

    private StoreWriter array(String location, String check, String shard, String inner) {
        return new StoreWriter(folder).group3("", "{}").array3("v", "float32", "4", shard, "'x'", "'NaN'", "{}",
                "{'name': 'sharding_indexed', 'configuration': {'chunk_shape': [" + inner
                        + "], 'codecs': [{'name': 'bytes', 'configuration': {'endian': 'little'}}], 'index_codecs': ["
                        + "{'name': 'bytes', 'configuration': {'endian': 'little'}}" + check
                        + "], 'index_location': '" + location + "'}}");
    }

    private GriddedTable table() {
        return (GriddedTable) ZarrTable.open(folder).tables().getFirst();
    }

    private static byte[] shard(long at, long bytes, boolean damaged) {
        ByteBuffer shard = ByteBuffer.allocate(8 + 32 + 4).order(ByteOrder.LITTLE_ENDIAN);
        shard.putFloat(1).putFloat(2).putLong(-1).putLong(-1).putLong(at).putLong(bytes);
        CRC32C checksum = new CRC32C();
        checksum.update(shard.array(), 8, 32);
        return shard.putInt((int) checksum.getValue() + (damaged ? 1 : 0)).array();
    }

    @Test
    void an_index_may_stand_first_and_have_no_checksum_and_chunks_may_come_in_any_order() {
        ByteBuffer shard = ByteBuffer.allocate(32 + 16).order(ByteOrder.LITTLE_ENDIAN);
        shard.putLong(40).putLong(8).putLong(32).putLong(8).putFloat(3).putFloat(4).putFloat(1).putFloat(2);
        array("start", "", "4", "2").bytes("v/c/0", shard.array());
        assertEquals(Arrays.asList(1f, 2f, 3f, 4f), Columns.read(table(), "v"));
    }

    @Test
    void a_chunk_that_the_index_does_not_have_holds_the_fill_value() {
        array("end", ", {'name': 'crc32c'}", "4", "2").bytes("v/c/0", shard(0, 8, false));
        assertEquals(Arrays.asList(null, null, 1f, 2f), Columns.read(table(), "v"));
    }

    @Test
    void damage_names_the_shard() {
        StoreWriter store = array("end", ", {'name': 'crc32c'}", "4", "2");
        for (byte[] bytes : new byte[][]{shard(0, 8, true), shard(40, 8, false), shard(0, 7, false),
                shard(-5, 8, false), new byte[20]}) {
            store.bytes("v/c/0", bytes);
            GraticuleException error = assertThrows(GraticuleException.class, () -> Columns.read(table(), "v"));
            assertEquals(ErrorKind.SOURCE, error.kind());
            assertTrue(error.getMessage().contains("'v/c/0' of array 'v'"), error::getMessage);
        }
    }

    @Test
    void shards_that_their_chunks_do_not_fill_are_refused() {
        array("end", "", "4", "3");
        GraticuleException error = assertThrows(GraticuleException.class, () -> Columns.read(table(), "v"));
        assertTrue(error.getMessage().contains("chunks of 3 do not fill shards of 4 along axis 0"), error::getMessage);
    }
}
