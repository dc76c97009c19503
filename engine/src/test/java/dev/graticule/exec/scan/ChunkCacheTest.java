package dev.graticule.exec.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.QueryOptions;
import dev.graticule.batch.Buffers;
import dev.graticule.batch.Layout;
import dev.graticule.batch.Values;
import dev.graticule.exec.QueryContext;
import dev.graticule.exec.Worker;
import dev.graticule.spi.Block;
import dev.graticule.type.SqlType;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

/** Decoded chunks are kept within a share of the query's memory, however many are read and however long they are. */
class ChunkCacheTest {
    private static final long LIMIT = 4L << 20;

    private interface Use {
        void accept(ChunkCache cache, Worker worker, BufferAllocator memory);
    }

    private static void withCache(Use use) {
        try (BufferAllocator memory = new RootAllocator(LIMIT)) {
            QueryContext query = new QueryContext(QueryOptions.defaults().withMemoryLimit(LIMIT), memory);
            try (Worker worker = new Worker(0, query)) {
                use.accept(worker.own(new ChunkCache(query)), worker, memory);
            }
            assertEquals(0, memory.getAllocatedMemory());
        }
    }

    private static Block open(Buffers buffers, int bytes) {
        ArrowBuf compressed = buffers.take(bytes / 2);
        ArrowBuf data = buffers.take(bytes);
        buffers.giveBack(compressed);
        return new Block(Values.of(SqlType.TINYINT, bytes, data, null), Layout.strided(0, 1),
                () -> buffers.giveBack(data));
    }

    private static ChunkCache.Key key(int chunk) {
        return new ChunkCache.Key(0, 0, List.of(chunk));
    }

    @Test
    void manyChunksStayWithinTheBudgetWhateverTheirLengths() {
        withCache((cache, worker, memory) -> {
            for (int chunk = 0; chunk < 400; chunk++) {
                int bytes = 70_001 + chunk % 7 * 10_000;
                cache.acquire(key(chunk), worker, buffers -> open(buffers, bytes));
                cache.release(key(chunk));
                assertTrue(memory.getAllocatedMemory() <= LIMIT / 2,
                        memory.getAllocatedMemory() + " bytes after chunk " + chunk);
            }
        });
    }

    @Test
    void aChunkThatIsUsedStaysAndIsDecodedOnce() {
        withCache((cache, worker, memory) -> {
            Block held = cache.acquire(key(0), worker, buffers -> open(buffers, 100_000));
            held.values().data().fill((byte) 7);
            for (int chunk = 1; chunk < 100; chunk++) {
                cache.acquire(key(chunk), worker, buffers -> {
                    Block block = open(buffers, 100_000);
                    block.values().data().fill((byte) 1);
                    return block;
                });
                cache.release(key(chunk));
            }
            Block again = cache.acquire(key(0), worker, buffers -> {
                throw new AssertionError("decoded twice");
            });
            assertEquals((byte) 7, again.values().object(99_999));
            cache.release(key(0));
            cache.release(key(0));
        });
    }

    @Test
    void aChunkThatFailedMayBeTriedAgain() {
        withCache((cache, worker, memory) -> {
            assertThrows(IllegalStateException.class, () -> cache.acquire(key(0), worker, buffers -> {
                throw new IllegalStateException("broken");
            }));
            assertEquals(1000, cache.acquire(key(0), worker, buffers -> open(buffers, 1000)).values().count());
            cache.release(key(0));
        });
    }

    @Test
    void whoWaitsForAChunkOfAnotherWorkerCanBeInterrupted() throws InterruptedException {
        CountDownLatch opening = new CountDownLatch(1);
        CountDownLatch mayOpen = new CountDownLatch(1);
        try (BufferAllocator memory = new RootAllocator(LIMIT)) {
            QueryContext query = new QueryContext(QueryOptions.defaults().withMemoryLimit(LIMIT), memory);
            try (Worker first = new Worker(0, query); Worker second = new Worker(1, query);
                    ChunkCache cache = new ChunkCache(query)) {
                Thread opener = Thread.ofPlatform().start(() -> cache.acquire(key(0), first, buffers -> {
                    opening.countDown();
                    try {
                        mayOpen.await();
                    } catch (InterruptedException interruption) {
                        throw new IllegalStateException(interruption);
                    }
                    return open(buffers, 100);
                }));
                opening.await();
                Thread.currentThread().interrupt();
                GraticuleException stopped = assertThrows(GraticuleException.class,
                        () -> cache.acquire(key(0), second, buffers -> open(buffers, 100)));
                assertEquals(ErrorKind.CANCELLED, stopped.kind());
                assertTrue(Thread.interrupted());
                mayOpen.countDown();
                opener.join();
            }
            assertEquals(0, memory.getAllocatedMemory());
        }
    }
}
