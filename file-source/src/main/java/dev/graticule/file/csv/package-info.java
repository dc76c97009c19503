/** CSV files. */
package dev.graticule.file.csv;
