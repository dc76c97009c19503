package dev.graticule.zarr.copy;

import dev.graticule.spi.CopySource;
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
 * Compresses full tiles and writes their chunks, on the calling thread or on threads of its own; and lends the memory that tiles are
 * made of. One chunk has one writer. Thread-safe, but for {@link #complete} and {@link #close}.
 */
final class TileWriter implements AutoCloseable {
    private static final int SHORTAGES = 4;

    private final CopySource source;
    private final Path root;
    private final CopyOptions options;
    private final CopyGrid grid;
    private final List<CopyVariable> variables;
    private final BufferAllocator allocator;
    private final BufferAllocator tiles;
    private final ExecutorService threads;
    private final int mostWaiting;
    private final Set<Path> folders = ConcurrentHashMap.newKeySet();
    private volatile boolean here;
    private Runnable shortage = () -> {
    };

    // Guarded by this
    private final Map<Long, Deque<ArrowBuf>> free = new HashMap<>();
    private final Deque<ChunkEncoder> encoders = new ArrayDeque<>();
    private int waiting;
    private Throwable failure;

    /** @param most how many bytes the tiles in flight may take, of the memory that the source lends */
    TileWriter(CopySource source, Path root, CopyOptions options, CopyGrid grid, List<CopyVariable> variables,
            long most) {
        this.source = source;
        this.root = root;
        this.options = options;
        this.grid = grid;
        this.variables = variables;
        this.allocator = source.allocator();
        this.tiles = allocator.newChildAllocator("tiles", 0, most);
        this.mostWaiting = source.threads() + 1;
        this.threads = source.threads() == 1 ? null
                : Executors.newFixedThreadPool(source.threads(), Thread.ofPlatform().name("copy-", 1).factory());
    }

    /** Whether tiles are written on the thread that gives them, because there are several such threads. */
    void writeHere(boolean now) {
        here = now;
    }

    /** What is called where there is no memory for a tile, to have others give up theirs. */
    void onShortage(Runnable action) {
        shortage = action;
    }

    /** A tile without memory, for {@link #open}. */
    Tile tile(int[] place) {
        return new Tile(place, grid.cellsWithin(place), grid.tileCells(), variables);
    }

    /** Gives a tile its memory; the caller closes it, also where this fails, or gives it to {@link #write}. */
    void open(Tile tile) {
        tile.open(this::take);
    }

    /** Memory for tiles, which the caller closes. @throws OutOfMemoryException where there is none, whoever gives up theirs */
    ArrowBuf take(long bytes) {
        synchronized (this) {
            Deque<ArrowBuf> fitting = free.get(bytes);
            if (fitting != null && !fitting.isEmpty()) {
                return fitting.pop();
            }
        }
        for (int attempt = 0;; attempt++) {
            try {
                return tiles.buffer(bytes);
            } catch (OutOfMemoryException exhausted) {
                if (attempt == SHORTAGES) {
                    throw exhausted;
                }
                // What is being written gives its memory back soon, and what is half full can wait elsewhere.
                waitForAll();
                if (attempt > 0) {
                    shortage.run();
                }
                releaseFree();
            }
        }
    }

    /** Writes a tile, now or soon; it belongs to this writer. @throws RuntimeException what an earlier one met */
    void write(Tile tile) {
        boolean now;
        synchronized (this) {
            now = here || threads == null || waiting >= mostWaiting || failure != null;
            if (!now) {
                waiting++;
            }
        }
        if (now) {
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

    /** What the first write that failed met, or {@code null}. */
    synchronized Throwable failure() {
        return failure;
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
        ChunkEncoder encoder;
        synchronized (this) {
            encoder = encoders.poll();
        }
        if (encoder == null) {
            encoder = new ChunkEncoder(options, allocator);
        }
        try {
            for (int v = 0; v < variables.size(); v++) {
                source.checkRunning();
                CopyVariable variable = variables.get(v);
                variable.encode(tile.values(v), grid.tileCells() - (long) tile.filled() + tile.nulls(v),
                        grid.tileCells() - (long) tile.cells());
                int width = variable.encodedBytes();
                MemorySegment elements = tile.values(v).asSlice(0, (long) grid.tileCells() * width);
                try (FileChannel file = openFile(root.resolve(variable.name()), tile.place())) {
                    if (grid.isSharded()) {
                        new ShardWriter(file, encoder, grid, allocator).write(tile, v, elements, width);
                    } else {
                        writeAll(file, encoder.encode(elements, width, tile.texts(v)));
                    }
                }
                long bytes = tile.values(v).byteSize();
                ArrowBuf buffer = tile.take(v);
                synchronized (this) {
                    free.computeIfAbsent(bytes, size -> new ArrayDeque<>()).push(buffer);
                }
            }
        } finally {
            synchronized (this) {
                encoders.push(encoder);
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
        if (key.isEmpty()) {
            key.append(0);
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
        new ArrayList<>(encoders).forEach(ChunkEncoder::close);
        encoders.clear();
        tiles.close();
    }
}
