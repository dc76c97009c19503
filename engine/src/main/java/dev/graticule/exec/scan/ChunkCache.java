package dev.graticule.exec.scan;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.batch.Buffers;
import dev.graticule.batch.Scratch;
import dev.graticule.exec.Permit;
import dev.graticule.exec.QueryContext;
import dev.graticule.exec.Worker;
import dev.graticule.spi.Block;
import dev.graticule.spi.GriddedTable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;

/**
 * Decoded chunks that several morsels of one query need, whichever scans they belong to: each is decoded once, shared, and forgotten when nobody uses it and
 * the budget is exceeded, the one that was used longest ago first. Thread-safe.
 *
 * <p>It is itself the memory that chunks are decoded into, which outlives the worker that does so. What is given back is kept for
 * the next chunk, and counts as long as it is kept.
 */
final class ChunkCache implements Buffers, AutoCloseable {
    private final BufferAllocator allocator;
    private final long budget;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    /** Buffers that nobody uses, by their capacity. */
    private final TreeMap<Long, Deque<ArrowBuf>> free = new TreeMap<>();

    /** Tables by their identity. */
    private final Map<GriddedTable, Integer> tables = new IdentityHashMap<>();

    /**
     * Which chunk of which variable of which table.
     *
     * @param table the number that {@link #numberOf} gives
     * @param variable its number in the table
     * @param chunk the index of the chunk along each of the variable's own dimensions; of a part of a chunk also its origin and shape
     */
    record Key(int table, int variable, List<Integer> chunk) {
    }

    private static final class Entry {
        private final CountDownLatch opened = new CountDownLatch(1);
        private Block block;
        private int users;
    }

    /** The cache of a query, which closes it. */
    static ChunkCache of(QueryContext query) {
        return query.shared(ChunkCache.class, () -> new ChunkCache(query));
    }

    /** A cache of its own; the caller closes it. */
    ChunkCache(QueryContext query) {
        this.allocator = query.allocator().newChildAllocator("chunks", 0, Long.MAX_VALUE);
        this.budget = query.options().memoryLimit() / 4;
    }

    /** The number that stands for a table in keys. */
    int numberOf(GriddedTable table) {
        lock.lock();
        try {
            return tables.computeIfAbsent(table, unused -> tables.size());
        } finally {
            lock.unlock();
        }
    }

    /** The chunk, decoded by {@code open} where nobody has it yet; the caller gives it back with {@link #release}. */
    Block acquire(Key key, Worker worker, Function<Buffers, Block> open) {
        Entry own = new Entry();
        for (Entry entry = use(key, own); entry != own; entry = use(key, own)) {
            if (entry.opened.getCount() > 0) {
                await(entry.opened);
            }
            if (entry.block != null) {
                return entry.block;
            }
            worker.query().checkRunning();
        }
        Block block = null;
        try {
            block = open.apply(this);
            return block;
        } finally {
            lock.lock();
            try {
                own.block = block;
                if (block == null) {
                    entries.remove(key);
                }
            } finally {
                lock.unlock();
                own.opened.countDown();
            }
        }
    }

    /** Waits until another worker has opened a chunk, or failed, or the query is stopped. */
    private static void await(CountDownLatch opened) {
        try {
            Permit.without(() -> {
                opened.await();
                return opened;
            });
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw GraticuleException.of(ErrorKind.CANCELLED, null, "The query was interrupted.", interruption);
        }
    }

    /** The entry of a key, with a user more: {@code own} where there was none. */
    private Entry use(Key key, Entry own) {
        lock.lock();
        try {
            Entry entry = entries.computeIfAbsent(key, unused -> own);
            entry.users++;
            return entry;
        } finally {
            lock.unlock();
        }
    }

    /** Gives a chunk back that {@link #acquire} gave. */
    void release(Key key) {
        lock.lock();
        try {
            entries.get(key).users--;
            while (allocator.getAllocatedMemory() > budget && (freeOne() || forgetOldest())) {
                // Until it fits, or everything is used.
            }
        } finally {
            lock.unlock();
        }
    }

    /** Forgets the chunk that nobody uses and that was used longest ago; false if all are used. */
    private boolean forgetOldest() {
        Iterator<Entry> oldestFirst = entries.values().iterator();
        while (oldestFirst.hasNext()) {
            Entry entry = oldestFirst.next();
            if (entry.users == 0) {
                oldestFirst.remove();
                entry.block.close();
                return true;
            }
        }
        return false;
    }

    /** Frees one of the buffers that are kept; false if there are none. */
    private boolean freeOne() {
        Map.Entry<Long, Deque<ArrowBuf>> largest = free.lastEntry();
        if (largest == null) {
            return false;
        }
        largest.getValue().pop().close();
        if (largest.getValue().isEmpty()) {
            free.remove(largest.getKey());
        }
        return true;
    }

    /** A kept buffer of at least that many bytes and less than twice as many, or {@code null}. */
    private ArrowBuf kept(long bytes) {
        Map.Entry<Long, Deque<ArrowBuf>> fitting = free.ceilingEntry(bytes);
        if (fitting == null || fitting.getKey() >= 2 * Long.max(1, bytes)) {
            return null;
        }
        ArrowBuf buffer = fitting.getValue().pop();
        if (fitting.getValue().isEmpty()) {
            free.remove(fitting.getKey());
        }
        return buffer;
    }

    @Override
    public ArrowBuf take(long bytes) {
        lock.lock();
        try {
            ArrowBuf buffer = kept(bytes);
            while (buffer == null && allocator.getAllocatedMemory() + bytes > budget && (freeOne() || forgetOldest())) {
                buffer = kept(bytes);
            }
            if (buffer != null) {
                return buffer;
            }
        } finally {
            lock.unlock();
        }
        try {
            return allocator.buffer(bytes);
        } catch (OutOfMemoryException exhausted) {
            throw Scratch.outOfMemory(bytes, allocator, exhausted);
        }
    }

    @Override
    public void giveBack(ArrowBuf buffer) {
        lock.lock();
        try {
            if (buffer.refCnt() == 1) {
                free.computeIfAbsent(buffer.capacity(), unused -> new ArrayDeque<>()).push(buffer);
            } else {
                buffer.close();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            for (Entry entry : entries.values()) {
                if (entry.block != null) {
                    entry.block.close();
                }
            }
            entries.clear();
            free.values().forEach(buffers -> buffers.forEach(ArrowBuf::close));
            free.clear();
        } finally {
            lock.unlock();
        }
        allocator.close();
    }
}
