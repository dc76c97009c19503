/**
 * Decoding of stored bytes: the compressors of both versions of the Zarr format, on native memory, with every index
 * checked before native code sees an address.
 */
package dev.graticule.zarr.codec;
