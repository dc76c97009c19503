/** Parquet, CSV and JSON files as tables, and as what COPY writes. */
package dev.graticule.file;
