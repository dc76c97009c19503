/** Parquet files: written with parquet-java, read with hardwood. Neither is loaded before a Parquet file is met. */
package dev.graticule.file.parquet;
