package dev.graticule.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.Engine;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.c.ArrowArray;
import org.apache.arrow.c.ArrowSchema;
import org.apache.arrow.c.CDataDictionaryProvider;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class ResultStreamTest {
    private static Object done(Pending pending) throws Exception {
        assertTrue(pending.within(60_000));
        return pending.result();
    }

    @Test
    void its_batches_cross_by_the_c_data_interface_and_outlive_it() throws Exception {
        try (Engine engine = Engine.create(); BufferAllocator consumer = new RootAllocator()) {
            ResultStream stream = new ResultStream(() -> engine.query("SELECT range AS n FROM range(3)").run());
            assertEquals(true, done(stream.open()));
            try (CDataDictionaryProvider provider = new CDataDictionaryProvider();
                    ArrowSchema schema = ArrowSchema.allocateNew(consumer);
                    ArrowArray array = ArrowArray.allocateNew(consumer)) {
                stream.exportSchema(schema.memoryAddress());
                assertEquals(true, done(stream.next(array.memoryAddress())));
                assertEquals(true, done(stream.close()));
                try (VectorSchemaRoot rows = Data.importVectorSchemaRoot(consumer, array, schema, provider)) {
                    assertEquals(3, rows.getRowCount());
                    assertEquals(2L, rows.getVector("n").getObject(2));
                }
            }
            assertEquals(0, engine.allocatedBytes());
        }
    }

    @Test
    void after_the_last_batch_it_says_so() throws Exception {
        try (Engine engine = Engine.create(); BufferAllocator consumer = new RootAllocator()) {
            ResultStream stream = new ResultStream(() -> engine.query("SELECT 1 WHERE false").run());
            done(stream.open());
            try (ArrowArray array = ArrowArray.allocateNew(consumer)) {
                assertEquals(false, done(stream.next(array.memoryAddress())));
            }
            done(stream.close());
        }
    }

    @Test
    void what_is_closed_while_it_is_opened_is_closed_when_it_is_there() throws Exception {
        CountDownLatch opening = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (Engine engine = Engine.create()) {
            ResultStream stream = new ResultStream(() -> {
                opening.countDown();
                closed.await();
                return engine.query("SELECT range FROM range(10)").run();
            });
            Pending open = stream.open();
            assertFalse(open.within(1));
            opening.await();
            done(stream.close());
            closed.countDown();
            assertTrue(open.within(60_000));
            assertEquals(ErrorKind.CANCELLED, assertThrows(GraticuleException.class, open::result).kind());
            assertEquals(0, engine.allocatedBytes());
        }
    }

    @Test
    void it_may_be_closed_without_having_been_opened_and_again() throws Exception {
        ResultStream stream = new ResultStream(() -> {
            throw new IllegalStateException("must not be opened");
        });
        assertEquals(true, done(stream.close()));
        assertEquals(true, done(stream.close()));
    }
}
