/** Comparisons of the engine with what else can answer the same question on the same files. */
package dev.graticule.benchmarks;
