package io.jobwatch.config;

/**
 * Where queries are answered.
 *
 * @param host address to bind; only a loopback address works without authentication
 * @param port TCP port; 0 takes any free one
 */
public record QueryConfig(String host, int port) {
}
