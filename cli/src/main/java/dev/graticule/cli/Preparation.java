package dev.graticule.cli;

import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Loads what is slow to load while the SQL is still being read: Arrow's schema class sets up a JSON library when it is first
 * touched, which takes as long as everything else of a small query.
 */
final class Preparation implements Runnable {
    @Override
    public void run() {
        new Schema(List.of(Field.nullable("", ArrowType.Utf8.INSTANCE)));
    }
}
