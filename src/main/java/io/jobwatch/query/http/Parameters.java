package io.jobwatch.query.http;

import io.javalin.http.Context;
import io.jobwatch.event.AlertKind;
import io.jobwatch.event.JobState;
import io.jobwatch.query.AlertQuery;
import io.jobwatch.query.FailureQuery;
import io.jobwatch.query.JobQuery;
import io.jobwatch.query.Position;
import io.jobwatch.query.stream.TransitionFilter;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The parameters of a request. What is unknown, repeated or out of range is a {@link Problem} that names the parameter and says what is
 * allowed.
 */
final class Parameters {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 500;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final String TIMES = "a time as 2026-11-22T10:15:30Z, or a duration before now as 90s, 15m, 12h or 7d";

    private final Map<String, List<String>> given;

    private Parameters(Map<String, List<String>> given) {
        this.given = given;
    }

    /**
     * {@return the parameters, none of which is unknown} An unknown one is most often a misspelt filter, whose silent loss would widen the
     * answer.
     */
    static Parameters of(Context context, String... known) {
        Map<String, List<String>> given = parse(context.queryString());
        for (String name : given.keySet()) {
            if (!Arrays.asList(known).contains(name)) {
                String allowed = known.length == 0 ? "none here" : String.join(", ", known);
                throw Problem.ofUnknownParameter(name, allowed);
            }
        }
        return new Parameters(given);
    }

    /** Javalin's own parser drops what it cannot decode, which would widen the answer, too. */
    private static Map<String, List<String>> parse(String query) {
        Map<String, List<String>> given = new LinkedHashMap<>();
        for (String pair : query == null || query.isEmpty() ? new String[0] : query.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String rawName = equals < 0 ? pair : pair.substring(0, equals);
            String name = decode(rawName, rawName);
            given.computeIfAbsent(name, same -> new ArrayList<>()).add(equals < 0 ? "" : decode(name, pair.substring(equals + 1)));
        }
        return given;
    }

    private static String decode(String name, String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Problem.ofParameter(name, text, "text in which each % begins an encoded byte; % itself is %25");
        }
    }

    static JobQuery jobQuery(Context context, Clock clock) {
        Parameters parameters = of(context, "source", "account", "state", "name", "changedSince", "limit", "cursor");
        return new JobQuery(parameters.text("source"), parameters.text("account"), parameters.states(), parameters.text("name"),
                parameters.time("changedSince", clock), parameters.limit(), parameters.cursor());
    }

    static FailureQuery failureQuery(Context context, Clock clock) {
        Parameters parameters = of(context, "source", "code", "since", "limit", "cursor");
        return new FailureQuery(parameters.text("source"), parameters.text("code"), parameters.time("since", clock), parameters.limit(),
                parameters.cursor());
    }

    static AlertQuery alertQuery(Context context) {
        Parameters parameters = of(context, "active", "source", "jobId", "kind", "limit", "cursor");
        Optional<String> source = parameters.text("source");
        Optional<String> jobId = parameters.text("jobId");
        if (jobId.isPresent() && source.isEmpty()) {
            throw Problem.ofParameter("jobId", jobId.get(), "the id of a job, together with source");
        }
        return new AlertQuery(parameters.text("active").map(text -> oneOf("active", text, List.of(true, false))), source, jobId,
                parameters.text("kind").map(text -> oneOf("kind", text, List.of(AlertKind.values()))), parameters.limit(),
                parameters.cursor());
    }

    static TransitionFilter transitionFilter(Context context) {
        Parameters parameters = of(context, "source", "state");
        return new TransitionFilter(parameters.text("source"), parameters.states());
    }

    /** {@return the attempt, from 1} */
    OptionalInt attempt() {
        return number("attempt", 1, Integer.MAX_VALUE);
    }

    /** {@return how long to wait for a change, if at all} */
    Optional<Duration> waitTime() {
        return text("wait").map(text -> {
            Matcher matcher = DURATION.matcher(text);
            if (matcher.matches()) {
                Duration wait = duration(Long.parseLong(matcher.group(1)), matcher.group(2));
                if (wait.compareTo(LONGEST_WAIT) <= 0) {
                    return wait;
                }
            }
            throw Problem.ofParameter("wait", text, "a duration up to 60s, as 500ms or 30s");
        });
    }

    /** {@return the sequence after which a change is waited for} */
    OptionalLong sequence() {
        Optional<String> text = text("sequence");
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        if (text("wait").isEmpty() || !text.get().matches("\\d{1,18}")) {
            throw Problem.ofParameter("sequence", text.get(), "the sequence of a job's status, a number from 0, together with wait");
        }
        return OptionalLong.of(Long.parseLong(text.get()));
    }

    /** {@return the value; an empty one filters nothing, as forms send it} */
    private Optional<String> text(String name) {
        List<String> values = given.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw Problem.ofParameter(name, String.join("\" and \"", values), "one value");
        }
        return values.stream().filter(value -> !value.isEmpty()).findFirst();
    }

    private Set<JobState> states() {
        Set<JobState> states = EnumSet.noneOf(JobState.class);
        for (String value : given.getOrDefault("state", List.of())) {
            if (!value.isEmpty()) {
                states.add(oneOf("state", value, List.of(JobState.values())));
            }
        }
        return states;
    }

    private static <T> T oneOf(String name, String found, List<T> values) {
        return values.stream().filter(value -> value.toString().equals(found)).findFirst()
                .orElseThrow(() -> Problem.ofParameter(name, found, values.stream().map(Object::toString).collect(Collectors.joining(", "))));
    }

    private int limit() {
        return number("limit", 1, MAX_LIMIT).orElse(DEFAULT_LIMIT);
    }

    private OptionalInt number(String name, int min, int max) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            int number = Integer.parseInt(text.get());
            if (number >= min && number <= max) {
                return OptionalInt.of(number);
            }
        } catch (NumberFormatException e) {
            throw wrongNumber(name, text.get(), min, max);
        }
        throw wrongNumber(name, text.get(), min, max);
    }

    private static Problem wrongNumber(String name, String found, int min, int max) {
        return Problem.ofParameter(name, found, "a number from " + min + " to " + max);
    }

    private Optional<Instant> time(String name, Clock clock) {
        return text(name).map(text -> {
            try {
                Matcher duration = DURATION.matcher(text);
                return duration.matches() ? clock.instant().minus(duration(Long.parseLong(duration.group(1)), duration.group(2)))
                        : OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException | ArithmeticException e) {
                throw Problem.ofParameter(name, text, TIMES);
            }
        });
    }

    private static Duration duration(long number, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    private Optional<Position> cursor() {
        return text("cursor").map(text -> Position.ofCursor(text)
                .orElseThrow(() -> Problem.ofParameter("cursor", text, "the nextCursor of the page before, as it is")));
    }
}
