package io.jobwatch.source;

/**
 * An item of a good page that could not be read as a job.
 *
 * @param raw    the item as the service sent it
 * @param reason what is wrong with it
 */
public record BadItem(byte[] raw, String reason) {
}
