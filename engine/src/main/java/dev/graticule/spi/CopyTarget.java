package dev.graticule.spi;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file or folder that appears, whole, when it is {@link #commit committed}: until then it is written under a hidden name
 * beside it, and closed without that nothing is left, also where the process is asked to end in between. What stood at the
 * target stays until then. Used by one thread.
 */
public final class CopyTarget implements AutoCloseable {
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final Path target;
    private final Path temporary;
    private final Thread atExit;
    private boolean done;

    private CopyTarget(Path target, Path temporary) {
        this.target = target;
        this.temporary = temporary;
        this.atExit = Thread.ofPlatform().unstarted(this::deleteQuietly);
    }

    /**
     * A target whose {@link #path} is free; the caller closes it. A symbolic link is followed; a device or pipe is written as it is.
     *
     * @throws IOException where the folder does not exist or may not be written to, with a message for the user
     */
    public static CopyTarget open(Path written) throws IOException {
        Path target = written.toAbsolutePath();
        if (Files.exists(target)) {
            target = target.toRealPath();
            if (Files.readAttributes(target, BasicFileAttributes.class).isOther()) {
                return new CopyTarget(target, target);
            }
        }
        Path folder = target.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new IOException("cannot write '" + written + "': there is no folder " + folder);
        }
        Path temporary = target.resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid() + "-"
                + NUMBERS.incrementAndGet() + ".part");
        try {
            // A file that cannot be made is told before the query runs.
            Files.createFile(temporary);
            Files.delete(temporary);
        } catch (NoSuchFileException | AccessDeniedException denied) {
            throw new IOException("cannot write '" + written + "': " + folder + " may not be written to", denied);
        }
        CopyTarget opened = new CopyTarget(target, temporary);
        Runtime.getRuntime().addShutdownHook(opened.atExit);
        return opened;
    }

    /** What is to be written. */
    public Path path() {
        return temporary;
    }

    /** Gives what was written its name, in place of what had it before. Everything must be closed. */
    public void commit() throws IOException {
        if (!temporary.equals(target)) {
            if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
                replaceFolder();
            } else {
                move(temporary, target);
            }
        }
        forget();
    }

    /** A folder with content cannot be replaced in one step: the old one steps aside, and back if the new one cannot come. */
    private void replaceFolder() throws IOException {
        Path aside = temporary.resolveSibling(temporary.getFileName() + ".old");
        move(target, aside);
        try {
            move(temporary, target);
        } catch (IOException failure) {
            move(aside, target);
            throw failure;
        }
        delete(aside);
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException elsewhere) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void forget() {
        done = true;
        if (!temporary.equals(target)) {
            try {
                Runtime.getRuntime().removeShutdownHook(atExit);
            } catch (IllegalStateException ending) {
                // The process ends: the hook finds nothing to delete.
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (!done) {
            forget();
            if (!temporary.equals(target)) {
                delete(temporary);
            }
        }
    }

    private void deleteQuietly() {
        try {
            delete(temporary);
        } catch (IOException unreachable) {
            // The process ends, and there is nobody to tell.
        }
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
