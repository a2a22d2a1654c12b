/**
 * The other side of the HTTP API: asks a running jobwatch, follows its stream of transitions, and says what is wrong where it does not
 * answer. Knows nothing of commands or terminals.
 */
package io.jobwatch.cli.client;
