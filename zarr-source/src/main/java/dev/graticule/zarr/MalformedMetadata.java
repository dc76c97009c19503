package dev.graticule.zarr;

/** Metadata that does not follow the format; the message says what is wrong, the catcher adds where. */
final class MalformedMetadata extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedMetadata(String message) {
        super(message);
    }
}
