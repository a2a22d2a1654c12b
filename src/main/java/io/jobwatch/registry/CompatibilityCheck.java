package io.jobwatch.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.registry.RegistryException.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Asks a registry what it would say to a schema as the next version of a subject.
 *
 * <p>Confluent's registry compares it with all the versions that the level in effect is about at {@code
 * /compatibility/subjects/{subject}/versions}. Its older releases and Redpanda know the comparison with one version only ({@code
 * …/versions/{version}}): there the level in effect says which versions to ask for.
 */
final class CompatibilityCheck {
    private static final int MAX_MESSAGES = 50;
    private static final String VERBOSE = "?verbose=true";
    private static final String NO_REASON = "the registry calls it incompatible and gives no reason";

    private final RegistryCalls http;
    private final Supplier<Optional<String>> level;

    /** @param level asked for the level in effect, if it matters */
    CompatibilityCheck(RegistryCalls http, Supplier<Optional<String>> level) {
        this.http = http;
        this.level = level;
    }

    /**
     * {@return what is wrong, one line each; empty where nothing is or there is no such subject}
     *
     * @param subject  encoded for a path
     * @param question the schema as a request's body
     */
    List<String> ask(String subject, JsonNode question) {
        String versions = "/compatibility/subjects/" + subject + "/versions";
        try {
            return reasons(http.call("POST", versions + VERBOSE, Optional.of(question)), versions);
        } catch (RegistryException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return List.of();
            }
            if (e.status() != 404 && e.status() != 405) {
                throw e;
            }
        }
        return compareEach(subject, versions, question);
    }

    private List<String> compareEach(String subject, String path, JsonNode question) {
        List<JsonNode> numbers = new ArrayList<>();
        try {
            http.call("GET", "/subjects/" + subject + "/versions", Optional.empty()).forEach(numbers::add);
        } catch (RegistryException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return List.of();
            }
            throw e;
        }
        boolean all = level.get().orElse("").endsWith("_TRANSITIVE");
        Set<String> reasons = new LinkedHashSet<>();
        for (JsonNode number : all || numbers.isEmpty() ? numbers : numbers.subList(numbers.size() - 1, numbers.size())) {
            String version = path + "/" + number.asInt();
            try {
                reasons.addAll(reasons(http.call("POST", version + VERBOSE, Optional.of(question)), version));
            } catch (RegistryException e) {
                if (e.kind() != Kind.NOT_FOUND) {   // else deleted meanwhile
                    throw e;
                }
            }
        }
        return bounded(List.copyOf(reasons));
    }

    private static List<String> reasons(JsonNode answer, String path) {
        JsonNode compatible = answer.path("is_compatible");
        if (!compatible.isBoolean()) {
            throw new RegistryException(Kind.UNAVAILABLE,
                    path + ": the answer has no \"is_compatible\"; is this a Schema Registry?");
        }
        if (compatible.asBoolean()) {
            return List.of();
        }
        JsonNode messages = answer.path("messages");   // Apicurio gives none, and some give a text
        List<String> reasons = new ArrayList<>();
        if (messages.isTextual()) {
            reasons.add(RegistryText.oneLine(messages.asText()));
        }
        messages.forEach(message -> reasons.add(RegistryText.oneLine(message.isTextual() ? message.asText() : message.toString())));
        reasons.removeIf(String::isEmpty);
        return reasons.isEmpty() ? List.of(NO_REASON) : bounded(reasons);
    }

    private static List<String> bounded(List<String> reasons) {
        if (reasons.size() <= MAX_MESSAGES) {
            return List.copyOf(reasons);
        }
        List<String> first = new ArrayList<>(reasons.subList(0, MAX_MESSAGES));
        first.add("and " + (reasons.size() - MAX_MESSAGES) + " more");
        return List.copyOf(first);
    }
}
