package io.jobwatch.cli;

import io.jobwatch.cli.ChangingJobs.Version;
import io.jobwatch.cli.ServiceRequest.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** One source of a {@link ChangingService}: its jobs, and the record of who asked for them. Thread-safe. */
final class ServiceSource {
    private final String name;
    private final ChangingJobs jobs;
    private final Random random;
    private final List<ServiceRequest> requests = new ArrayList<>();
    private final Set<ServiceRequest> open = new LinkedHashSet<>();
    private final List<Overlap> overlaps = new ArrayList<>();

    /** Two requests for one source at the same time. */
    record Overlap(ServiceRequest earlier, ServiceRequest later) {
    }

    /**
     * @param jobs   belong to this object from now on
     * @param random of how long the answers take
     */
    ServiceSource(String name, ChangingJobs jobs, Random random) {
        this.name = name;
        this.jobs = jobs;
        this.random = random;
    }

    synchronized ServiceRequest begin(String instance, Kind kind) {
        ServiceRequest request = new ServiceRequest(requests.size() + 1, name, instance, kind, System.nanoTime());
        requests.add(request);
        open.forEach(earlier -> overlaps.add(new Overlap(earlier, request)));
        open.add(request);
        return request;
    }

    /** A request is over; telling it again changes nothing. */
    synchronized void end(ServiceRequest request) {
        if (open.remove(request)) {
            request.end(System.nanoTime());
        }
    }

    synchronized int openFrom(String instance) {
        return (int) open.stream().filter(request -> request.instance().equals(instance)).count();
    }

    /** {@return how many milliseconds the next answer takes, below the limit} */
    synchronized int latency(int limit) {
        return random.nextInt(limit);
    }

    /** {@return what is listed now} */
    synchronized Map<String, Version> listed() {
        return jobs.at(System.nanoTime());
    }

    /** Changes all jobs that were made by {@link ChangingJobs#together}. */
    synchronized void changeAll() {
        jobs.changeAll();
    }

    /** A reader of committed records found this version of a job. */
    synchronized void published(String jobId, String version) {
        jobs.published(jobId, version);
    }

    /** Nothing changes from now on. */
    synchronized void finish() {
        jobs.finish();
    }

    /** {@return every job that there ever was} */
    synchronized List<ChangingJobs.Life> jobs() {
        return jobs.lives();
    }

    /** {@return in the order of their beginnings} */
    synchronized List<ServiceRequest> requests() {
        return List.copyOf(requests);
    }

    /** {@return the requests that began after a time, in order} */
    synchronized List<ServiceRequest> requestsSince(long nanos) {
        int first = requests.size();
        while (first > 0 && requests.get(first - 1).begun() - nanos > 0) {
            first--;
        }
        return List.copyOf(requests.subList(first, requests.size()));
    }

    synchronized List<Overlap> overlaps() {
        return List.copyOf(overlaps);
    }
}
