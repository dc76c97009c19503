/** Rows as text: CSV and JSON, for files and for the command, with one place that writes a cell. */
package dev.graticule.file.text;
