/**
 * Zarr stores as tables: {@link dev.graticule.zarr.ZarrTable} opens them, {@link dev.graticule.zarr.ZarrProvider} is what
 * the engine finds by itself. Metadata becomes a hierarchy, a hierarchy becomes grids, and a grid's reader decodes chunks.
 */
package dev.graticule.zarr;
