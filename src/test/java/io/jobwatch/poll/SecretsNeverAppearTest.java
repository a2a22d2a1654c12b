package io.jobwatch.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import io.jobwatch.cli.CommandLineInterface;
import io.jobwatch.config.ConfigException;
import io.jobwatch.config.ConfigLoader;
import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.source.JobSource;
import io.jobwatch.source.JobSources;
import io.jobwatch.source.Listing;
import io.jobwatch.source.SourceException;
import io.jobwatch.source.WholeRequestServer;
import io.jobwatch.source.WholeRequestServer.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Sources with every kind of authentication ask a service, and a token endpoint, that repeat all they are sent, in every place of an answer
 * and in several encodings. Nothing that jobwatch says afterwards may hold a secret.
 */
@Timeout(120)
class SecretsNeverAppearTest {
    private static final String BEARER = "eyJhbGciOi.J9+s3cret/of=bearer~&<token>.sig-0123456789-" + "abcDEF/+".repeat(60);
    private static final String PASSWORD = "pä ss/wörd&of=basic+0123456789";
    private static final String KEY = "k3y/of+the=api-0123456789";
    private static final String JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdW4iOiJhbGljZSJ9.s3cr3t-0123456789_abc";
    private static final String CLIENT_SECRET = "cli3nt/s3cret+&=%ü-0123456789";

    private static final List<String> SECRETS = List.of(BEARER, PASSWORD, KEY, JWT, CLIENT_SECRET);

    /** So much of a secret may not be told. */
    private static final int PART = 16;

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T10:00:00Z"));
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final List<Appender<ILoggingEvent>> console = new ArrayList<>();
    private final Map<Logger, Level> levels = new LinkedHashMap<>();
    private final List<String> granted = new CopyOnWriteArrayList<>();
    private final List<String> told = new ArrayList<>();
    private volatile int firstOfSource;
    private int failures;

    @BeforeEach
    void listen() {
        set(root, Level.DEBUG);
        set((Logger) LoggerFactory.getLogger("io.jobwatch"), Level.TRACE);
        log.start();
        root.iteratorForAppenders().forEachRemaining(console::add);
        console.forEach(root::detachAppender); // so much is not for the console
        root.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        root.detachAppender(log);
        console.forEach(root::addAppender);
        levels.forEach(Logger::setLevel);
    }

    private void set(Logger logger, Level level) {
        levels.put(logger, logger.getLevel());
        logger.setLevel(level);
    }

    /** Everything that was sent, as it came and in several encodings, and the last tokens of the source at hand. */
    private String echo(Request request) {
        String whole = request.head() + "\n" + request.body();
        String authorization = request.header("Authorization");
        return String.join("\n", request.header("Authorization"), request.header("X-Api-Key"), request.header("X-SLURM-USER-TOKEN"),
                authorization.startsWith("Basic ") ? decoded(authorization.substring(6)) : "",
                request.body().isEmpty() ? "" : URLDecoder.decode(request.body(), StandardCharsets.UTF_8),
                String.join(" ", lately()), whole, base64(whole), URLEncoder.encode(whole, StandardCharsets.UTF_8));
    }

    /** What the source at hand was granted; no other could know that it is secret. */
    private List<String> lately() {
        return granted.subList(Math.max(firstOfSource, granted.size() - 5), granted.size());
    }

    private static String decoded(String base64) {
        String text = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        return text.contains("%") ? text + " " + URLDecoder.decode(text, StandardCharsets.UTF_8) : text;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Ways to answer with an echo. */
    private Map<String, WholeRequestServer.Answering> ways() {
        Map<String, WholeRequestServer.Answering> ways = new LinkedHashMap<>();
        ways.put("reason phrase", request -> "HTTP/1.1 500 " + line(request) + "\r\nContent-Length: 0\r\n\r\n");
        ways.put("status line", request -> line(request) + "\r\n\r\n");
        ways.put("header line", request -> "HTTP/1.1 200 OK\r\n" + line(request) + "\r\n\r\n");
        ways.put("content length", request -> "HTTP/1.1 200 OK\r\nContent-Length: " + line(request) + "\r\n\r\n");
        ways.put("chunk size", request -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + line(request) + "\r\n\r\n");
        ways.put("encoding", request -> WholeRequestServer.answer(200, "Content-Encoding: " + line(request) + "\r\n", "{}"));
        ways.put("retry after", request -> WholeRequestServer.answer(503, "Retry-After: " + line(request) + "\r\n", echo(request)));
        ways.put("redirect to another host", request -> WholeRequestServer.answer(302,
                "Location: http://other.invalid/" + encoded(request) + "?" + encoded(request) + "\r\n", ""));
        ways.put("redirect to a host of that name", request -> WholeRequestServer.answer(307,
                "Location: http://" + base64(request.header("Authorization")) + "/\r\n", ""));
        ways.put("redirect within the host", request -> WholeRequestServer.answer(302, "Location: /" + encoded(request) + "\r\n", ""));
        ways.put("redirect to nowhere", request -> WholeRequestServer.answer(302, "Location: " + line(request) + "\r\n", ""));
        for (int status : new int[] {200, 400, 401, 403, 404, 500}) {
            ways.put(status + " text", request -> WholeRequestServer.answer(status, "", latin1(echo(request))));
            ways.put(status + " word", request -> WholeRequestServer.answer(status, "", latin1(words(request))));
            ways.put(status + " title", request -> WholeRequestServer.answer(status, "",
                    latin1("<html><title>" + echo(request).replace("<", "&lt;") + "</title>")));
            ways.put(status + " JSON", request -> WholeRequestServer.answer(status, "Content-Type: application/json\r\n",
                    everywhere(echo(request))));
            ways.put(status + " broken JSON", request -> WholeRequestServer.answer(status, "", "{\"value\":[" + words(request)));
        }
        return ways;
    }

    private String line(Request request) {
        return latin1(echo(request).replaceAll("[\r\n]+", " "));
    }

    private String encoded(Request request) {
        return URLEncoder.encode(echo(request), StandardCharsets.UTF_8);
    }

    /** The secrets first: parsers quote the beginning of what they do not understand. */
    private static String words(Request request) {
        return request.header("Authorization").replaceAll("^(Bearer|Basic) ", "") + request.header("X-Api-Key")
                + request.header("X-SLURM-USER-TOKEN") + request.body().replaceAll("^.*client_secret=", "");
    }

    private static String latin1(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** In every field that an error is looked for in, or a job read from. */
    private static String everywhere(String echo) {
        String text = "\"" + latin1(echo).replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
        String fields = List.of("Id", "Name", "Created", "LastModified", "job_state", "name", "token_type", "expires_in").stream()
                .map(name -> "\"" + name + "\":" + text).collect(Collectors.joining(","));
        String errors = List.of("error", "error_description", "message", "detail").stream()
                .map(name -> "\"" + name + "\":" + text).collect(Collectors.joining(","));
        return "{" + fields + ",\"State\":" + text + "," + errors + ",\"meta\":{},\"errors\":[{\"error\":" + text + ",\"error_number\":7}],"
                + "\"value\":[{" + fields + ",\"State\":4},{\"Id\":\"j\",\"State\":" + text + "},"
                + "{\"Id\":\"k\",\"Name\":" + text + ",\"State\":4}," + text + "],"
                + "\"jobs\":[{" + fields + ",\"job_id\":" + text + "},{" + fields + ",\"job_id\":7}]}";
    }

    private String yaml(WholeRequestServer service, WholeRequestServer endpoint) {
        return """
            sources:
              - {name: bearer, type: ams-v2, url: SERVICE, auth: {type: bearer, token: 'BEARER'}}
              - {name: file, type: ams-v2, url: SERVICE, auth: {type: bearer, token-file: 'FOLDER/token'}}
              - {name: basic, type: ams-v2, url: SERVICE, auth: {type: basic, user: bob, password: 'PASSWORD'}}
              - {name: headers, type: ams-v2, url: SERVICE, auth: {type: headers, headers: {X-Api-Key: 'KEY'}}}
              - {name: slurm, type: slurm, url: SERVICE, auth: {type: slurm-jwt, user: alice, token: 'JWT'}}
              - {name: oauth, type: ams-v2, url: SERVICE, auth: {type: oauth2, token-url: ENDPOINT, client-id: me, client-secret: 'CLIENT'}}
              - {name: post, type: ams-v2, url: SERVICE, auth: {type: oauth2, client-auth: post, token-url: ENDPOINT, client-id: me,
                 client-secret: 'CLIENT', parameters: {audience: jobs}}}
            """.replace("SERVICE", service.url().toString()).replace("ENDPOINT", endpoint.url().toString()).replace("BEARER", BEARER)
                .replace("FOLDER", folder.toString()).replace("PASSWORD", PASSWORD).replace("KEY", KEY).replace("JWT", JWT)
                .replace("CLIENT", CLIENT_SECRET);
    }

    private String grant() {
        String token = "granted/t0ken+" + granted.size() + "=" + "xyzXYZ0123-".repeat(granted.size() + 3);
        granted.add(token);
        return WholeRequestServer.answer(200, "", "{\"access_token\":\"" + token + "\",\"expires_in\":\"60\"}");
    }

    @Test
    void shouldNotTellASecretWhateverServicesRepeat() throws Exception {
        Files.writeString(folder.resolve("token"), BEARER);
        WholeRequestServer.Answering[] now = {null, null};
        try (WholeRequestServer service = new WholeRequestServer(request -> now[0].answer(request));
                WholeRequestServer endpoint = new WholeRequestServer(request -> now[1].answer(request))) {
            Path file = Files.writeString(folder.resolve("jobwatch.yaml"), yaml(service, endpoint));
            JobwatchConfig config = ConfigLoader.load(file, name -> null);
            told.add(config.toString());
            for (SourceConfig source : config.sources()) {
                firstOfSource = granted.size();
                try (JobSource asked = JobSources.create(source, clock)) {
                    for (WholeRequestServer.Answering way : ways().values()) {
                        now[0] = way;
                        now[1] = request -> grant();
                        ask(source, asked);
                        clock.advance(Duration.ofMinutes(1));
                        now[1] = way;
                        ask(source, asked);
                    }
                }
            }
            assertThat(failures).as("failures, so that there was something to tell").isGreaterThan(1000);
            assertThat(granted).as("tokens").hasSizeGreaterThan(50);
            now[1] = request -> {
                firstOfSource = granted.size();
                return grant();
            };
            for (String way : List.of("reason phrase", "redirect within the host", "401 text", "200 JSON", "500 JSON", "403 title")) {
                now[0] = ways().get(way);
                firstOfSource = granted.size();
                told.add(check(file));
            }
        }
        for (ILoggingEvent event : log.list) {
            told.add(event.getFormattedMessage() + (event.getThrowableProxy() == null ? ""
                    : ThrowableProxyUtil.asString(event.getThrowableProxy())));
        }
        assertThat(told).anyMatch(text -> text.contains("******"));
        List<String> secrets = new ArrayList<>(SECRETS);
        secrets.addAll(granted);
        assertHoldNone(told, secrets);
    }

    /** Nor any part of a secret, in any form, as somebody may have cut it off. */
    private static void assertHoldNone(List<String> texts, List<String> secrets) {
        Set<String> parts = new HashSet<>();
        for (String secret : secrets) {
            String url = URLEncoder.encode(secret, StandardCharsets.UTF_8);
            for (String form : List.of(secret, url, base64(secret), base64("bob:" + secret), base64("me:" + url), base64("=" + url))) {
                for (int i = 0; i + PART <= form.length(); i++) {
                    parts.add(form.substring(i, i + PART));
                }
            }
        }
        for (String text : texts) {
            for (int i = 0; i + PART <= text.length(); i++) {
                if (parts.contains(text.substring(i, i + PART))) {
                    fail("a part of a secret, from character " + i + " on, in: " + text);
                }
            }
        }
    }

    private interface Question {
        Object ask() throws SourceException, InterruptedException;
    }

    private void ask(SourceConfig config, JobSource source) throws InterruptedException {
        Optional<Listing> listing = ask(config, () -> source.list(Optional.empty())).map(Listing.class::cast);
        ask(config, () -> source.lookup("7"));
        if (listing.isPresent() && listing.get() instanceof Listing.Jobs jobs) {
            jobs.bad().forEach(bad -> {
                told.add(bad.reason());
                told.add(new String(bad.raw(), StandardCharsets.UTF_8));
            });
            if (!jobs.jobs().isEmpty()) {
                ask(config, () -> source.withDetails(jobs.jobs().get(0)));
            }
        }
    }

    private Optional<Object> ask(SourceConfig config, Question question) throws InterruptedException {
        try {
            Object answer = question.ask();
            told.add(answer.toString());
            return Optional.of(answer);
        } catch (SourceException e) {
            failures++;
            for (Throwable each = e; each != null; each = each.getCause()) {
                told.add(each.toString());
            }
            SourceHealth health = new SourceHealth(config, "here", Optional.empty());
            health.failed(e.getMessage());
            told.add(health.status(clock.instant(), clock.instant(), config.pollInterval()).toString());
            return Optional.empty();
        }
    }

    private static String check(Path config) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(text, true, StandardCharsets.UTF_8);
        System.setOut(both);
        System.setErr(both);
        try {
            CommandLineInterface.run("check", "-c", config.toString());
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        String said = text.toString(StandardCharsets.UTF_8);
        assertThat(said).contains("ok      configuration", "source bearer", "source post");
        return said;
    }

    @Test
    void shouldNotTellASecretOfAConfigurationThatIsWrong() throws IOException {
        Files.writeString(folder.resolve("token"), BEARER + "\u0007");
        for (String auth : List.of("bearer, token: '" + PASSWORD + "'",
                "bearer, token-file: '" + folder.resolve("token") + "'",
                "basic, user: bob, password: \"" + PASSWORD + "\\n\"", "headers, headers: {X-Key: ['" + KEY + "']}",
                "headers, headers: {Host: '" + KEY + "'}", "slurm-jwt, user: a, tokens: '" + JWT + "'",
                "oauth2, token-url: 'http://me:" + KEY + "@h/', client-id: me, client-secret: '" + CLIENT_SECRET + "'",
                "oauth2, token-url: 'http://h/', client-id: me, client-secret: '" + CLIENT_SECRET + "', client-secret-file: x",
                "oauth2, token-url: 'https://h/', client-id: me, parameters: {client_secret: '" + CLIENT_SECRET + "'}")) {
            Path file = Files.writeString(folder.resolve("jobwatch.yaml"),
                    "sources: [{name: a, type: ams-v2, url: 'http://h', auth: {type: " + auth + "}}]");
            ConfigException failure = catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(file, name -> null));
            assertThat(failure).as(auth).hasMessageContaining("sources[0].auth.").hasNoCause();
            assertHoldNone(List.of(failure.toString()), SECRETS);
        }
    }
}
