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
import java.nio.file.attribute.PosixFileAttributeView;

/**
 * A file that appears, whole, when it is {@link #commit committed}: until then it is written under another name beside it,
 * and closed without that nothing is left. A link stays a link, and what is no file, such as {@code /dev/null} or a named pipe,
 * is written to as it is and never replaced.
 */
final class OutputFile implements AutoCloseable {
    private final Path target;
    /** The target itself, where it is no file. */
    private final Path temporary;
    private final OutputStream stream;
    private boolean committed;

    /** @throws IOException where the folder cannot be written to */
    OutputFile(Path target) throws IOException {
        if (Files.isDirectory(target)) {
            throw new IOException("'" + target + "' is a folder");
        }
        boolean replaces = Files.isRegularFile(target);
        if (replaces && !Files.isWritable(target)) {
            throw new IOException("cannot write '" + target + "': it may not be written to");
        }
        this.target = replaces ? target.toRealPath() : target.toAbsolutePath();
        if (Files.exists(target) && !replaces) {
            this.temporary = this.target;
            this.stream = new BufferedOutputStream(Files.newOutputStream(target), 1 << 16);
            return;
        }
        this.temporary = this.target
                .resolveSibling("." + this.target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            this.stream = new BufferedOutputStream(Files.newOutputStream(temporary), 1 << 16);
        } catch (NoSuchFileException missing) {
            Path folder = this.target.getParent();
            throw new IOException("cannot write '" + target + "': "
                    + (Files.isDirectory(folder) ? folder + " takes no files" : "there is no folder " + folder),
                    missing);
        } catch (AccessDeniedException denied) {
            throw new IOException(
                    "cannot write '" + target + "': " + this.target.getParent() + " may not be written to", denied);
        }
        // For an end by a signal; a file that was committed has another name.
        temporary.toFile().deleteOnExit();
    }

    /** Whether the target is, or becomes, a file. */
    boolean isFile() {
        return !temporary.equals(target);
    }

    OutputStream stream() {
        return stream;
    }

    /** Gives the file its name, replacing an older one. */
    void commit() throws IOException {
        stream.close();
        if (isFile()) {
            keepPermissions();
            try {
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException elsewhere) {
                Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        committed = true;
    }

    private void keepPermissions() throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(temporary, PosixFileAttributeView.class);
        if (view != null && Files.exists(target)) {
            view.setPermissions(Files.getPosixFilePermissions(target));
        }
    }

    @Override
    public void close() throws IOException {
        if (!committed) {
            stream.close();
            if (isFile()) {
                Files.deleteIfExists(temporary);
            }
        }
    }
}
