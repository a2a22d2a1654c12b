package io.jobwatch.topic.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.Role;
import io.jobwatch.registry.RegistryException;
import io.jobwatch.topic.TopicNames;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.junit.jupiter.api.Test;

class RefusalsTest {
    private static final Map<String, Object> KAFKA = Map.of("bootstrap.servers", "b:9092", "sasl.jaas.config",
            "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"poller\" password=\"do-not-tell\";");
    private final Refusals refusals = new Refusals(KAFKA, new Rights("app", new TopicNames("p.")).of(Role.POLL));

    @Test
    void shouldNameTheTopicTheOperationsTheUserAndTheRemedy() {
        assertThat(refusals.explain(new KafkaException("wrapped", new TopicAuthorizationException(Set.of("p.poll-cursors")))))
                .hasValue("user poller lacks a right on topic p.poll-cursors: role poll needs READ, WRITE on topic p.poll-cursors: "
                        + "kafka-acls.sh --bootstrap-server b:9092 --command-config client.properties --add --allow-principal "
                        + "'User:poller' --operation READ --operation WRITE --topic p.poll-cursors (section Rights of schemas/README.md)");
    }

    @Test
    void shouldNameTheGroup() {
        assertThat(refusals.explain(GroupAuthorizationException.forGroupId("app-poll")).orElseThrow())
                .contains("user poller lacks a right on group app-poll", "--operation READ --group app-poll");
    }

    @Test
    void shouldNameTheTransactionalIds() {
        assertThat(refusals.explain(new TransactionalIdAuthorizationException("no")).orElseThrow())
                .contains("WRITE on transactional ids app-lane-*",
                        "--operation WRITE --resource-pattern-type prefixed --transactional-id app-lane-");
    }

    @Test
    void shouldSayWhereUserAndPasswordAreSetAndNotWhatTheyAre() {
        assertThat(refusals.explain(new SaslAuthenticationException("invalid credentials")).orElseThrow())
                .contains("refuses user poller (invalid credentials)", "sasl.jaas.config").doesNotContain("do-not-tell");
    }

    @Test
    void shouldTellAnUnknownAuthorityFromAWrongName() {
        assertThat(refusals.explain(new SslAuthenticationException("SSL handshake failed",
                new SSLHandshakeException("PKIX path building failed: unable to find valid certification path to requested target"))))
                .get().asString().contains("ssl.truststore.location");
        assertThat(refusals.explain(new SslAuthenticationException("SSL handshake failed",
                new SSLHandshakeException("No subject alternative DNS name matching other found.")))).get().asString()
                .contains("kafka.bootstrap-servers");
    }

    @Test
    void shouldLeaveOtherFailuresAsTheyAre() {
        assertThat(refusals.explain(new TimeoutException("slow"))).isEmpty();
        assertThat(refusals.describe(new KafkaException("outer", new TimeoutException("slow")))).isEqualTo("slow");
    }

    @Test
    void shouldNotTakeATlsFailureOfTheRegistryForOneOfTheCluster() {
        RegistryException registry = new RegistryException(RegistryException.Kind.UNAVAILABLE, "no TLS with the Schema Registry",
                new SSLHandshakeException("PKIX path building failed: unable to find valid certification path to requested target"));

        assertThat(refusals.explain(new KafkaException("wrapped", registry))).isEmpty();
        assertThat(refusals.describe(new KafkaException("wrapped", registry))).isEqualTo("no TLS with the Schema Registry");
    }

    @Test
    void shouldListWhatIsMissingByResource() {
        List<Right> missing = new Rights("app", new TopicNames("p.")).of(Role.POLL).stream()
                .filter(right -> right.name().equals("p.dead-letters") || right.name().equals("app-poll")).toList();

        assertThat(refusals.lacking(missing).lines()).containsExactly(
                "user poller lacks rights on the Kafka cluster (section Rights of schemas/README.md):",
                "  role poll needs READ on group app-poll: kafka-acls.sh --bootstrap-server b:9092 --command-config client.properties"
                        + " --add --allow-principal 'User:poller' --operation READ --group app-poll",
                "  role poll needs WRITE on topic p.dead-letters: kafka-acls.sh --bootstrap-server b:9092 --command-config"
                        + " client.properties --add --allow-principal 'User:poller' --operation WRITE --topic p.dead-letters");
    }

    /** The name is put into a shell: {@code <} and {@code >} would be redirections, an apostrophe would end what is quoted. */
    @Test
    void shouldNameAPrincipalThatIsNotKnownOrHasOddCharactersSafelyForAShell() {
        assertThat(command(Map.of("bootstrap.servers", "b:9092"))).isEqualTo("kafka-acls.sh --bootstrap-server b:9092 --add"
                + " --allow-principal 'User:<its principal>' --operation WRITE --topic p.dead-letters");
        assertThat(command(Map.of("security.protocol", "SSL", "ssl.keystore.location", "k.p12")))
                .contains(" --command-config client.properties --add --allow-principal 'User:<the subject of its certificate>' ");
        assertThat(command(Map.of("sasl.jaas.config", "x required username=\"o'neil\" password=\"p\";")))
                .contains(" --allow-principal 'User:o'\\''neil' ");
    }

    private static String command(Map<String, Object> kafka) {
        return new Refusals(kafka, List.of()).command(List.of(Right.onTopic("x", "p.dead-letters", AclOperation.WRITE)));
    }
}
