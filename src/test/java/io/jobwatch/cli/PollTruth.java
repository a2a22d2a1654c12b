package io.jobwatch.cli;

import io.jobwatch.cli.ChangingJobs.Life;
import io.jobwatch.cli.ChangingJobs.Version;
import io.jobwatch.cli.CommittedEvents.Published;
import io.jobwatch.job.JobStates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Holds the events of a source against what its service was asked and what it answered. As each event names the listing that it came from,
 * what has to be published of a listing is exactly how it differs from those before it of which something was published.
 */
final class PollTruth {
    private final ServiceSource source;
    private final List<Published> events;
    private final List<String> disagreements = new ArrayList<>();

    private PollTruth(ServiceSource source, List<Published> events) {
        this.source = source;
        this.events = events;
    }

    /**
     * {@return what is wrong, best nothing}
     *
     * @param events of this source, in the order of each partition; everything that can be published is in it
     */
    static List<String> disagreements(ServiceSource source, List<Published> events) {
        PollTruth truth = new PollTruth(source, events);
        truth.checkOrder();
        truth.checkJobs();
        truth.checkListings();
        truth.checkNothingSeenTwiceIsMissing();
        truth.disagreements.addAll(unfinished(source, events));
        return truth.disagreements;
    }

    /** {@return the jobs of which the last word is not published yet, once nothing changes any more} */
    static List<String> unfinished(ServiceSource source, List<Published> events) {
        Map<String, Published> last = new HashMap<>();
        events.forEach(event -> last.put(event.jobId(), event));
        List<String> unfinished = new ArrayList<>();
        for (Life life : source.jobs()) {
            Published event = last.get(life.id());
            if (life.deleted() ? event != null && !event.gone()
                    : event == null || event.gone() || !event.version().equals(life.version().name())) {
                unfinished.add(life.id() + " is " + (life.deleted() ? "gone" : life.version().name())
                        + " in the end, but the last event is " + event);
            }
        }
        return unfinished;
    }

    /** One publisher at a time: what an owner published is there before anything of the next one, and nothing of it comes later. */
    private void checkOrder() {
        Map<Integer, Published> last = new HashMap<>();
        for (Published event : events) {
            if (!event.gone()) {
                Published before = last.put(event.partition(), event);
                check(before == null || before.request() <= event.request(), "published after what a later request brought: " + event);
            }
        }
    }

    private void checkJobs() {
        Map<String, List<Published>> byJob = events.stream().collect(Collectors.groupingBy(Published::jobId));
        byJob.forEach((jobId, published) -> {
            Instant observed = Instant.EPOCH;
            int number = 0;
            boolean gone = false;
            for (Published event : published) {
                check(event.observedAt().isAfter(observed), "observedAt does not rise: " + event);
                check(!gone, "published after the end: " + event);
                check(event.gone() || number(event) > number, "published twice or out of order: " + event);
                observed = event.observedAt();
                gone = event.gone();
                number = number(event);
            }
        });
        for (Life life : source.jobs()) {
            if (life.patient()) {
                Set<Integer> found = byJob.getOrDefault(life.id(), List.of()).stream().map(PollTruth::number)
                        .collect(Collectors.toCollection(TreeSet::new));
                Set<Integer> due = IntStream.rangeClosed(1, life.version().number()).boxed().collect(Collectors.toCollection(TreeSet::new));
                check(found.equals(due), life.id() + " waited for each of its versions " + due + ", published are " + found);
            }
        }
    }

    private static int number(Published event) {
        return Integer.parseInt(event.version().substring(1));
    }

    /** A listing is published wholly or not at all, and only what of it is new. */
    private void checkListings() {
        Map<Integer, ServiceRequest> requests = new HashMap<>();
        source.requests().forEach(request -> requests.put(request.number(), request));
        Map<Integer, Map<String, String>> published = new TreeMap<>();
        for (Published event : events) {
            Map<String, Version> shown = requests.get(event.request()).shown();
            Version version = shown == null ? null : shown.get(event.jobId());
            check(version != null && version.name().equals(event.version()) && version.state() == event.state(),
                    event + " is not what was answered: " + version);
            if (!event.gone()) {
                published.computeIfAbsent(event.request(), number -> new TreeMap<>()).put(event.jobId(), event.version());
                check(event.details() || !JobStates.isStopped(event.state()), event + " is a stop without its tasks");
            }
        }
        Map<String, String> known = new HashMap<>();
        published.forEach((number, changes) -> {
            Map<String, String> due = new TreeMap<>();
            requests.get(number).shown().forEach((jobId, version) -> {
                if (!version.name().equals(known.get(jobId))) {
                    due.put(jobId, version.name());
                }
            });
            check(due.equals(changes), "request #" + number + ": to be published were " + due + ", and these were: " + changes);
            known.putAll(changes);
        });
    }

    /** What two listings in a row showed to the same instance, which went on polling, was published from one of them or before. */
    private void checkNothingSeenTwiceIsMissing() {
        Map<String, Integer> publishedBy = new HashMap<>();
        events.stream().filter(event -> !event.gone())
                .forEach(event -> publishedBy.put(event.jobId() + event.version(), event.request()));
        List<ServiceRequest> listings = source.requests().stream()
                .filter(request -> request.kind() == ServiceRequest.Kind.LISTING).toList();
        Set<String> told = new HashSet<>();
        for (int i = 0; i + 2 < listings.size(); i++) {
            ServiceRequest first = listings.get(i);
            ServiceRequest second = listings.get(i + 1);
            boolean undisturbed = first.shown() != null && second.shown() != null && first.instance().equals(second.instance())
                    && first.instance().equals(listings.get(i + 2).instance());
            if (undisturbed) {
                first.shown().forEach((jobId, version) -> {
                    Integer by = publishedBy.get(jobId + version.name());
                    boolean missing = version.equals(second.shown().get(jobId)) && (by == null || by > second.number());
                    check(!missing || !told.add(jobId + version.name()), jobId + " " + version.name() + " was seen by " + first
                            + " and again by " + second + ", but published by " + by);
                });
            }
        }
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            disagreements.add(otherwise);
        }
    }
}
