package dev.graticule.file;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The decompressed bytes of a file. Used by one thread. */
public final class TextInput extends FilterInputStream {
    private final Counted file;

    private TextInput(InputStream text, Counted file) {
        super(text);
        this.file = file;
    }

    /** Makes a stream of text of that of a file's bytes. */
    @FunctionalInterface
    interface Decompression {
        InputStream open(InputStream file) throws IOException;
    }

    /** Takes over a file's stream, also where this fails. */
    static TextInput open(InputStream file, Decompression decompression) throws IOException {
        Counted counted = new Counted(file);
        try {
            return new TextInput(decompression.open(counted), counted);
        } catch (IOException | RuntimeException failure) {
            counted.close();
            throw failure;
        }
    }

    /** How many bytes of the file were read so far, compressed as they are there. */
    public long bytesRead() {
        return file.bytes;
    }

    private static final class Counted extends FilterInputStream {
        private long bytes;

        Counted(InputStream file) {
            super(file);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            bytes += read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            bytes += Integer.max(read, 0);
            return read;
        }
    }
}
