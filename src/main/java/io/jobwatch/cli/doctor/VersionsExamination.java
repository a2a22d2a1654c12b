package io.jobwatch.cli.doctor;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.FinalizedVersionRange;

/** Whether the brokers have enabled what this configuration asks of them. */
final class VersionsExamination implements Examination {
    private static final String STREAMS = "streams.version";

    private final Deployment deployment;
    private final Cluster cluster;

    VersionsExamination(Deployment deployment, Cluster cluster) {
        this.deployment = deployment;
        this.cluster = cluster;
    }

    @Override
    public String subject() {
        return "versions";
    }

    @Override
    public Result examine() throws InterruptedException {
        Map<String, FinalizedVersionRange> features =
                new TreeMap<>(Cluster.ask(cluster.admin().describeFeatures().featureMetadata()).finalizedFeatures());
        String summary = "Java " + Runtime.version().feature() + ", metadata.version " + level(features, "metadata.version") + ", "
                + STREAMS + " " + level(features, STREAMS);
        if (deployment.streamsProtocol() && level(features, STREAMS) < 1) {
            return new Result(summary, List.of(Finding.fail(Ailment.FEATURE_MISSING, STREAMS, "the brokers have not enabled "
                    + "group.protocol streams: the role process cannot join its group", STREAMS + " 1 or later, as process.properties has "
                    + "group.protocol: streams", deployment.tool("kafka-features.sh") + " upgrade --feature " + STREAMS
                    + "=1 (brokers of Kafka 4.2 or later), or remove group.protocol from process.properties")));
        }
        return new Result(summary, List.of());
    }

    private static int level(Map<String, FinalizedVersionRange> features, String name) {
        return features.containsKey(name) ? features.get(name).maxVersionLevel() : 0;
    }
}
