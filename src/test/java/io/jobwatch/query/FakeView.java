package io.jobwatch.query;

import io.jobwatch.event.AlertKind;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.topic.JobKey;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** A view of what a test puts into it. */
public class FakeView implements View {
    private volatile JobIndex index = new JobIndex();
    private volatile FailureIndex failures = new FailureIndex();
    private volatile AlertIndex alertIndex = new AlertIndex();
    private final Map<String, JobStatus> statuses = new ConcurrentHashMap<>();
    private final Map<ReportKey, JobErrorReport> reports = new ConcurrentHashMap<>();
    private final Map<String, JobAlert> alerts = new ConcurrentHashMap<>();
    private final Map<String, SourceStatus> sources = new ConcurrentHashMap<>();
    private final Watchers watchers = new Watchers();
    private volatile Duration lag = Duration.ofMillis(250);
    private volatile Duration processingLag = Duration.ofMillis(100);
    private volatile boolean ready = true;

    /** It is as new then. */
    public void clear() {
        index = new JobIndex();
        failures = new FailureIndex();
        alertIndex = new AlertIndex();
        statuses.clear();
        reports.clear();
        alerts.clear();
        sources.clear();
        lag = Duration.ofMillis(250);
        processingLag = Duration.ofMillis(100);
        ready = true;
    }

    public void put(JobStatus status) {
        String key = new JobKey(status.getSource(), status.getJobId()).toString();
        statuses.put(key, status);
        index.put(key, status);
        watchers.changed(key);
    }

    public void put(JobErrorReport report) {
        ReportKey key = ReportKey.of(report);
        reports.put(key, report);
        failures.put(key, report);
    }

    public void put(JobAlert alert) {
        alerts.put(AlertIndex.keyOf(alert), alert);
        alertIndex.put(alert);
    }

    public void put(SourceStatus source) {
        sources.put(source.getSource(), source);
    }

    public void setLag(Duration age) {
        lag = age;
    }

    public void setProcessingLag(Duration age) {
        processingLag = age;
    }

    public void setReady(boolean now) {
        ready = now;
        watchers.allChanged();
    }

    /** {@return the number of jobs that somebody watches} */
    public int watched() {
        return watchers.size();
    }

    @Override
    public boolean ready() {
        return ready;
    }

    @Override
    public Duration lag() {
        return lag;
    }

    @Override
    public Duration processingLag() {
        return processingLag;
    }

    @Override
    public OptionalLong processingLagRecords() {
        return OptionalLong.of(7);
    }

    @Override
    public long unreadable() {
        return 0;
    }

    @Override
    public Page<JobStatus> jobs(JobQuery query) {
        requireReady();
        Page<JobEntry> page = index.page(query);
        return new Page<>(page.items().stream().map(entry -> statuses.get(entry.key())).toList(), page.next());
    }

    @Override
    public Optional<JobStatus> job(JobKey key) {
        requireReady();
        return Optional.ofNullable(statuses.get(key.toString()));
    }

    @Override
    public Watch watch(JobKey key, Runnable changed) {
        return watchers.add(key.toString(), changed);
    }

    @Override
    public Optional<JobErrorReport> report(JobKey key, OptionalInt attempt) {
        requireReady();
        return reports.entrySet().stream().filter(entry -> entry.getKey().job().equals(key.toString()))
                .filter(entry -> attempt.isEmpty() || attempt.getAsInt() == entry.getKey().attempt())
                .max(Map.Entry.comparingByKey()).map(Map.Entry::getValue);
    }

    @Override
    public Page<JobErrorReport> failures(FailureQuery query) {
        requireReady();
        Page<? extends Place> page = failures.page(query);
        return new Page<>(page.items().stream().map(place -> reports.get(ReportKey.parse(place.key()))).toList(), page.next());
    }

    @Override
    public Page<JobAlert> alerts(AlertQuery query) {
        requireReady();
        Page<? extends Place> page = alertIndex.page(query);
        return new Page<>(page.items().stream().map(place -> alerts.get(place.key())).toList(), page.next());
    }

    @Override
    public Map<AlertKind, Long> activeAlerts() {
        requireReady();
        return alertIndex.active();
    }

    @Override
    public Summary summary() {
        requireReady();
        return new Summary(index.counts(), index.oldest(JobState.QUEUED).map(entry -> new Summary.Waiting(entry.group().source(),
                statuses.get(entry.key()).getJobId(), entry.name(), entry.at())), failures.counts());
    }

    @Override
    public List<SourceStatus> sources() {
        requireReady();
        return sources.values().stream().sorted(Comparator.comparing(SourceStatus::getSource)).toList();
    }

    private void requireReady() {
        if (!ready) {
            throw new ViewUnavailableException("the view is being read from the topics");
        }
    }
}
