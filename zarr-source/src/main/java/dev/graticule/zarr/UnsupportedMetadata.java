package dev.graticule.zarr;

/** Metadata that follows the format and that this version cannot work with; the message names the codec, type or feature. */
final class UnsupportedMetadata extends Exception {
    private static final long serialVersionUID = 1L;

    UnsupportedMetadata(String message) {
        super(message);
    }
}
