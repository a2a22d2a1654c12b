/**
 * The benchmark: what the topology reaches beside a bare loop and beside the obvious DSL program, how it scales with its store, and how
 * late its transitions are. Every process that is measured is a child of its own, so that its processor time can be told apart.
 *
 * <p>{@code ops/bench/README.md} says how to run and read it.
 */
package io.jobwatch.bench;
