package io.jobwatch.topic.deadletter;

/** Where a record stands; written {@code <topic>-<partition>@<offset>}. */
public record Place(String topic, int partition, long offset) {

    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
