package dev.graticule.zarr.codec;

/** Bytes that are not what their codec writes; the message says what was expected and what was found. */
public final class CorruptDataException extends Exception {
    private static final long serialVersionUID = 1L;

    public CorruptDataException(String message) {
        super(message);
    }

    public CorruptDataException(String message, Throwable cause) {
        super(message, cause);
    }
}
