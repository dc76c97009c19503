package dev.graticule.arrow;

import dev.graticule.spi.CopyFormat;
import dev.graticule.spi.CopyWriter;
import java.util.List;
import java.util.Map;

/** {@code COPY ... TO 'x.arrow'}: an Arrow IPC file. */
public final class ArrowFileFormat implements CopyFormat {
    @Override
    public String format() {
        return "arrow";
    }

    @Override
    public List<String> endings() {
        return List.of("arrow", "feather", "ipc");
    }

    @Override
    public CopyWriter writer(String target, Map<String, Object> options) {
        return ArrowCopyWriter.of(format(), false, options);
    }
}
