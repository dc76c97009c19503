/** {@code COPY ... TO 'x.zarr'}: rows become the cells of a grid, chunk by chunk. */
package dev.graticule.zarr.copy;
