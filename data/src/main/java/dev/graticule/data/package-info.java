/** The program that makes the small stores beside it: the README, the tests and the benchmarks read them. */
package dev.graticule.data;
