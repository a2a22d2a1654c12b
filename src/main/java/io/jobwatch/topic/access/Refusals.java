package io.jobwatch.topic.access;

import io.jobwatch.registry.RegistryException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Says, in place of what Kafka's exceptions say, what the cluster refuses to whom and how that is mended. Never tells a password.
 * Immutable.
 */
public final class Refusals {
    private static final Pattern USER = Pattern.compile("\\busername\\s*=\\s*(?:\"([^\"]+)\"|([^\"\\s;]+))");
    private static final String GUIDE = "section Rights of schemas/README.md";

    private final Optional<String> user;
    private final String principal;
    private final boolean secured;
    private final String bootstrapServers;
    private final List<Right> needed;

    /**
     * @param kafka  the settings of the client that may be refused
     * @param needed what it needs
     */
    public Refusals(Map<String, ?> kafka, List<Right> needed) {
        Matcher found = USER.matcher(String.valueOf(kafka.get("sasl.jaas.config")));
        this.user = found.find() ? Optional.of(found.group(1) == null ? found.group(2) : found.group(1)) : Optional.empty();
        boolean certificate = kafka.containsKey("ssl.keystore.location") || kafka.containsKey("ssl.keystore.certificate.chain");
        this.principal = "User:" + user.orElse(certificate ? "<the subject of its certificate>" : "<its principal>");
        this.secured = kafka.keySet().stream()
                .anyMatch(key -> key.equals("security.protocol") || key.startsWith("sasl.") || key.startsWith("ssl."));
        this.bootstrapServers = String.valueOf(kafka.get("bootstrap.servers"));
        this.needed = List.copyOf(needed);
    }

    /** {@return what is refused and what to do, in one line; empty if the failure is none of the cluster's refusals} */
    public Optional<String> explain(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RegistryException) {
                return Optional.empty();   // a TLS failure beneath it is the registry's, and its message says so
            }
            if (cause instanceof SaslAuthenticationException) {
                return Optional.of("the Kafka cluster refuses " + who() + " (" + cause.getMessage()
                        + "): check user, password and mechanism in kafka.properties (sasl.jaas.config, sasl.mechanism)");
            }
            if (cause instanceof SslAuthenticationException || cause instanceof SSLException) {
                return Optional.of(tls(cause));
            }
            if (cause instanceof AuthorizationException refused) {
                return Optional.of(authorization(refused));
            }
        }
        return Optional.empty();
    }

    /** {@return as {@link #explain}, of a failure of the registry what it says, and of any other one what its root cause says} */
    public String describe(Throwable failure) {
        return explain(failure).orElseGet(() -> {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof RegistryException) {
                    return cause.getMessage();
                }
            }
            Throwable root = root(failure);
            return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        });
    }

    /** {@return what is missing and how it is given, a line for each resource after the first one} */
    public String lacking(List<Right> missing) {
        return who() + " lacks rights on the Kafka cluster (" + GUIDE + "):" + Right.byResource(missing).values().stream()
                .map(rights -> "\n  " + needs(rights) + ": " + command(rights)).collect(Collectors.joining());
    }

    private String authorization(AuthorizationException refused) {
        List<Right> rights;
        String what;
        if (refused instanceof TopicAuthorizationException topics && !topics.unauthorizedTopics().isEmpty()) {
            what = "topic " + String.join(", ", new TreeSet<>(topics.unauthorizedTopics()));
            rights = on(right -> topics.unauthorizedTopics().stream()
                    .anyMatch(name -> right.isOn(new Resource(ResourceType.TOPIC, name))));
        } else if (refused instanceof GroupAuthorizationException group && group.groupId() != null) {
            what = "group " + group.groupId();
            rights = on(right -> right.isOn(new Resource(ResourceType.GROUP, group.groupId())));
        } else if (refused instanceof TransactionalIdAuthorizationException) {
            what = "its transactional ids";   // the exception does not tell which
            rights = on(right -> right.type() == ResourceType.TRANSACTIONAL_ID);
        } else {
            what = "what it asked for (" + refused.getMessage() + ")";
            rights = List.of();
        }
        String begin = who() + " lacks a right on " + what;
        if (rights.isEmpty()) {
            return begin + ": see " + GUIDE;
        }
        return begin + ": " + Right.byResource(rights).values().stream().map(each -> needs(each) + ": " + command(each))
                .collect(Collectors.joining("; ")) + " (" + GUIDE + ")";
    }

    private List<Right> on(Predicate<Right> filter) {
        return needed.stream().filter(filter).toList();
    }

    /** {@return such as {@code role poll needs READ, WRITE on topic jobwatch.poll-cursors}} */
    private static String needs(List<Right> rights) {
        String holders = rights.stream().map(Right::holder).distinct().collect(Collectors.joining(" and "));
        return holders + (holders.contains(" and ") ? " need " : " needs ")
                + Right.operations(rights).stream().map(Enum::name).collect(Collectors.joining(", ")) + " on " + rights.get(0).resource();
    }

    /**
     * {@return the command that gives rights on one resource, for the shell of an administrator}
     *
     * @param rights at least one
     */
    public String command(List<Right> rights) {
        return "kafka-acls.sh --bootstrap-server " + bootstrapServers + (secured ? " --command-config client.properties" : "")
                + " --add --allow-principal '" + principal.replace("'", "'\\''") + "'"
                + Right.operations(rights).stream().map(operation -> " --operation " + operation.name()).collect(Collectors.joining())
                + " " + rights.get(0).option();
    }

    private String tls(Throwable failure) {
        String reason = root(failure).getMessage();
        String begin = "no TLS connection to the Kafka cluster at " + bootstrapServers + " (" + reason + "): ";
        if (reason != null && reason.contains("unable to find valid certification path")) {
            return begin + "its certificate is not of an authority that ssl.truststore.location in kafka.properties holds";
        }
        if (reason != null && (reason.contains("No subject alternative") || reason.contains("No name matching"))) {
            return begin + "its certificate is not for that name: name the brokers in kafka.bootstrap-servers, and let them advertise "
                    + "themselves, as their certificates do";
        }
        return begin + "check security.protocol and the ssl.* settings in kafka.properties";
    }

    private String who() {
        return user.map(name -> "user " + name).orElse("this user");
    }

    private static Throwable root(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
