package io.jobwatch.cli;

import io.jobwatch.cli.client.EventFollower;
import io.jobwatch.cli.client.Pause;
import io.jobwatch.cli.client.QueryClient;
import io.jobwatch.cli.client.Target;
import io.jobwatch.cli.screen.Screen;
import io.jobwatch.cli.screen.Terminal;
import io.jobwatch.event.JobState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "tail", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Prints each change of a job's state as it happens, a line each, until Ctrl-C or SIGTERM (exit status 0).",
            "A connection that is lost is made again, and goes on where it was: nothing is missed or printed twice. What the server"
                    + " no longer has by then is told on standard error."},
        footer = {"", "Examples:", "  jobwatch tail --state ERROR,CANCELED",
            "  jobwatch tail -o json | jq -r '.source + \"/\" + .jobId'", "",
            "-o json prints a JSON object a line, the transition as GET /api/v1/events has it."})
final class TailCommand extends QueryCommand {
    private static final Logger LOG = LoggerFactory.getLogger(TailCommand.class);
    /** A stream says every 15 s at least that it lives. */
    private static final Duration SILENCE = Duration.ofSeconds(50);

    @Option(names = "--source", paramLabel = "NAME", description = "Only those of this source.")
    private Optional<String> source = Optional.empty();

    @Option(names = "--state", paramLabel = "STATE", split = ",",
            description = "Only those into one of these states: ${COMPLETION-CANDIDATES}.")
    private List<JobState> states = List.of();

    @Override
    public Integer call() {
        Screen screen = Terminal.screen(spec());
        Stop stop = Stop.onSignals();
        stop.starting();
        try {
            return ask(options().client(screen), screen);
        } catch (RuntimeException e) {
            if (stop.wished()) {
                LOG.debug("Ended by a signal", e);
                return 0;
            }
            throw e;
        } finally {
            stop.started();
        }
    }

    @Override
    int ask(QueryClient client, Screen screen) {
        Target events = Target.of("events").with("source", source).withEach("state", states);
        EventFollower follower = new EventFollower(lastId -> client.events(events, lastId), SILENCE, Pause.real(),
                () -> ThreadLocalRandom.current().nextDouble());
        try {
            follower.follow(new TailPrinter(screen, json()));
        } catch (InterruptedException e) {
            LOG.debug("Ended by a signal", e);   // only that interrupts this thread
        }
        return 0;
    }
}
