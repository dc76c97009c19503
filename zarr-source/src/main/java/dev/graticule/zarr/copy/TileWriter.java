package dev.graticule.zarr.copy;

import dev.graticule.batch.Memory;
import dev.graticule.spi.CopySource;
import dev.graticule.zarr.codec.Compressor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;

/**
 * Compresses full tiles and writes their chunks, on threads of its own where the query may have several; and lends the buffers that
 * tiles are made of. One chunk has one writer. All methods are for one thread.
 */
final class TileWriter implements AutoCloseable {
    private final CopySource source;
    private final Path root;
    private final CopyOptions options;
    private final CopyGrid grid;
    private final List<CopyVariable> variables;
    private final BufferAllocator allocator;
    private final ExecutorService threads;
    private final int mostWaiting;
    private final Set<Path> folders = ConcurrentHashMap.newKeySet();

    // Guarded by this
    private final Map<Long, Deque<ArrowBuf>> free = new HashMap<>();
    private final Deque<Compressor> compressors = new ArrayDeque<>();
    private int waiting;
    private Throwable failure;

    TileWriter(CopySource source, Path root, CopyOptions options, CopyGrid grid, List<CopyVariable> variables) {
        this.source = source;
        this.root = root;
        this.options = options;
        this.grid = grid;
        this.variables = variables;
        this.allocator = source.allocator();
        this.mostWaiting = source.threads() + 1;
        this.threads = source.threads() == 1 ? null
                : Executors.newFixedThreadPool(source.threads(), Thread.ofPlatform().name("copy-", 1).factory());
    }

    /** A tile without cells; the caller closes it or gives it to {@link #write}. */
    Tile openTile(int[] place) {
        ArrowBuf[] buffers = new ArrowBuf[variables.size()];
        Tile tile = new Tile(place, grid.cellsWithin(place), buffers, grid.tileCells());
        boolean done = false;
        try {
            for (int v = 0; v < buffers.length; v++) {
                buffers[v] = take(bytes(v));
                variables.get(v).clear(segment(buffers[v], v));
            }
            done = true;
            return tile;
        } finally {
            if (!done) {
                tile.close();
            }
        }
    }

    private long bytes(int variable) {
        return (long) grid.tileCells() * variables.get(variable).element().bytes();
    }

    /** The cells that a tile's buffer holds. */
    MemorySegment segment(ArrowBuf buffer, int variable) {
        return Memory.segment(buffer.memoryAddress(), bytes(variable));
    }

    private ArrowBuf take(long bytes) {
        synchronized (this) {
            Deque<ArrowBuf> fitting = free.get(bytes);
            if (fitting != null && !fitting.isEmpty()) {
                return fitting.pop();
            }
        }
        try {
            return allocator.buffer(bytes);
        } catch (OutOfMemoryException exhausted) {
            // What is being written gives its memory back soon.
            waitForAll();
            releaseFree();
            return allocator.buffer(bytes);
        }
    }

    /** Writes a tile, now or soon; it belongs to this writer. @throws RuntimeException what an earlier one met */
    void write(Tile tile) {
        boolean here;
        synchronized (this) {
            here = threads == null || waiting >= mostWaiting || failure != null;
            if (!here) {
                waiting++;
            }
        }
        if (here) {
            try {
                requireSuccess();
                encode(tile);
            } catch (IOException | RuntimeException | Error problem) {
                fail(problem);
            } finally {
                tile.close();
            }
            requireSuccess();
        } else {
            threads.execute(() -> run(tile));
        }
    }

    private void run(Tile tile) {
        try {
            if (isRunning()) {
                encode(tile);
            }
        } catch (IOException | RuntimeException | Error problem) {
            fail(problem);
        } finally {
            tile.close();
            synchronized (this) {
                waiting--;
                notifyAll();
            }
        }
    }

    private synchronized boolean isRunning() {
        return failure == null;
    }

    private synchronized void fail(Throwable problem) {
        if (failure == null) {
            failure = problem;
        }
    }

    private void requireSuccess() {
        Throwable problem;
        synchronized (this) {
            problem = failure;
        }
        switch (problem) {
            case null -> {
                // All is well.
            }
            case RuntimeException known -> throw known;
            case Error known -> throw known;
            case IOException known -> throw new java.io.UncheckedIOException(known);
            default -> throw new IllegalStateException(problem);
        }
    }

    /** Waits until all is written. */
    void complete() {
        waitForAll();
        requireSuccess();
    }

    private synchronized void waitForAll() {
        boolean interrupted = false;
        while (waiting > 0) {
            try {
                wait();
            } catch (InterruptedException stopped) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void encode(Tile tile) throws IOException {
        Compressor compressor;
        synchronized (this) {
            compressor = compressors.poll();
        }
        if (compressor == null) {
            compressor = new Compressor(options.compression(), options.level(), allocator);
        }
        try {
            for (int v = 0; v < variables.size(); v++) {
                source.checkRunning();
                CopyVariable variable = variables.get(v);
                MemorySegment chunk = segment(tile.values(v), v);
                variable.inspect(chunk, grid.tileCells() - (long) tile.filled() + tile.nulls(v),
                        grid.tileCells() - (long) tile.cells());
                try (FileChannel file = openFile(root.resolve(variable.name()), tile.place())) {
                    if (grid.isSharded()) {
                        new ShardWriter(file, compressor, grid, allocator).write(tile, chunk,
                                variable.element().bytes());
                    } else {
                        writeAll(file, compressor.compress(chunk));
                    }
                }
                ArrowBuf buffer = tile.take(v);
                synchronized (this) {
                    free.computeIfAbsent(bytes(v), size -> new ArrayDeque<>()).push(buffer);
                }
            }
        } finally {
            synchronized (this) {
                compressors.push(compressor);
            }
        }
    }

    private FileChannel openFile(Path array, int[] place) throws IOException {
        Path file = array.resolve(key(options.version(), place));
        if (!folders.contains(file.getParent())) {
            Files.createDirectories(file.getParent());
            folders.add(file.getParent());
        }
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    static void writeAll(FileChannel channel, MemorySegment bytes) throws IOException {
        ByteBuffer content = bytes.asByteBuffer();
        while (content.hasRemaining()) {
            channel.write(content);
        }
    }

    /** The key of a chunk below its array, in the usual form of a version. */
    static String key(int version, int[] chunk) {
        StringBuilder key = new StringBuilder(version == 3 ? "c" : "");
        for (int index : chunk) {
            key.append(version == 3 ? "/" : key.isEmpty() ? "" : ".").append(index);
        }
        return key.toString();
    }

    private synchronized void releaseFree() {
        free.values().forEach(buffers -> buffers.forEach(ArrowBuf::close));
        free.clear();
    }

    @Override
    public void close() {
        if (threads != null) {
            fail(new IllegalStateException("closed"));
            threads.shutdown();
            waitForAll();
        }
        releaseFree();
        new ArrayList<>(compressors).forEach(Compressor::close);
        compressors.clear();
    }
}
