package io.jobwatch.report;

import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobTransition;
import io.jobwatch.event.Task;
import io.jobwatch.event.TransitionKind;
import io.jobwatch.registry.TrustedEvents;
import java.time.Instant;
import java.util.List;

/** Records to render. */
final class Reports {
    static final Instant STARTED = Instant.parse("2026-11-22T10:15:30Z");
    static final Instant ENDED = Instant.parse("2026-11-22T10:16:00.250Z");

    static {
        TrustedEvents.allow();
    }

    private Reports() {
    }

    static JobErrorReport.Builder report(JobState state) {
        return JobErrorReport.newBuilder().setSource("encoder-eu").setSourceType("ams-v2").setAccount("contoso").setLocation("westeurope")
                .setJobId("nb:jid:UUID:f3c43f94-327f-2347-90bb-3bf79f8559f1").setJobName("Encoding BigBuckBunny").setState(state)
                .setPreviousState(JobState.PROCESSING).setStartedAt(STARTED).setEndedAt(ENDED).setObservedAt(ENDED)
                .setDetailsAvailable(true);
    }

    static Task task(String id, ErrorDetail... errors) {
        return Task.newBuilder().setTaskId(id).setState(JobState.ERROR).setErrors(List.of(errors)).build();
    }

    static ErrorDetail error(String code, String message) {
        return new ErrorDetail(code, message);
    }

    static JobTransition.Builder transition(JobState previous, JobState current) {
        return JobTransition.newBuilder().setSource("encoder-eu").setSourceType("ams-v2").setAccount("contoso").setJobId("nb:jid:1")
                .setJobName("Encoding BigBuckBunny").setSequence(2).setKind(TransitionKind.ADVANCED).setPreviousState(previous)
                .setCurrentState(current).setOccurredAt(STARTED).setObservedAt(STARTED);
    }
}
