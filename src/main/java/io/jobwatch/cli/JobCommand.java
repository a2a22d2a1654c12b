package io.jobwatch.cli;

import io.jobwatch.cli.client.Answer;
import io.jobwatch.cli.client.QueryClient;
import io.jobwatch.cli.client.Target;
import io.jobwatch.cli.screen.ForeignText;
import io.jobwatch.cli.screen.Screen;
import io.jobwatch.topic.JobKey;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "job", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Shows a job: its facts, the states it was in and how long, its tasks and their errors.",
            "Exit status: 0; 1 if the job or report is not known, or if the job did not change within --wait."},
        footer = {"", "Examples:", "  jobwatch job encoder-eu/nb:jid:UUID:1 --wait 10m",
            "  jobwatch job encoder-eu/nb:jid:UUID:1 --report", "",
            "-o json prints the answer of GET /api/v1/jobs/{source}/{jobId}, with --report that of .../report."})
final class JobCommand extends QueryCommand {
    @Parameters(paramLabel = "KEY", converter = JobKeyConverter.class, description = "<source>/<job id>, as lists show it.")
    private JobKey key;

    @Option(names = "--wait", paramLabel = "DURATION", converter = DurationConverter.class,
            description = "Wait until the job changes its state, or is known at all, at most so long (30s, 10m, 2h); then show it.")
    private Duration wait;

    @Option(names = "--sequence", paramLabel = "N",
            description = "With --wait: wait for a change after this one, as -o json tells it; by default one that is still to come.")
    private Long sequence;

    @Option(names = "--report", description = "Show the report of the last attempt that ended in an error or was canceled.")
    private boolean report;

    @Option(names = "--attempt", paramLabel = "N", description = "Show the report of this attempt.")
    private Integer attempt;

    @Override
    int ask(QueryClient client, Screen screen) {
        boolean reported = report || attempt != null;
        if (reported && wait != null) {
            throw wrong("--wait goes with the job, not with --report and --attempt");
        }
        if (sequence != null && (wait == null || sequence < 0)) {
            throw wrong("--sequence is a number from 0, together with --wait");
        }
        if (reported) {
            return report(client, screen);
        }
        return wait == null ? show(client.get(job()), screen, true) : await(client, screen);
    }

    private Target job() {
        return Target.of("jobs", key.source(), key.jobId());
    }

    private int report(QueryClient client, Screen screen) {
        Target target = Target.of("jobs", key.source(), key.jobId(), "report").with("attempt", Optional.ofNullable(attempt));
        if (json()) {
            Answer answer = client.get(target);
            printJson(answer, screen);
            noteAge(answer, screen);
        } else {
            client.text(target).lines().forEach(line -> screen.line(ForeignText.line(line)));
        }
        return 0;
    }

    private int await(QueryClient client, Screen screen) {
        JobWait change = new JobWait(client, job(), Optional.ofNullable(sequence), screen::note);
        Answer answer = change.await(wait);
        int status = show(answer, screen, change.changed());
        if (!change.changed()) {
            screen.note("the job did not change within the wait");
        }
        return status;
    }

    private int show(Answer answer, Screen screen, boolean asWished) {
        if (json()) {
            printJson(answer, screen);
        } else {
            new JobDisplay(answer, screen).print();
        }
        noteAge(answer, screen);
        return asWished ? 0 : CommandLineInterface.FAILED;
    }
}
