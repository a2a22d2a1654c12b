package io.jobwatch.embedded;

/**
 * A schema registered under a subject.
 *
 * @param version counts from 1 within the subject; never given twice unless it was deleted for good
 * @param id      the same for the same text under every subject
 * @param schema  its text as Avro writes it, documentation and defaults included
 * @param deleted no longer offered, but its id still answers
 */
record SchemaVersion(String subject, int version, int id, String schema, boolean deleted) {

    SchemaVersion asDeleted() {
        return new SchemaVersion(subject, version, id, schema, true);
    }
}
