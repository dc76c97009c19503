package dev.graticule.zarr.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The header of a gzip member (RFC 1952, section 2.3). */
final class GzipHeader {
    private static final int HEADER_CHECKSUM = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    private GzipHeader() {
    }

    /** Where the compressed data begins that belongs to the header at {@code start}. */
    static long end(MemorySegment source, long start) throws CorruptDataException {
        if (source.byteSize() - start < 18) {
            throw new CorruptDataException("gzip: " + (source.byteSize() - start) + " bytes, expected at least 18");
        }
        if (at(source, start) != 0x1f || at(source, start + 1) != 0x8b || at(source, start + 2) != 8) {
            throw new CorruptDataException("gzip: begins with %02x %02x %02x, expected 1f 8b 08".formatted(
                    at(source, start), at(source, start + 1),
                    at(source, start + 2)));
        }
        int flags = at(source, start + 3);
        long position = start + 10;
        if ((flags & EXTRA) != 0) {
            position += 2 + at(source, position) + (at(source, position + 1) << 8);
        }
        if ((flags & NAME) != 0) {
            position = afterZero(source, position);
        }
        if ((flags & COMMENT) != 0) {
            position = afterZero(source, position);
        }
        if ((flags & HEADER_CHECKSUM) != 0) {
            position += 2;
        }
        if (position > source.byteSize()) {
            throw new CorruptDataException("gzip: the file ends in the header, at byte " + source.byteSize());
        }
        return position;
    }

    private static long afterZero(MemorySegment source, long position) throws CorruptDataException {
        long end = position;
        while (at(source, end) != 0) {
            end++;
        }
        return end + 1;
    }

    private static int at(MemorySegment source, long position) throws CorruptDataException {
        if (position >= source.byteSize()) {
            throw new CorruptDataException("gzip: the file ends in the header, at byte " + source.byteSize());
        }
        return source.get(ValueLayout.JAVA_BYTE, position) & 0xff;
    }
}
