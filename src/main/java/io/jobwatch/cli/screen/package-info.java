/**
 * What people see at a terminal: foreign text made harmless, columns aligned, times, colours, and a line that is drawn anew. Knows nothing
 * of where the facts come from.
 */
package io.jobwatch.cli.screen;
