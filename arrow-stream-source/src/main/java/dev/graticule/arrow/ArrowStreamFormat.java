package dev.graticule.arrow;

import dev.graticule.spi.CopyFormat;
import dev.graticule.spi.CopyWriter;
import java.util.List;
import java.util.Map;

/** {@code COPY ... TO 'x.arrows'}: an Arrow IPC stream. */
public final class ArrowStreamFormat implements CopyFormat {
    @Override
    public String format() {
        return "arrows";
    }

    @Override
    public List<String> endings() {
        return List.of("arrows");
    }

    @Override
    public CopyWriter writer(String target, Map<String, Object> options) {
        return ArrowCopyWriter.of(format(), true, options);
    }
}
