package dev.graticule.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that appears, whole, when it is {@link #commit committed}: until then it is written under another name beside it,
 * and closed without that nothing is left.
 */
final class OutputFile implements AutoCloseable {
    private final Path target;
    private final Path temporary;
    private final OutputStream stream;
    private boolean committed;

    /** @throws IOException where the folder cannot be written to */
    OutputFile(Path target) throws IOException {
        if (Files.isDirectory(target)) {
            throw new IOException("'" + target + "' is a folder");
        }
        this.target = target.toAbsolutePath();
        this.temporary = this.target
                .resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            this.stream = new BufferedOutputStream(Files.newOutputStream(temporary), 1 << 16);
        } catch (NoSuchFileException missing) {
            throw new IOException("cannot write '" + target + "': there is no folder " + this.target.getParent(),
                    missing);
        } catch (AccessDeniedException denied) {
            throw new IOException(
                    "cannot write '" + target + "': " + this.target.getParent() + " may not be written to", denied);
        }
    }

    OutputStream stream() {
        return stream;
    }

    /** Gives the file its name, replacing an older one. */
    void commit() throws IOException {
        stream.close();
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException elsewhere) {
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        }
        committed = true;
    }

    @Override
    public void close() throws IOException {
        if (!committed) {
            stream.close();
            Files.deleteIfExists(temporary);
        }
    }
}
