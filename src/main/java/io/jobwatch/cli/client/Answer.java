package io.jobwatch.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;

/**
 * What a jobwatch answered.
 *
 * @param body the JSON object
 * @param lag  the age of the view that it was answered from
 * @param at   when it was answered, by the server's clock, to the second; the times in the body are of clocks close to that one
 */
public record Answer(JsonNode body, Duration lag, Instant at) {

    /** {@return whether jobwatch itself says that this is too old} */
    public boolean stale() {
        return body.path("stale").asBoolean();
    }
}
