package io.jobwatch.bench;

import java.util.List;
import jdk.jfr.consumer.RecordedFrame;

/** What a stack of the stream thread is about: the first phase of which a frame is on it. */
enum Phase {
    HEADERS("make the outputs' headers", "io.jobwatch.topic.EventHeaders"),
    DECODE_EVENT("read the event (Avro, key, checks)", "io.jobwatch.topology.EventReader."),
    TIMERS("remember what falls due", "io.jobwatch.topology.JobTimers", "io.jobwatch.topology.DueJobs"),
    DECODE("decode the status", "AvroDecoder.decode", "GenericAvroSerde.deserialize"),
    ENCODE("encode the outputs", "AvroEncoder.encode", "GenericAvroSerde.serialize"),
    DECIDE("decide: the state machine", "io.jobwatch.job.", "GenericJobs."),
    COUNT("count: our metrics", "TopologyMetrics."),
    CHANGELOG("send to the changelog", ".logChange", "ChangeLoggingKeyValueBytesStore.log"),
    STORE_GET("get from the store", "RocksDBStore.get", "InMemoryKeyValueStore.get"),
    STORE_PUT("put into the store", "RocksDBStore.put", "InMemoryKeyValueStore.put"),
    COMMIT("commit", "TaskExecutor.commit", "KafkaProducer.commitTransaction", "KafkaProducer.sendOffsetsToTransaction"),
    SEND("send to the outputs", "RecordCollectorImpl.send", "KafkaProducer.send"),
    POLL("poll the consumer", "KafkaConsumer.poll", "StreamThread.pollPhase"),
    QUEUE("queue and choose records", "PartitionGroup.", "RecordQueue.", "StreamTask.isProcessable", "StreamTask.addRecords"),
    STATE_METRICS("the stores' wrappers and metrics", "MeteredKeyValueStore."),
    DETECT("our processor, besides the above", "io.jobwatch.topology."),
    STREAMS("Streams, besides the above", "org.apache.kafka.streams."),
    OTHER("anything else", "");

    private final String title;
    private final List<String> marks;

    Phase(String title, String... marks) {
        this.title = title;
        this.marks = List.of(marks);
    }

    String title() {
        return title;
    }

    /** {@return the phase of a stack} */
    static Phase of(List<RecordedFrame> frames) {
        List<String> names = frames.stream()
                .map(frame -> frame.getMethod().getType().getName() + "." + frame.getMethod().getName()).toList();
        for (Phase phase : values()) {
            if (names.stream().anyMatch(name -> phase.marks.stream().anyMatch(name::contains))) {
                return phase;
            }
        }
        return OTHER;
    }
}
