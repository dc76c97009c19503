package dev.graticule.exec.scan;

import dev.graticule.batch.Scratch;
import dev.graticule.exec.QueryContext;
import dev.graticule.exec.Worker;
import dev.graticule.spi.Block;
import dev.graticule.batch.Buffers;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;

/**
 * Decoded chunks that several morsels of one query need: each is decoded once, shared, and forgotten when nobody uses it and
 * the budget is exceeded, the one that was used longest ago first. Thread-safe.
 */
final class ChunkCache implements AutoCloseable {
    private final BufferAllocator allocator;
    private final long budget;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Long, List<ArrowBuf>> free = new LinkedHashMap<>();
    private long bytes;

    /** Which chunk of which variable; {@code chunk} is the index of the chunk along each of the variable's own dimensions. */
    record Key(int variable, List<Integer> chunk) {
    }

    private static final class Entry {
        private Block block;
        private long bytes;
        private int users = 1;
    }

    ChunkCache(QueryContext query) {
        this.allocator = query.allocator().newChildAllocator("chunks", 0, Long.MAX_VALUE);
        this.budget = query.options().memoryLimit() / 4;
    }

    /** The chunk, decoded by {@code open} where nobody has it yet; the caller gives it back with {@link #release}. */
    Block acquire(Key key, Worker worker, Function<Buffers, Block> open) {
        Entry entry;
        lock.lock();
        try {
            while (true) {
                entry = entries.get(key);
                if (entry == null) {
                    entry = new Entry();
                    entries.put(key, entry);
                    break;
                }
                if (entry.block != null) {
                    entry.users++;
                    return entry.block;
                }
                worker.query().checkRunning();
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
        Counted buffers = new Counted();
        Block block = null;
        try {
            block = open.apply(buffers);
            return block;
        } finally {
            lock.lock();
            try {
                entry.block = block;
                entry.bytes = buffers.taken;
                bytes += buffers.taken;
                if (block == null) {
                    entries.remove(key);
                }
                evict();
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Gives a chunk back that {@link #acquire} gave. */
    void release(Key key) {
        lock.lock();
        try {
            entries.get(key).users--;
            evict();
        } finally {
            lock.unlock();
        }
    }

    private void evict() {
        Iterator<Entry> oldestFirst = entries.values().iterator();
        while (bytes > budget && oldestFirst.hasNext()) {
            Entry entry = oldestFirst.next();
            if (entry.users == 0) {
                oldestFirst.remove();
                bytes -= entry.bytes;
                entry.block.close();
            }
        }
    }

    /** Buffers of the cache, counted for one chunk; they outlive the worker that decoded into them. */
    private final class Counted implements Buffers {
        private long taken;

        @Override
        public ArrowBuf take(long size) {
            lock.lock();
            try {
                List<ArrowBuf> pooled = free.get(size);
                taken += size;
                if (pooled != null && !pooled.isEmpty()) {
                    return pooled.removeLast();
                }
            } finally {
                lock.unlock();
            }
            try {
                return allocator.buffer(size);
            } catch (OutOfMemoryException exhausted) {
                throw Scratch.outOfMemory(size, allocator, exhausted);
            }
        }

        @Override
        public void giveBack(ArrowBuf buffer) {
            lock.lock();
            try {
                if (buffer.refCnt() == 1) {
                    free.computeIfAbsent(buffer.capacity(), unused -> new ArrayList<>()).add(buffer);
                } else {
                    buffer.close();
                }
            } finally {
                lock.unlock();
            }
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
            free.values().forEach(pooled -> pooled.forEach(ArrowBuf::close));
            free.clear();
        } finally {
            lock.unlock();
        }
        allocator.close();
    }
}
