package io.jobwatch.report;

import io.jobwatch.config.ReportConfig.Console;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobTransition;
import io.jobwatch.job.JobStates;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Prints changes of jobs, for people or as JSON. Each change is one call to the stream, so that blocks of several threads never mix. A
 * stop is printed from its report alone: its transition prints nothing, otherwise people would see it twice, or without its reason.
 */
public final class ConsolePrinter {
    private final Console mode;
    private final PrintStream out;

    public ConsolePrinter(Console mode, PrintStream out) {
        this.mode = mode;
        this.out = out;
    }

    /** Prints a transition, unless it is a stop. */
    public void print(JobTransition transition) {
        if (mode == Console.OFF || JobStates.isStopped(transition.getCurrentState())) {
            return;
        }
        if (mode == Console.JSON) {
            write(JsonLines.of(transition));
        } else if (mode == Console.FULL) {
            write(header(transition.getSource(), transition.getJobId(), transition.getJobName(), transition.getPreviousState(),
                    transition.getCurrentState()) + whatNext(transition.getCurrentState()));
        } else {
            write(line(transition.getOccurredAt(), transition.getSource(), transition.getJobId(), transition.getJobName(),
                    transition.getPreviousState(), transition.getCurrentState(), transition.getSkippedStates()));
        }
    }

    /** Prints a stop with its whole report. */
    public void print(JobErrorReport report) {
        if (mode == Console.OFF) {
            return;
        }
        if (mode == Console.JSON) {
            write(JsonLines.of(report));
            return;
        }
        String head;
        if (mode == Console.FULL) {
            head = header(report.getSource(), report.getJobId(), report.getJobName(), report.getPreviousState(), report.getState());
        } else {
            Instant time = report.getEndedAt() != null ? report.getEndedAt() : report.getObservedAt();
            head = line(time, report.getSource(), report.getJobId(), report.getJobName(), report.getPreviousState(), report.getState(),
                    List.of());
        }
        write(head + ReportText.render(report));
    }

    private static String header(String source, String jobId, String jobName, JobState previous, JobState current) {
        return "Job state changed event:\n"
                + "  Job: " + job(source, jobId, jobName) + "\n"
                + "  Previous state: " + label(previous) + "\n"
                + "  Current state: " + label(current) + "\n";
    }

    private static String whatNext(JobState state) {
        return switch (state) {
            case QUEUED, SCHEDULED, PROCESSING, CANCELING -> "Please wait...\n\n";
            case FINISHED -> """

                    ********************
                    Job is finished.
                    Please wait while local tasks or downloads complete...
                    ********************


                    """;
            case UNKNOWN, ERROR, CANCELED -> "";
        };
    }

    /** An ASCII arrow, because a console that is not UTF-8 would show a question mark. */
    private static String line(Instant time, String source, String jobId, String jobName, JobState previous, JobState current,
                               List<JobState> skipped) {
        String way = previous == null ? "-> " + label(current) : label(previous) + " -> " + label(current);
        String missed = skipped.isEmpty() ? ""
                : skipped.stream().map(JobStates::label).collect(Collectors.joining(", ", " (skipped ", ")"));
        return PlainText.time(time) + " " + job(source, jobId, jobName) + " " + way + missed + "\n";
    }

    private static String job(String source, String jobId, String jobName) {
        return PlainText.line(source + "/" + jobId) + (jobName == null ? "" : " (" + PlainText.line(jobName) + ")");
    }

    private static String label(JobState state) {
        return state == null ? "" : JobStates.label(state);
    }

    private void write(String block) {
        out.print(block);
        out.flush();
    }
}
