/**
 * What jobwatch tells people of its own accord: a block on the console for each change, and a file for each stop.
 *
 * <p>Reads the topics {@code job-transitions} and {@code job-error-reports} and nothing else; delivers at least once, so everything written
 * here may be written again with the same content.
 */
package io.jobwatch.report;
