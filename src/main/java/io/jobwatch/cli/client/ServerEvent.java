package io.jobwatch.cli.client;

/**
 * One event of a stream.
 *
 * @param type {@code message} where the stream named none
 * @param data its lines joined by line feeds; never empty
 * @param id   the last id that the stream told until then; empty where it told none
 */
public record ServerEvent(String type, String data, String id) {
}
