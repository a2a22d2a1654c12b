package io.jobwatch.cli;

import io.jobwatch.cli.screen.Moments;
import io.jobwatch.cli.screen.StatusLine;
import io.jobwatch.cli.screen.Terminal;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobTransition;
import io.jobwatch.job.JobStates;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The line under what a demo prints, at a terminal: how many jobs have arrived and ended, how many failed, and the time. Where there is no
 * terminal it is nothing. One thread shows it; any thread may print above it.
 */
final class DemoProgress implements AutoCloseable {
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Optional<StatusLine> line;
    private final PrintStream out;
    private final int jobs;
    private final LongSupplier nanos;
    private final long startedAt;
    private Runnable restore = () -> { };
    private long shownAt;

    private DemoProgress(Optional<StatusLine> line, PrintStream out, int jobs, LongSupplier nanos) {
        this.line = line;
        this.out = out;
        this.jobs = jobs;
        this.nanos = nanos;
        this.startedAt = nanos.getAsLong();
        this.shownAt = startedAt - EVERY_NANOS;
    }

    /** {@return a line at the terminal of this process, if it has one that can be drawn on} Standard error then appears above it, too. */
    static DemoProgress atTerminal(CommandSpec command, int jobs) {
        PrintStream terminal = System.out;
        if (!Terminal.attached() || !Terminal.obeys(System::getenv)) {
            return new DemoProgress(Optional.empty(), terminal, jobs, System::nanoTime);
        }
        StatusLine line = new StatusLine(terminal, Terminal.width(command, System::getenv));
        DemoProgress progress = new DemoProgress(Optional.of(line),
                line.above(terminal, CommandOutput.charset(Terminal.charset())), jobs, System::nanoTime);
        PrintStream errors = System.err;
        System.setErr(line.above(errors, CommandOutput.charset(Terminal.charset())));
        progress.restore = () -> System.setErr(errors);
        return progress;
    }

    /** {@return where to print} A block is printed with one flush at its end, so that the line does not come between. */
    PrintStream out() {
        return out;
    }

    /** Shows how far it is, twice a second at the most. */
    void show(Map<String, List<JobTransition>> transitions, Map<String, List<JobErrorReport>> reports) {
        long now = nanos.getAsLong();
        if (line.isEmpty() || now - shownAt < EVERY_NANOS) {
            return;
        }
        shownAt = now;
        line.get().show(text(jobs, transitions, reports, Duration.ofNanos(now - startedAt)));
    }

    static String text(int jobs, Map<String, List<JobTransition>> transitions, Map<String, List<JobErrorReport>> reports,
                       Duration elapsed) {
        long ended = transitions.values().stream().map(path -> path.get(path.size() - 1).getCurrentState())
                .filter(JobStates::isTerminal).count();
        long failed = reports.values().stream().flatMap(List::stream).filter(report -> report.getState() == JobState.ERROR).count();
        return "demo: " + transitions.size() + " of " + jobs + " jobs arrived, " + ended + " ended, " + failed + " failed; "
                + Moments.text(elapsed) + "; Ctrl-C ends it";
    }

    /** Takes the line away for good. */
    @Override
    public void close() {
        line.ifPresent(StatusLine::close);
        restore.run();
    }
}
