package io.jobwatch.cli.doctor;

import io.jobwatch.config.JobwatchConfig;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps the secrets of the clients' settings out of what is reported: no message is known to hold one, but messages of libraries and of
 * what they spoke with are quoted. Immutable.
 */
final class SecretWords {
    private static final Pattern SECRET_NAME =
            Pattern.compile("(?i).*(password|secret|token|jaas|user\\.info|keystore\\.key|credential).*");
    private static final Pattern JAAS_SECRET = Pattern.compile("(?i)\\b(?:password|clientSecret)\\s*=\\s*\"?([^\";\\s]+)");
    private static final String HIDDEN = "******";
    /** Fewer characters are found in any text. */
    private static final int LEAST_CHARS = 3;

    private final List<String> words;

    SecretWords(JobwatchConfig config) {
        Set<String> found = new LinkedHashSet<>();
        collect(config.kafka().properties(), found);
        collect(config.process().properties(), found);
        collect(config.schemaRegistry().properties(), found);
        this.words = found.stream().filter(word -> word.length() >= LEAST_CHARS)
                .sorted(Comparator.comparing(String::length).reversed()).toList();
    }

    private static void collect(Map<String, String> properties, Set<String> found) {
        properties.forEach((name, value) -> {
            if (SECRET_NAME.matcher(name).matches()) {
                found.add(value);
                Matcher jaas = JAAS_SECRET.matcher(value);
                while (jaas.find()) {
                    found.add(jaas.group(1));
                }
                if (name.endsWith("user.info")) {
                    found.add(value.substring(value.indexOf(':') + 1));
                }
            }
        });
    }

    Examined hide(Examined examined) {
        return new Examined(examined.subject(), examined.state(), hide(examined.summary()), examined.findings().stream()
                .map(finding -> new Finding(finding.severity(), finding.ailment(), hide(finding.subject()), hide(finding.found()),
                        hide(finding.expected()), hide(finding.remedy()))).toList());
    }

    private String hide(String text) {
        String hidden = text;
        for (String word : words) {
            hidden = hidden.replace(word, HIDDEN);
        }
        return hidden;
    }
}
