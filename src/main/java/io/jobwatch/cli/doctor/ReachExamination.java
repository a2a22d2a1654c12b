package io.jobwatch.cli.doctor;

import io.jobwatch.topic.access.JaasFault;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;

/** Whether the cluster answers at all. All that is asked of it rests on that. */
final class ReachExamination implements Examination {
    private final Deployment deployment;

    ReachExamination(Deployment deployment) {
        this.deployment = deployment;
    }

    @Override
    public String subject() {
        return "kafka";
    }

    @Override
    public Result examine() throws InterruptedException {
        try (Cluster cluster = Cluster.of(deployment)) {
            Collection<Node> nodes = Cluster.ask(cluster.admin().describeCluster().nodes());
            return new Result(deployment.bootstrap() + ", " + nodes.size() + (nodes.size() == 1 ? " broker" : " brokers"), List.of());
        } catch (KafkaException e) {
            return new Result("does not answer", List.of(finding(e)));
        }
    }

    private Finding finding(KafkaException failure) {
        String at = deployment.bootstrap();
        String protocol = deployment.config().kafka().properties().getOrDefault("security.protocol", "PLAINTEXT");
        String reason = JaasFault.explain(failure).orElseGet(() -> Troubles.reason(failure));
        if (failure instanceof SslAuthenticationException) {
            return Finding.fail(Ailment.BROKER_TLS, at, "TLS with the brokers fails: " + reason,
                    "a certificate that this side trusts, and this side's own where the brokers want one",
                    "see kafka.properties: ssl.truststore.location (the brokers' CA), ssl.keystore.location; openssl s_client -connect "
                            + at.split(",")[0] + " shows what the broker sends");
        }
        if (failure instanceof AuthenticationException) {
            return Finding.fail(Ailment.BROKER_REFUSES_CREDENTIALS, at, "the brokers refuse this user: " + reason,
                    "a user and a password that they know", "see kafka.properties: sasl.mechanism, sasl.jaas.config; of SCRAM, "
                            + "kafka-configs.sh --describe --entity-type users, given by an administrator, lists who there is");
        }
        return Finding.fail(Ailment.BROKER_UNREACHABLE, at, "no answer with security.protocol " + protocol + ": " + reason,
                "brokers that answer within " + Cluster.ANSWER_WITHIN.toSeconds() + " s",
                "see that the brokers are up and kafka.bootstrap-servers is right; a listener for TLS or SASL gives no answer to another "
                        + "security.protocol. A broker that is paused or cut off looks the same");
    }
}
