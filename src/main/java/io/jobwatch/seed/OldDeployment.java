package io.jobwatch.seed;

import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.event.PollCursor;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.seed.Transfer.Destination;
import io.jobwatch.seed.Transfer.Place;
import io.jobwatch.seed.Transfer.With;
import io.jobwatch.topic.TopicException;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The deployment that is carried over: what is in its topics, and whether it is at rest. It is only read. Belongs to one thread. */
final class OldDeployment implements AutoCloseable {
    private final Side side;
    private final Admin admin;
    private final CommittedReader reader;
    private final Seed.Progress progress;
    /** The partitions of each topic that is there. */
    private final Map<String, Integer> partitions;

    OldDeployment(Side side, Seed.Progress progress) {
        this.side = side;
        this.progress = progress;
        this.admin = Answers.admin(side);
        try {
            this.partitions = describe();
            if (partitions.isEmpty()) {
                throw new TopicException("there are no topics " + side.topics().prefix() + "* in the old cluster: are topics.prefix and "
                        + "kafka.bootstrap-servers of the old configuration right?");
            }
            this.reader = new CommittedReader(side);
        } catch (RuntimeException e) {
            admin.close();
            throw e;
        }
    }

    String clusterId() {
        return Answers.await(side, admin.describeCluster().clusterId(), "describe the cluster");
    }

    private Map<String, Integer> describe() {
        List<String> names = new ArrayList<>(side.topics().all());
        names.addAll(side.names().changelogs());
        return Topics.described(admin, side, names);
    }

    boolean has(String topic) {
        return partitions.containsKey(topic);
    }

    /**
     * Requires that nothing happens and nothing waits: what waits would be known to neither of the two.
     *
     * @throws TopicException otherwise, with what to do
     */
    void requireAtRest() {
        Groups groups = new Groups(admin, side);
        groups.requireStopped();
        String events = side.topics().jobStateEvents();
        String unprocessed = !has(events) ? "" : groups.behind(side.names().processGroup(), events, partitions.get(events), reader);
        if (!unprocessed.isEmpty()) {
            throw new TopicException("events wait for the topology of the old deployment (" + unprocessed + "): run the old "
                    + "configuration with roles: [process] until it has processed them, then stop it and try again");
        }
        String reports = side.topics().jobErrorReports();
        boolean reporting = !groups.committed(side.names().reportGroup(), eachPartition(reports).toList()).isEmpty();
        String unwritten = !reporting ? "" : groups.behind(side.names().reportGroup(), reports, partitions.get(reports), reader);
        if (!unwritten.isEmpty()) {
            throw new TopicException("reports of the old deployment are not written yet (" + unwritten + "), and the new one begins after "
                    + "them: run the old configuration with roles: [report] until it has written them, then stop it and try again");
        }
    }

    /**
     * Requires that the statuses are whole where they are to be read from.
     *
     * @throws TopicException if the topic and the changelog differ and neither is named as the right one
     */
    void requireState(StateFrom stateFrom) {
        String topic = side.topics().jobStatus();
        String changelog = side.names().statusChangelog();
        if (stateFrom != StateFrom.BOTH) {
            String chosen = stateFrom == StateFrom.TOPIC ? topic : changelog;
            if (!has(chosen)) {
                throw new TopicException("topic " + chosen + ", which the statuses are to be read from, is not there");
            }
            return;
        }
        Contents inTopic = latest(topic, topic);
        Contents inChangelog = latest(changelog, topic);
        List<String> differences = inTopic.differences(inChangelog);
        if (!differences.isEmpty()) {
            throw new TopicException("topic " + topic + " holds " + inTopic.records() + " statuses and the changelog of the store, "
                    + changelog + ", " + inChangelog.records() + ", and they differ though each transaction writes both: one of them was "
                    + "lost, or made anew. Say which is whole: --state-from topic, or --state-from changelog");
        }
    }

    private Contents latest(String topic, String under) {
        Contents contents = new Contents();
        eachPartition(topic).forEach(partition -> readLatest(partition, record ->
                contents.add(new TopicPartition(under, partition.partition()), record.key(), record.value(), Contents.NO_HEADERS)));
        return contents;
    }

    /**
     * {@return what is to be carried over, of the topics that are there}
     *
     * @param to the new deployment
     */
    List<Transfer> transfers(Side to, StateFrom stateFrom, Set<History> history) {
        TopicNames old = side.topics();
        TopicNames now = to.topics();
        boolean fromChangelog = stateFrom == StateFrom.CHANGELOG;
        List<Transfer> transfers = new ArrayList<>(List.of(
                new Transfer(fromChangelog ? side.names().statusChangelog() : old.jobStatus(), true,
                        JobStatus.getClassSchema(), now.jobStatus(), List.of(
                        new Destination(now.jobStatus(), Place.BY_KEY, fromChangelog ? With.STATUS_HEADERS : With.ITS_HEADERS),
                        new Destination(to.names().statusChangelog(), Place.BY_KEY, With.NO_HEADERS))),
                new Transfer(side.names().sourceAlertsChangelog(), true, JobAlert.getClassSchema(), now.jobAlerts(),
                        List.of(new Destination(to.names().sourceAlertsChangelog(), Place.FIRST, With.NO_HEADERS))),
                new Transfer(old.pollCursors(), true, PollCursor.getClassSchema(), now.pollCursors(),
                        List.of(new Destination(now.pollCursors(), Place.SAME, With.ITS_HEADERS))),
                copy(old.sourceStatus(), true, SourceStatus.getClassSchema(), now.sourceStatus())));
        if (history.contains(History.REPORTS)) {
            transfers.add(copy(old.jobErrorReports(), false, JobErrorReport.getClassSchema(), now.jobErrorReports()));
        }
        if (history.contains(History.ALERTS)) {
            transfers.add(copy(old.jobAlerts(), false, JobAlert.getClassSchema(), now.jobAlerts()));
        }
        if (history.contains(History.TRANSITIONS)) {
            transfers.add(copy(old.jobTransitions(), false, JobTransition.getClassSchema(), now.jobTransitions()));
        }
        requireLanes();
        return transfers.stream().filter(transfer -> has(transfer.from())).toList();
    }

    private static Transfer copy(String from, boolean latest, Schema schema, String to) {
        return new Transfer(from, latest, schema, to, List.of(new Destination(to, Place.BY_KEY, With.ITS_HEADERS)));
    }

    private void requireLanes() {
        Integer lanes = partitions.get(side.topics().pollCursors());
        if (lanes != null && lanes != TopicSpec.LANES) {
            throw new TopicException("topic " + side.topics().pollCursors() + " has " + lanes + " partitions and not " + TopicSpec.LANES
                    + ": it is none that jobwatch set up, and where its sources' cursors belong is not known");
        }
    }

    /** Reads what a transfer carries over, in the order of each partition. */
    void read(Transfer transfer, Consumer<ConsumerRecord<byte[], byte[]>> taker) {
        eachPartition(transfer.from()).forEach(partition -> {
            if (transfer.latest()) {
                readLatest(partition, taker);
            } else {
                reader.read(partition, record -> {
                    progress.read(partition, record.offset());
                    taker.accept(record);
                });
            }
        });
    }

    private void readLatest(TopicPartition partition, Consumer<ConsumerRecord<byte[], byte[]>> taker) {
        LatestOffsets latest = LatestOffsets.find(reader, partition, record -> progress.read(partition, record.offset()));
        reader.read(partition, record -> {
            progress.read(partition, record.offset());
            if (latest.isLatest(record)) {
                taker.accept(record);
            }
        });
    }

    private Stream<TopicPartition> eachPartition(String topic) {
        return Topics.partitions(topic, partitions.getOrDefault(topic, 0)).stream();
    }

    @Override
    public void close() {
        reader.close();
        admin.close();
    }
}
