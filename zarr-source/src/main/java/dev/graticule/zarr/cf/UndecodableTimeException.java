package dev.graticule.zarr.cf;

/** A time that has no TIMESTAMP; the message is the rest of a sentence about the variable. */
public final class UndecodableTimeException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean unsupported;

    UndecodableTimeException(String message, boolean unsupported) {
        super(message);
        this.unsupported = unsupported;
    }

    /** Whether the metadata is right and only this version cannot follow it. */
    public boolean isUnsupported() {
        return unsupported;
    }
}
