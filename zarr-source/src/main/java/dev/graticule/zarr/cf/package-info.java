/** What the CF conventions and xarray say about values: time, packing and missing data. */
package dev.graticule.zarr.cf;
