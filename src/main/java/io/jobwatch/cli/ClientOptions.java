package io.jobwatch.cli;

import io.jobwatch.cli.client.Endpoint;
import io.jobwatch.cli.client.Pause;
import io.jobwatch.cli.client.QueryClient;
import io.jobwatch.cli.client.Token;
import io.jobwatch.cli.screen.Screen;
import io.jobwatch.config.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Option;

/** The options that say which jobwatch is asked, and how. */
final class ClientOptions {
    static final String DEFAULT_URL = "http://127.0.0.1:8080";

    @Option(names = "--url", paramLabel = "URL",
            description = "Where jobwatch answers queries (default: $JOBWATCH_URL, else " + DEFAULT_URL + ").")
    private String url;

    @Option(names = "--token-file", paramLabel = "FILE",
            description = "Holds the bearer token, where one is wanted (default: the token in $JOBWATCH_TOKEN). There is no option for the"
                    + " token itself, as others would see it in the list of processes.")
    private Path tokenFile;

    @Option(names = "--ca-file", paramLabel = "FILE",
            description = "For https: PEM of the certificates to trust instead of those that the platform trusts.")
    private Path caFile;

    @Option(names = "--timeout", paramLabel = "DURATION", defaultValue = "30s", converter = DurationConverter.class,
            description = "The most time for an answer, such as 500ms, 30s or 2m (default ${DEFAULT-VALUE}).")
    private Duration timeout;

    /** {@return a client for these options; it tells people at the screen what takes long} */
    QueryClient client(Screen screen) {
        Endpoint endpoint = endpoint(System::getenv);
        if (endpoint.revealsToken()) {
            screen.note("the token is sent to " + endpoint.url().getHost() + " unencrypted, whoever is on the way can read it: use https");
        }
        return new QueryClient(endpoint, timeout, screen::note, Pause.real(), InstantSource.system());
    }

    Endpoint endpoint(UnaryOperator<String> environment) {
        String address = url != null ? url : set(environment, "JOBWATCH_URL").orElse(DEFAULT_URL);
        Optional<Secret> token = tokenFile != null ? Optional.of(Token.fromFile(tokenFile))
                : set(environment, "JOBWATCH_TOKEN").map(text -> Token.of(text, "JOBWATCH_TOKEN"));
        return new Endpoint(Endpoint.url(address), token, Optional.ofNullable(caFile));
    }

    private static Optional<String> set(UnaryOperator<String> environment, String name) {
        return Optional.ofNullable(environment.apply(name)).filter(value -> !value.isBlank());
    }
}
