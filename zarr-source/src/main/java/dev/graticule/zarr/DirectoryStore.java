package dev.graticule.zarr;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A folder of a file system as a store: a key is a file's path below the folder. */
final class DirectoryStore implements Store {
    private static final long LARGEST_READ = 1 << 30;

    private final Path root;

    DirectoryStore(Path root) {
        this.root = root;
    }

    @Override
    public String describe(String key) {
        return path(key).toString();
    }

    @Override
    public Optional<byte[]> read(String key) throws IOException {
        Path path = path(key);
        try {
            return Optional.of(Files.readAllBytes(path));
        } catch (FileSystemException failure) {
            if (isAbsent(path, failure)) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    @Override
    public Optional<Reading> open(String key) throws IOException {
        Path path = path(key);
        try {
            return Optional.of(new FileReading(FileChannel.open(path, StandardOpenOption.READ)));
        } catch (FileSystemException failure) {
            if (isAbsent(path, failure)) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    @Override
    public List<String> folders(String key) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(path(key), Files::isDirectory)) {
            for (Path child : children) {
                names.add(child.getFileName().toString());
            }
        } catch (java.nio.file.DirectoryIteratorException failure) {
            throw failure.getCause();
        }
        Collections.sort(names);
        return names;
    }

    /** "Not a directory" (a file where a folder was looked for) means absent too; a missing permission does not. */
    private static boolean isAbsent(Path path, FileSystemException failure) {
        return failure instanceof NoSuchFileException || Files.notExists(path)
                || path.getParent() != null && Files.isRegularFile(path.getParent());
    }

    private Path path(String key) {
        return key.isEmpty() ? root : root.resolve(key);
    }

    private static final class FileReading implements Reading {
        private final FileChannel channel;
        private long size = -1;

        FileReading(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public long size() throws IOException {
            if (size < 0) {
                size = channel.size();
            }
            return size;
        }

        @Override
        public void read(long position, MemorySegment target) throws IOException {
            long done = 0;
            while (done < target.byteSize()) {
                long part = Math.min(target.byteSize() - done, LARGEST_READ);
                ByteBuffer buffer = target.asSlice(done, part).asByteBuffer();
                while (buffer.hasRemaining()) {
                    int count = channel.read(buffer, position + done + buffer.position());
                    if (count < 0) {
                        throw new EOFException("the file ends at byte " + channel.size());
                    }
                }
                done += part;
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
