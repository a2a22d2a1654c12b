package io.jobwatch.cli.doctor;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As whom the brokers know this user, as far as its own settings tell: a cluster does not tell, and may have rules that make another name
 * of it.
 */
final class Principal {
    /** The name of PLAIN and of SCRAM. */
    private static final Pattern USER = Pattern.compile("\\busername\\s*=\\s*(?:\"([A-Za-z0-9._@-]{1,200})\"|([A-Za-z0-9._@-]{1,200}))");

    private final Map<String, String> kafkaProperties;

    Principal(Map<String, String> kafkaProperties) {
        this.kafkaProperties = kafkaProperties;
    }

    /** {@return such as {@code User:alice}, or a placeholder that says what to put there} */
    String name() {
        Matcher user = USER.matcher(kafkaProperties.getOrDefault("sasl.jaas.config", ""));
        if (user.find()) {
            return "User:" + (user.group(1) != null ? user.group(1) : user.group(2));
        }
        return kafkaProperties.containsKey("ssl.keystore.location") ? "User:<the subject of the client's certificate>" : "User:<name>";
    }
}
