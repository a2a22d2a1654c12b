/**
 * The configuration as immutable values, and its loader. Knows the event classes for the names of states, and nothing else of jobwatch;
 * every other package may use it.
 */
package io.jobwatch.config;
