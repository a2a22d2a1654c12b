package io.jobwatch.cli;

import io.jobwatch.cli.client.Pause;
import io.jobwatch.cli.client.Token;
import io.jobwatch.cli.doctor.Checkup;
import io.jobwatch.cli.doctor.Examined;
import io.jobwatch.cli.doctor.Examined.State;
import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.config.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "doctor", mixinStandardHelpOptions = true, description = {
    "Says what is wrong with a running deployment, and what to do. It looks from outside with only the configuration, and writes nothing. "
            + "A line for each thing looked at, then each finding; ops/doctor.md has a section on every kind of finding."},
        footer = {"", "Exit status: 0 nothing is wrong, 1 something is, 2 wrong usage or configuration.", "Examples:",
            "  jobwatch doctor -c jobwatch.yaml",
            "  jobwatch doctor -c jobwatch.yaml -o json | jq '.examined[].findings[]'"})
final class DoctorCommand implements Callable<Integer> {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigFile file;

    @Mixin
    private OutputFormat format;

    @Option(names = "--watch", paramLabel = "DURATION", defaultValue = "6s", converter = DurationConverter.class,
            description = "How long groups, their lag and transactions are watched, in three looks (default ${DEFAULT-VALUE}).")
    private Duration watched;

    @Option(names = "--token-file", paramLabel = "FILE", description = "Holds a bearer token, to ask this instance how old its answers are "
            + "where queries want one (default: the token in $JOBWATCH_TOKEN).")
    private Path tokenFile;

    @Override
    public Integer call() {
        if (watched.compareTo(Duration.ofSeconds(1)) < 0 || watched.compareTo(LONGEST) > 0) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--watch must be from 1s to 10m");
        }
        return Stop.interrupting(this::examine);
    }

    private int examine() {
        JobwatchConfig config = file.load();
        Optional<Secret> token = tokenFile != null ? Optional.of(Token.fromFile(tokenFile))
                : Optional.ofNullable(System.getenv("JOBWATCH_TOKEN")).filter(text -> !text.isBlank())
                .map(text -> Token.of(text, "JOBWATCH_TOKEN"));
        List<Examined> examined = new ArrayList<>();
        try (DoctorScreen screen = DoctorScreen.of(spec, format.json(), file.path())) {
            new Checkup(screen::progress, each -> {
                examined.add(each);
                screen.line(each);
            }, token, watched, InstantSource.system(), Pause.real()).of(config);
            screen.summary(examined);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("ended before everything was looked at");
        }
        return examined.stream().map(Examined::state).anyMatch(State::isTrouble) ? CommandLineInterface.FAILED : 0;
    }
}
