package io.jobwatch.cli.doctor;

import io.jobwatch.cli.client.Answer;
import io.jobwatch.cli.client.ClientException;
import io.jobwatch.cli.client.Endpoint;
import io.jobwatch.cli.client.Pause;
import io.jobwatch.cli.client.QueryClient;
import io.jobwatch.cli.client.Target;
import io.jobwatch.cli.screen.Moments;
import io.jobwatch.config.Pem;
import io.jobwatch.config.QueryAuth;
import io.jobwatch.config.QueryConfig;
import io.jobwatch.config.Secret;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Whether this instance answers queries, and how old its answers are; or, where it has not that role, whether it tells its health. */
final class ApiExamination implements Examination {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
    private static final Duration RENEW_WITHIN = Duration.ofDays(14);

    private final QueryConfig config;
    private final boolean queries;
    private final Optional<Secret> token;
    private final InstantSource clock;

    private ApiExamination(QueryConfig config, boolean queries, Optional<Secret> token, InstantSource clock) {
        this.config = config;
        this.queries = queries;
        this.token = token;
        this.clock = clock;
    }

    /** @param token to ask with where a token is wanted; without one, only whether it is ready is asked */
    static ApiExamination ofQueries(QueryConfig config, Optional<Secret> token, InstantSource clock) {
        return new ApiExamination(config, true, token, clock);
    }

    /** Of an instance without the role query, which tells its health and its metrics alone. */
    static ApiExamination ofHealth(QueryConfig config, InstantSource clock) {
        return new ApiExamination(config, false, Optional.empty(), clock);
    }

    @Override
    public String subject() {
        return queries ? "queries" : "health";
    }

    @Override
    public Result examine() throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        HttpClient.Builder client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1).connectTimeout(ANSWER_WITHIN);
        if (config.tls().isPresent()) {
            try {
                X509Certificate certificate = Pem.certificates(config.tls().get().certificateFile()).get(0);
                expires(certificate, findings);
                client.sslContext(new PinnedCertificate(certificate).context());
            } catch (Pem.PemException e) {
                return new Result("TLS cannot be tried", List.of(Finding.fail(Ailment.CERTIFICATE_EXPIRES, "query.tls.certificate-file",
                        e.getMessage(), "the certificate of the server", "put it there: it is read again by itself")));
            }
        }
        if (config.port() == 0) {
            return new Result("at a port that the configuration leaves open: not asked", findings);
        }
        String url = (config.tls().isPresent() ? "https://" : "http://") + host() + ":" + config.port();
        if (ready(client.build(), url, findings) && queries) {
            age(url, findings);
        }
        return new Result(url, findings);
    }

    /** {@return an address that this machine reaches, where the server listens at all of them} */
    private String host() {
        return switch (config.host()) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::", "[::]" -> "[::1]";
            default -> config.host().contains(":") && !config.host().startsWith("[") ? "[" + config.host() + "]" : config.host();
        };
    }

    private void expires(X509Certificate certificate, List<Finding> findings) {
        Instant end = certificate.getNotAfter().toInstant();
        Duration left = Duration.between(clock.instant(), end);
        if (left.compareTo(RENEW_WITHIN) < 0) {
            findings.add(new Finding(left.isNegative() ? Severity.FAIL : Severity.WARN, Ailment.CERTIFICATE_EXPIRES,
                    "query.tls.certificate-file", "the certificate " + (left.isNegative() ? "expired " : "expires ")
                    + new Moments(clock.instant()).both(end), "one that is good for another " + RENEW_WITHIN.toDays() + " days",
                    "put a new certificate and its key there: both files are read again by themselves"));
        }
    }

    private boolean ready(HttpClient http, String url, List<Finding> findings) throws InterruptedException {
        String remedy = "is an instance with this configuration running here? Its log tells why it does not listen";
        var exchange = http.sendAsync(HttpRequest.newBuilder(URI.create(url + "/health/ready")).build(),
                HttpResponse.BodyHandlers.discarding());
        try {
            int status = exchange.get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS).statusCode();
            if (status == 200) {
                return true;
            }
            findings.add(status == 503
                    ? Finding.fail(Ailment.API_NOT_READY, url, queries ? "it lives, but its view has not caught up with the topics"
                    : "it lives, but its roles have not started", "ready",
                    "after a start wait, its log tells how far it is; if it stays so, see what this report says of the brokers")
                    : Finding.fail(Ailment.API_UNREACHABLE, url, "it answers /health/ready with status " + status, "200 or 503",
                    "is it jobwatch that listens there? See " + (queries ? "query.port" : "query.health-port")));
        } catch (TimeoutException e) {
            findings.add(Finding.fail(Ailment.API_UNREACHABLE, url, "no answer within " + ANSWER_WITHIN.toSeconds() + " s", "an answer",
                    remedy));
        } catch (ExecutionException e) {
            // What the JDK says of a refused connection says nothing to people.
            String reason = e.getCause() instanceof ConnectException ? "nothing listens there" : Troubles.reason(e.getCause());
            findings.add(reason.contains("another certificate than expected")
                    ? Finding.warn(Ailment.CERTIFICATE_DIFFERS, url, "the server shows " + reason.replaceFirst("^.*?another", "another"),
                    "that of query.tls.certificate-file", "the file is read again by itself; the log tells why it was not taken")
                    : Finding.fail(Ailment.API_UNREACHABLE, url, reason, "an answer", remedy));
        } finally {
            exchange.cancel(true);
        }
        return false;
    }

    /** The client of the commands wants to know the host; where TLS is on, being ready must do. */
    private void age(String url, List<Finding> findings) {
        boolean open = config.auth() instanceof QueryAuth.None;
        if (config.tls().isPresent() || !open && token.isEmpty()) {
            return;
        }
        try {
            QueryClient client = new QueryClient(new Endpoint(URI.create(url), open ? Optional.empty() : token, Optional.empty()),
                    ANSWER_WITHIN, news -> { }, Pause.real(), clock);
            Answer answer = client.get(Target.of("summary"));
            if (answer.stale()) {
                findings.add(Finding.fail(Ailment.API_STALE, url, "its answers are stale: the view is " + seconds(answer, "viewLagSeconds")
                        + " old, what it shows was processed up to " + seconds(answer, "processingLagSeconds") + " ago",
                        "answers that are seconds old", "see what this report says of groups, lag, transactions and brokers"));
            }
        } catch (ClientException e) {
            findings.add(Finding.warn(Ailment.LOOK_FAILED, url, e.getMessage(), "an answer to /api/v1/summary",
                    "jobwatch summary --url " + url));
        }
    }

    private static String seconds(Answer answer, String field) {
        return Moments.text(Duration.ofMillis((long) (answer.body().path(field).asDouble() * 1000)));
    }
}
