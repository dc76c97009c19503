/** The yardstick of the grid path: stores in several layouts, questions, and what answers them: the engine, DuckDB, hand-written loops. */
package dev.graticule.benchmarks.grid;
