package io.jobwatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.cli.QueriedInstance.Answer;
import io.jobwatch.event.JobState;
import io.jobwatch.job.JobLoad.Change;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/** Asks one life of an instance for failures, alerts and sources. For one thread. */
final class TroubleQuestions {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

    private final QueriedInstance instance;
    private final ViewLoad load;
    private final TroubleLoad troubles;
    private final CommittedStatuses committed;
    private final ViewLog log;
    private final Random random;
    private final BooleanSupplier stopped;
    /** What this life has said of alerts and sources. */
    private final Sightings told = new Sightings();

    TroubleQuestions(QueriedInstance instance, ViewLoad load, TroubleLoad troubles, CommittedStatuses committed, ViewLog log, long seed,
                     BooleanSupplier stopped) {
        this.instance = instance;
        this.load = load;
        this.troubles = troubles;
        this.committed = committed;
        this.log = log;
        this.random = new Random(seed);
        this.stopped = stopped;
    }

    /** Asks one question. */
    void ask() throws InterruptedException {
        switch (random.nextInt(4)) {
            case 0 -> askForFailures(random.nextBoolean() ? "" : "&code=ErrorProcessingTask");
            case 1 -> askForAlerts(Optional.empty());
            case 2 -> askForAlerts(Optional.of(random.nextBoolean()));
            default -> askForSources();
        }
    }

    /** @param filter that lets all failures of the source pass, as they have all the same code */
    private void askForFailures(String filter) throws InterruptedException {
        Optional<PagedAnswers> answers = PagedAnswers.ask(instance,
                "/api/v1/failures?source=" + ViewLoad.BUSY_SOURCE + "&limit=500" + filter, PAUSE_NANOS, stopped);
        if (answers.isEmpty()) {
            return;
        }
        Set<String> found = new HashSet<>();
        Instant[] before = {Instant.MAX};
        answers.get().forEach((report, answer) -> {
            checkReport(report, answer);
            if (!found.add(ViewQuestions.key(report) + " " + report.get("attempt"))) {
                log.wrong(instance.name() + " listed a failure twice: " + report);
            }
            Instant observedAt = Instant.parse(report.get("observedAt").asText());
            if (observedAt.isAfter(before[0])) {
                log.wrong(instance.name() + " listed a failure of " + observedAt + " after one of " + before[0]);
            }
            before[0] = observedAt;
        });
        committed.sightings().at(answers.get().knownAt()).forEach((key, sequence) -> {
            if (key.startsWith(ViewLoad.BUSY_SOURCE + "/")) {
                load.path(key).stream().filter(change -> change.sequence() <= sequence && change.to() == JobState.ERROR)
                        .filter(change -> !found.contains(key + " " + change.attempt()))
                        .forEach(change -> log.wrong(instance.name() + " left out of the failures: " + key + ", " + change));
            }
        });
    }

    private void checkReport(JsonNode report, Answer answer) {
        String key = ViewQuestions.key(report);
        Optional<Change> stop = load.path(key).stream()
                .filter(change -> change.to() == JobState.ERROR && change.attempt() == report.get("attempt").asInt()).findFirst();
        if (stop.isEmpty() || stop.get().sequence() > load.published().at(key, answer.gotAt())
                || !report.get("state").asText().equals(JobState.ERROR.name())
                || !report.get("observedAt").asText().equals(stop.get().observedAt().toString())) {
            log.wrong(instance.name() + " told a failure that never was so: " + report + ", expected " + stop);
        }
    }

    private void askForAlerts(Optional<Boolean> active) throws InterruptedException {
        Optional<PagedAnswers> answers = PagedAnswers.ask(instance, "/api/v1/alerts?source=" + TroubleLoad.ALERTED_SOURCE + "&limit=5"
                + active.map(only -> "&active=" + only).orElse(""), PAUSE_NANOS, stopped);
        if (answers.isEmpty()) {
            return;
        }
        Set<String> found = new HashSet<>();
        answers.get().forEach((alert, answer) -> {
            String key = ViewQuestions.key(alert);
            long number = alert.get("message").asLong();
            checkNumber(key, number, answer);
            boolean told = alert.get("active").asBoolean();
            if (told != TroubleLoad.isActive(number) || active.isPresent() && told != active.get()) {
                log.wrong(instance.name() + " listed among those whose active is " + active + ": " + alert);
            }
            if (!found.add(key)) {
                log.wrong(instance.name() + " listed an alert twice: " + alert);
            }
        });
        requireAll(found, answers.get(), key -> key.startsWith(TroubleLoad.ALERTED_SOURCE + "/"),
                number -> active.isEmpty() || active.get() == TroubleLoad.isActive(number));
    }

    private void askForSources() throws InterruptedException {
        Optional<Answer> answer = instance.ask("/api/v1/sources");
        if (answer.isEmpty()) {
            return;
        }
        Set<String> found = new HashSet<>();
        for (JsonNode source : answer.get().json().get("items")) {
            checkNumber(source.get("source").asText(), source.get("jobsSeen").asLong(), answer.get());
            found.add(source.get("source").asText());
        }
        troubles.committed().at(answer.get().freshAt()).keySet().stream().filter(key -> key.indexOf('/') < 0 && !found.contains(key))
                .forEach(source -> log.wrong(instance.name() + " left out the source " + source));
    }

    private void checkNumber(String key, long number, Answer answer) {
        long due = troubles.committed().at(key, answer.freshAt());
        long before = told.at(key, answer.askedAt());
        if (number < Math.max(due, before) || number > troubles.published().at(key, answer.gotAt())) {
            log.wrong(instance.name() + " told the record " + number + " of " + key + ", but " + due + " was committed more than "
                    + answer.lagSeconds() + " s ago, and it had told " + before + ": " + answer.path());
        }
        told.saw(key, number);
    }

    private void requireAll(Set<String> found, PagedAnswers answers, Predicate<String> keys, LongPredicate listed) {
        troubles.committed().at(answers.knownAt()).forEach((key, number) -> {
            boolean unchanged = troubles.published().at(key, answers.endedAt()) == number;
            if (keys.test(key) && unchanged && listed.test(number) && !found.contains(key)) {
                log.wrong(instance.name() + " left out the alert " + number + " of " + key);
            }
        });
    }
}
