package io.jobwatch.query.http;

import io.jobwatch.event.JobTransition;

/** Transitions in the form that all answers have. */
public final class EventJson {

    private EventJson() {
    }

    /** {@return the transition as a JSON object in one line, UTF-8} */
    public static byte[] of(JobTransition transition) {
        return Json.bytes(json -> Json.writeRecord(json, transition));
    }
}
