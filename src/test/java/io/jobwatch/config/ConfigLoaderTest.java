package io.jobwatch.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jobwatch.event.JobState;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
    private static final String SOURCE = """
        sources:
          - name: encoder
            type: ams-v2
            url: http://127.0.0.1:9999/api
        """;
    private static final Map<String, String> ENVIRONMENT =
            Map.of("ENCODER_TOKEN", "t0p-s3cret", "SLURM_JWT", "jwt.s3cret", "EMPTY", "", "PORT", "9999", "LINES", "s3cret\nX-Evil: 1");

    @TempDir
    Path folder;

    private Path file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("jobwatch.yaml"), yaml);
    }

    private JobwatchConfig load(String yaml) throws IOException {
        return ConfigLoader.load(file(yaml), ENVIRONMENT::get);
    }

    /** The message without the folder of the test. */
    private String problem(String yaml) throws IOException {
        Path file = file(yaml);
        ConfigException failure = catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(file, ENVIRONMENT::get));
        assertThat(failure).as("a problem in %s", yaml).isNotNull();
        assertThat(failure.getMessage()).doesNotContain("s3cret");
        return failure.getMessage().replace(folder + "/", "");
    }

    private AuthConfig auth(String auth) throws IOException {
        return load(SOURCE + "    auth: " + auth).sources().get(0).auth();
    }

    private String authProblem(String auth) throws IOException {
        return problem(SOURCE + "    auth: " + auth);
    }

    @Test
    void shouldReadTheExampleOfTheDesign() throws IOException {
        JobwatchConfig config = load("""
            application-id: jobwatch
            data-dir: ./jobwatch-data
            roles: [poll, process, report, query]
            kafka:
              bootstrap-servers: embedded          # or host:port,…; embedded keeps its data under data-dir
              embedded-port: 9092
              properties: {}                       # any Kafka client setting, TLS and SASL included
            schema-registry:
              url: embedded                        # or http(s)://…, several with commas
              embedded-port: 8081
              properties: {}                       # basic.auth.user.info, bearer.auth.token, TLS …
            topics: {prefix: "jobwatch.", partitions: 6}
            sources:
              - name: encoder-eu
                type: ams-v2
                url: https://media.example.com/api
                account: contoso
                location: westeurope
                poll-interval: 2500ms
                start-from: now
                auth: {type: bearer, token: "${ENCODER_TOKEN}"}
              - name: cluster
                type: slurm
                url: http://127.0.0.1:6820
                account: hpc-1
                auth: {type: slurm-jwt, user: alice, token: "${SLURM_JWT}"}
            process:
              state-store: rocksdb                 # or memory
              standby-replicas: 0
              stuck-after: {QUEUED: 1h, PROCESSING: 12h}
              retain-terminal-for: 7d
              properties: {}                       # any Kafka Streams setting
            report: {console: compact, directory: null, webhook: null}     # directory defaults to <data-dir>/job-reports
            query: {host: 127.0.0.1, port: 8080, auth: {type: none}}
            """);

        assertThat(config.sources()).containsExactly(
                new SourceConfig("encoder-eu", "ams-v2", URI.create("https://media.example.com/api"), "contoso", Optional.of("westeurope"),
                        Duration.ofMillis(2500), Duration.ofSeconds(30), Duration.ofSeconds(60), new StartFrom.Now(),
                        new AuthConfig.Bearer(new Secret("t0p-s3cret"))),
                new SourceConfig("cluster", "slurm", URI.create("http://127.0.0.1:6820"), "hpc-1", Optional.empty(),
                        Duration.ofMillis(2500), Duration.ofSeconds(30), Duration.ofSeconds(60), new StartFrom.Now(),
                        new AuthConfig.SlurmJwt("alice", new Secret("jwt.s3cret"))));
        assertThat(config).usingRecursiveComparison().ignoringFields("sources", "dataDir", "report.directory").isEqualTo(load(SOURCE));
        assertThat(config.dataDir()).isEqualTo(Path.of("./jobwatch-data"));
        assertThat(config.report().directory()).isEqualTo(Path.of("./jobwatch-data/job-reports"));
        assertThat(config.toString()).doesNotContain("s3cret");
    }

    @Test
    void shouldHaveADefaultForEverythingButTheSources() throws IOException {
        JobwatchConfig config = load(SOURCE);

        assertThat(config.applicationId()).isEqualTo("jobwatch");
        assertThat(config.dataDir()).isEqualTo(Path.of("jobwatch-data"));
        assertThat(config.roles()).isEqualTo(EnumSet.allOf(Role.class));
        assertThat(config.kafka()).isEqualTo(new KafkaConfig("embedded", 9092, Map.of()));
        assertThat(config.schemaRegistry()).isEqualTo(new RegistryConfig("embedded", 8081, Map.of()));
        assertThat(config.topics()).isEqualTo(new TopicsConfig("jobwatch.", 6));
        assertThat(config.process()).isEqualTo(new ProcessConfig(ProcessConfig.StateStore.ROCKSDB, 0,
                Map.of(JobState.QUEUED, Duration.ofHours(1), JobState.PROCESSING, Duration.ofHours(12)), Duration.ofMinutes(5),
                Duration.ofDays(7), Map.of()));
        assertThat(config.report())
                .isEqualTo(new ReportConfig(ReportConfig.Console.COMPACT, Path.of("jobwatch-data/job-reports"), Optional.empty()));
        assertThat(config.query()).isEqualTo(new QueryConfig("127.0.0.1", 8080));
        assertThat(config.sources()).containsExactly(new SourceConfig("encoder", "ams-v2", URI.create("http://127.0.0.1:9999/api"), "",
                Optional.empty(), Duration.ofMillis(2500), Duration.ofSeconds(30), Duration.ofSeconds(60), new StartFrom.Now(),
                new AuthConfig.None()));
    }

    @Test
    void shouldReadEveryKeyWithAnotherValue() throws IOException {
        JobwatchConfig config = load("""
            application-id: watch-2
            data-dir: /var/lib/jobwatch
            roles: [query, process]
            kafka:
              bootstrap-servers: a:9092, [::1]:9093
              embedded-port: 0
              properties: {security.protocol: SSL, ssl: {truststore: {type: PEM}}}
            schema-registry:
              url: https://a/x,http://b:8081
              client: built-in
              embedded-port: 65535
              properties: {basic.auth.user.info: "a:${ENCODER_TOKEN}"}
            topics: {prefix: "", partitions: 12}
            sources:
              - {name: a, type: slurm, url: "https://h/", poll-interval: 100ms, request-timeout: 5s, details-timeout: 0s, start-from: all}
              - {name: b, type: slurm, url: "https://h/", start-from: 12h, request-limit: {per-second: 5}}
              - {name: c, type: slurm, url: "https://h/", request-limit: {per-second: 0.25, per: host}}
            process:
              state-store: memory
              standby-replicas: 1
              stuck-after: {}
              down-after: 2m
              retain-terminal-for: 90m
              properties: {num.stream.threads: 2}
            report: {console: "off", directory: out}
            query: {host: "::1", port: 0}
            """);

        assertThat(config.applicationId()).isEqualTo("watch-2");
        assertThat(config.roles()).containsExactlyInAnyOrder(Role.QUERY, Role.PROCESS);
        assertThat(config.kafka()).isEqualTo(
                new KafkaConfig("a:9092, [::1]:9093", 0, Map.of("security.protocol", "SSL", "ssl.truststore.type", "PEM")));
        assertThat(config.schemaRegistry()).isEqualTo(
                new RegistryConfig("https://a/x,http://b:8081", Optional.of(RegistryConfig.Client.BUILT_IN), 65535,
                        Map.of("basic.auth.user.info", "a:t0p-s3cret")));
        assertThat(config.topics()).isEqualTo(new TopicsConfig("", 12));
        assertThat(config.sources().get(0).pollInterval()).isEqualTo(Duration.ofMillis(100));
        assertThat(config.sources().get(0).requestTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.sources().get(0).detailsTimeout()).isZero();
        assertThat(config.sources().get(0).startFrom()).isEqualTo(new StartFrom.All());
        assertThat(config.sources().get(1).startFrom()).isEqualTo(new StartFrom.Since(Duration.ofHours(12)));
        assertThat(config.sources()).extracting(SourceConfig::requestLimit).containsExactly(Optional.empty(),
                Optional.of(new RequestLimit(5, false)), Optional.of(new RequestLimit(0.25, true)));
        assertThat(config.process()).isEqualTo(new ProcessConfig(
                ProcessConfig.StateStore.MEMORY, 1, Map.of(), Duration.ofMinutes(2), Duration.ofMinutes(90),
                Map.of("num.stream.threads", "2")));
        assertThat(config.report()).isEqualTo(new ReportConfig(ReportConfig.Console.OFF, Path.of("out"), Optional.empty()));
        assertThat(config.query()).isEqualTo(new QueryConfig("::1", 0));
    }

    @Test
    void shouldReadAnInstanceThatPollsNothing() throws IOException {
        assertThat(load("roles: [query]").sources()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing yet\n", "---\n"})
    void shouldMissTheSourcesInAnEmptyFile(String yaml) throws IOException {
        assertThat(problem(yaml)).startsWith("jobwatch.yaml").contains("sources: ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        a: [1                       | jobwatch.yaml:2:1: not YAML: expected ',' or ']'
        a: b: c                     | jobwatch.yaml:1:5: not YAML: mapping values are not allowed here
        - 1                         | jobwatch.yaml:1:1: expected a mapping of keys to values, found a list
        just text                   | jobwatch.yaml:1:1: expected a mapping of keys to values, found a single value
        a: *unknown                 | not YAML: found undefined alias
        {[1]: 2, roles: [query]}    | jobwatch.yaml:1:2: expected a word as key
        """)
    void shouldSayWhereAFileIsNotYaml(String yaml, String message) throws IOException {
        assertThat(problem(yaml + "\n")).contains(message);
    }

    @Test
    void shouldRefuseASecondDocument() throws IOException {
        assertThat(problem("roles: [query]\n---\nroles: [poll]\n")).contains("not YAML: but found another document");
    }

    @Test
    void shouldRefuseWhatIsNoText() throws IOException {
        Files.write(folder.resolve("jobwatch.yaml"), new byte[] {'a', ':', ' ', (byte) 0xff});
        Files.createDirectory(folder.resolve("sub"));

        assertThat(catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(folder.resolve("jobwatch.yaml"), n -> null)))
                .hasMessageContaining("jobwatch.yaml: expected text in UTF-8");
        assertThat(catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(folder.resolve("no.yaml"), n -> null)))
                .hasMessageContaining("no.yaml: there is no such file");
        assertThat(catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(folder.resolve("sub"), n -> null)))
                .hasMessageContaining("sub: cannot be read");
    }

    @Test
    void shouldAcceptAByteOrderMark() throws IOException {
        assertThat(load("\uFEFFroles: [query]\r\n").roles()).containsExactly(Role.QUERY);
    }

    @Test
    void shouldAcceptAnAlias() throws IOException {
        JobwatchConfig config = load("""
            sources:
              - {name: a, type: slurm, url: "http://h", auth: &auth {type: bearer, token: "${SLURM_JWT}"}}
              - {name: b, type: slurm, url: "http://h", auth: *auth}
            """);

        assertThat(config.sources().get(1).auth()).isEqualTo(config.sources().get(0).auth()).isInstanceOf(AuthConfig.Bearer.class);
    }

    @Test
    void shouldNotExpandABomb() throws IOException {
        StringBuilder bomb = new StringBuilder("kafka:\n  properties:\n    p0: &p0 {a: b, c: d}\n");
        for (int i = 1; i < 25; i++) {
            bomb.append("    p%1$d: &p%1$d {a: *p%2$d, b: *p%2$d}%n".formatted(i, i - 1));
        }

        assertThat(problem(bomb.toString())).contains("at most 100000 values").contains("are there aliases of aliases?");
        assertThat(problem("kafka: &a\n  properties: *a\n")).contains("nested at most 30 deep");
        assertThat(problem("a: " + "[".repeat(200_000))).contains("jobwatch.yaml");
        assertThat(problem("a: " + "x".repeat(1_100_000))).contains("at most 1048576 bytes");
    }

    @Test
    void shouldTellEverythingThatIsWrongAtOnceALineEach() throws IOException {
        assertThat(problem("""
            rolls: [poll]
            kafka: {embeded-port: 1}
            query:
              port: many
            sources:
              - type: ams-v2
                url: http://h
            """).lines()).containsExactly(
                "jobwatch.yaml:2:9: kafka.embeded-port: unknown key; did you mean embedded-port? "
                        + "Allowed here: bootstrap-servers, embedded-port, properties",
                "jobwatch.yaml:6:5: sources[0].name: missing; expected a name of a-z, 0-9 and hyphens that does not begin with a hyphen "
                        + "(at most 100)",
                "jobwatch.yaml:4:9: query.port: expected a whole number from 0 to 65535, found \"many\"",
                "jobwatch.yaml:1:1: rolls: unknown key; did you mean roles? Allowed here: application-id, data-dir, roles, kafka, "
                        + "schema-registry, topics, sources, process, report, query");
    }

    @Test
    void shouldRefuseTheSameKeyTwice() throws IOException {
        assertThat(problem("roles: [query]\ntopics: {}\nroles: [query]\n"))
                .isEqualTo("jobwatch.yaml:3:1: roles: the key is there already, at 1:1");
    }

    @Test
    void shouldNotGuessWhatAStrangeKeyMeans() throws IOException {
        assertThat(problem("roles: [query]\nzzzzzz: 1\n")).contains("zzzzzz: unknown key; Allowed").doesNotContain("did you mean");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        application-id: "a b"                     | application-id: expected 1 to 100 of the characters
        data-dir: ""                              | data-dir: expected a path, found ""
        data-dir: [a]                             | data-dir: expected a path, found a list
        roles: poll                               | roles: expected a list, found a single value
        roles: []                                 | roles: expected a list with at least one of poll, process, report, query
        roles: [pol]                              | roles[0]: expected one of poll, process, report, query, found "pol"
        kafka: embedded                           | kafka: expected a mapping of keys to values, found a single value
        kafka: {bootstrap-servers: localhost}     | kafka.bootstrap-servers: expected embedded, or host:port
        kafka: {embedded-port: 65536}             | kafka.embedded-port: expected a whole number from 0 to 65535, found "65536"
        kafka: {embedded-port: -1}                | found "-1"
        kafka: {properties: {a: [1]}}             | kafka.properties.a: expected a text, found a list
        kafka: {properties: {a.b: 1, a: {b: 2}}}  | kafka.properties.a.b: the setting a.b is there already
        schema-registry: {url: localhost:8081}    | schema-registry.url: expected embedded, or http(s)://host
        schema-registry: {url: "http://a,,b"}     | schema-registry.url: expected
        schema-registry: {properties: {auto.register.schemas: "yes"}} | yaml:2:55: schema-registry.properties.auto.register.schemas:
        schema-registry: {properties: {auto.register.schemas: "yes"}} | expected true or false, found "yes"
        schema-registry: {properties: {auto: {register: {schemas: 0}}}} | register.schemas: expected true or false, found "0"
        schema-registry: {properties: {schema.registry.auto.register.schemas: [true]}} | expected true or false, found a list
        schema-registry: {client: apicurio}       | schema-registry.client: expected one of built-in, confluent
        topics: {prefix: "a/b"}                   | topics.prefix: expected at most 200 of the characters
        topics: {partitions: 0}                   | topics.partitions: expected a whole number from 1 to 1000, found "0"
        topics: {partitions: 6.5}                 | found "6.5"
        process: {state-store: disk}              | process.state-store: expected one of rocksdb, memory, found "disk"
        process: {stuck-after: {QUEUE: 1h}}       | process.stuck-after.QUEUE: expected a state that a job can be stuck in: QUEUED
        process: {stuck-after: {FINISHED: 1h}}    | process.stuck-after.FINISHED: expected a state that a job can be stuck in
        process: {stuck-after: {QUEUED: 1}}       | process.stuck-after.QUEUED: expected a duration such as 2500ms, 30s, 1h or 7d, found "1"
        process: {standby-replicas: 1, properties: {group.protocol: streams}} | process.standby-replicas: expected 0, as under group.pro
        process: {retain-terminal-for: 7 days}    | found "7 days"
        process: {retain-terminal-for: 99999999d} | found "99999999d"
        report: {console: loud}                   | report.console: expected one of full, compact, json, off, found "loud"
        report: {webhook: "https://x"}            | report.webhook: expected null: posting reports to a web hook is not built yet
        query: {host: 0.0.0.0}                    | query.host: expected a loopback address (127.0.0.1, ::1 or localhost), as query.auth
        query: {auth: {}}                         | query.auth.type: missing; expected one of none, bearer
        """)
    void shouldRefuseABadValueAndSayWhatIsAllowed(String line, String message) throws IOException {
        boolean roles = line.startsWith("roles");
        String yaml = (roles ? "" : "roles: [query]\n") + line.strip() + "\n";

        assertThat(problem(yaml)).startsWith("jobwatch.yaml:" + (roles ? 1 : 2) + ":").contains(message).hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        {type: slurm, url: "http://h"}                            | name: missing
        {name: a, url: "http://h"}                                | type: missing; expected one of ams-v2, ams-v3, slurm
        {name: a, type: slurm}                                    | url: missing; expected http(s)://host
        {name: a, type: slurm, url: null}                         | url: missing
        {name: A, type: slurm, url: "http://h"}                   | name: expected a name of a-z, 0-9 and hyphens
        {name: a/b, type: slurm, url: "http://h"}                 | found "a/b"
        {name: -a, type: slurm, url: "http://h"}                  | found "-a"
        {name: a, type: kubernetes, url: "http://h"}              | type: expected one of ams-v2, ams-v3, slurm, http-json, found "kubernetes"
        {name: a, type: slurm, url: h}                            | url: expected http(s)://host[:port][/path], without a query
        {name: a, type: slurm, url: "http://h?token=1"}           | url: expected
        {name: a, type: slurm, url: "ftp://h"}                    | url: expected
        {name: a, type: slurm, url: "http://u:s3cret@h"} | with credentials under auth rather than in the address, found another text
        {name: a, type: slurm, url: "http://h", poll-interval: 5} | poll-interval: expected a duration of at least 100ms
        {name: a, type: slurm, url: "http://h", poll-interval: 1ms} | found "1ms"
        {name: a, type: slurm, url: "http://h", request-timeout: 0s} | request-timeout: expected a duration of at least 100ms
        {name: a, type: slurm, url: "http://h", start-from: no} | start-from: expected now, all, or a duration such as 12h or 7d, found "no"
        {name: a, type: slurm, url: "http://h", interval: 5s}     | interval: unknown key
        {name: a, type: slurm, url: "http://h", request-limit: 5} | request-limit: expected a mapping of keys to values, found a single
        {name: a, type: slurm, url: "http://h", request-limit: {}} | request-limit.per-second: missing; expected requests a second, a number
        {name: a, type: slurm, url: "http://h", request-limit: {per-second: 0}} | per-second: expected requests a second, a number above 0
        {name: a, type: slurm, url: "http://h", request-limit: {per-second: 0.0}} | found "0.0"
        {name: a, type: slurm, url: "http://h", request-limit: {per-second: -1}} | found "-1"
        {name: a, type: slurm, url: "http://h", request-limit: {per-second: 100001}} | found "100001"
        {name: a, type: slurm, url: "http://h", request-limit: {per-second: 1e3}} | found "1e3"
        {name: a, type: slurm, url: "http://h", request-limit: {per-second: 5/s}} | found "5/s"
        {name: a, type: slurm, url: "http://h", request-limit: {per-second: 1, per: all}} | request-limit.per: expected source (a limit of
        {name: a, type: slurm, url: "http://h", request-limit: {per-second: 1, burst: 2}} | request-limit.burst: unknown key
        """)
    void shouldRefuseABadSource(String source, String message) throws IOException {
        assertThat(problem("sources:\n  - " + source.strip() + "\n"))
                .matches("jobwatch.yaml:2:\\d+: sources\\[0]\\.[\\s\\S]*").contains(message).hasLineCount(1);
    }

    /** They stand in every record of the source's jobs. */
    @ParameterizedTest
    @ValueSource(strings = {"account", "location"})
    void shouldRefuseANameThatIsTooLongForEveryRecord(String key) throws IOException {
        String source = "sources:\n  - {name: a, type: slurm, url: \"http://h\", " + key + ": " + "x".repeat(256);

        assertThat(load(source + "}\n").sources()).hasSize(1);
        assertThat(problem(source + "x}\n")).contains("sources[0]." + key + ": expected a text of at most 256 characters");
    }

    @Test
    void shouldRefuseTwoSourcesOfOneName() throws IOException {
        assertThat(problem(SOURCE + "  - {name: encoder, type: slurm, url: \"http://h\"}\n")).isEqualTo(
                "jobwatch.yaml:5:12: sources[1].name: expected a name of its own, found \"encoder\", "
                        + "which is the name of the source at 2:11");
    }

    @Test
    void shouldReadEveryKindOfAuthentication() throws IOException {
        assertThat(auth("{type: none}")).isEqualTo(new AuthConfig.None());
        assertThat(auth("null")).isEqualTo(new AuthConfig.None());
        assertThat(auth("{type: bearer, token: \"${ENCODER_TOKEN}\"}")).isEqualTo(new AuthConfig.Bearer(new Secret("t0p-s3cret")));
        assertThat(auth("{type: basic, user: bob, password: \"p ä${ENCODER_TOKEN}\"}"))
                .isEqualTo(new AuthConfig.Basic("bob", new Secret("p ät0p-s3cret")));
        assertThat(auth("{type: headers, headers: {X-Api-Key: \"${ENCODER_TOKEN}\", X-Other: b}}"))
                .isEqualTo(new AuthConfig.Headers(Map.of("X-Api-Key", new Secret("t0p-s3cret"), "X-Other", new Secret("b"))));
        assertThat(auth("{type: slurm-jwt, user: bob, token: \"${ENCODER_TOKEN}\"}"))
                .isEqualTo(new AuthConfig.SlurmJwt("bob", new Secret("t0p-s3cret")));
    }

    @Test
    void shouldReadASecretFromAFileOfItsOwn() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "from-file\n");
        String bearer = "{type: bearer, token-file: \"" + file + "\"}";

        assertThat(auth(bearer)).isEqualTo(new AuthConfig.Bearer(new Secret("from-file")));
        assertThat(auth("{type: basic, user: bob, password-file: \"" + file + "\"}"))
                .isEqualTo(new AuthConfig.Basic("bob", new Secret("from-file")));
        assertThat(authProblem(bearer.replace("token-file", "token: a, token-file"))).contains("expected token or token-file, found both");
        assertThat(authProblem(bearer.replace("token\"", "tokenx\""))).contains("auth.token-file: cannot read tokenx: NoSuchFile");
        Files.writeString(file, "\n");
        assertThat(authProblem(bearer)).contains("token-file: expected a value of visible");
        Files.writeString(file, "two s3cret\nlines\n");
        assertThat(authProblem(bearer)).contains("token-file: expected a value of visible");
        Files.writeString(file, "s3cret".repeat(20_000));
        assertThat(authProblem(bearer)).contains("expected a file of at most 65536 bytes");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        s3cret                                           | auth: expected a mapping of keys to values, found a single value
        {token: s3cret}                                  | auth.type: missing; expected one of none, bearer, basic, headers
        {type: mtls}                                     | auth.type: expected one of none, bearer
        {type: none, token: s3cret}                      | auth.token: unknown key
        {type: bearer}                                   | auth.token: missing; expected the token, best as "${NAME}" from the environment
        {type: bearer, token: "${NO_SUCH}"}              | auth.token: the environment variable NO_SUCH is not set
        {type: bearer, token: "${EMPTY}"}                | auth.token: expected a value of visible ASCII
        {type: bearer, token: "${LINES}"}                | auth.token: expected a value of visible ASCII
        {type: bearer, token: " s3cret"}                 | auth.token: expected a value of visible ASCII
        {type: bearer, token: [s3cret]}                  | auth.token: expected a value of visible ASCII
        {type: bearer, tokken: s3cret}                   | auth.token: missing
        {type: basic, password: s3cret}                  | auth.user: missing
        {type: basic, user: "a:b", password: s3cret}     | auth.user: expected a user name without a colon
        {type: basic, user: a}                           | auth.password: missing
        {type: basic, user: a, password: "${LINES}"}     | auth.password: expected a value without control characters
        {type: headers}                                  | auth.headers: missing
        {type: headers, headers: {Host: s3cret}}         | auth.headers.Host: expected the name of a header that may be set
        {type: headers, headers: {"a b": s3cret}}        | auth.headers.a b: expected the name of a header that may be set
        {type: headers, headers: {X-Key: "${LINES}"}}    | auth.headers.X-Key: expected a value of visible ASCII
        {type: slurm-jwt, token: s3cret}                 | auth.user: missing
        {type: slurm-jwt, user: a}                       | auth.token: missing
        """)
    void shouldRefuseBadAuthenticationWithoutShowingASecret(String auth, String message) throws IOException {
        assertThat(authProblem(auth.strip())).startsWith("jobwatch.yaml:5:").contains("sources[0]." + message);
    }

    @Test
    void shouldPutVariablesIntoAnyValue() throws IOException {
        JobwatchConfig config = load("""
            roles: [query]
            application-id: a-${PORT}-b
            data-dir: $${PORT}/$PORT/${NO_SUCH:-here:-}/${EMPTY:-x}${EMPTY}
            query: {port: "${PORT}"}
            topics: {partitions: "${NO_SUCH:-7}"}
            """);

        assertThat(config.applicationId()).isEqualTo("a-9999-b");
        assertThat(config.dataDir()).isEqualTo(Path.of("${PORT}/$PORT/here:-/x"));
        assertThat(config.query().port()).isEqualTo(9999);
        assertThat(config.topics().partitions()).isEqualTo(7);
    }

    @Test
    void shouldNotLookForVariablesInWhatAVariableHolds() throws IOException {
        JobwatchConfig config = ConfigLoader.load(file("roles: [query]\ndata-dir: ${A}\n"), Map.of("A", "${B}", "B", "no")::get);

        assertThat(config.dataDir()).isEqualTo(Path.of("${B}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"${", "${}", "${A B}", "${1A}", "${A:default}", "x${PORT"})
    void shouldRefuseAReferenceThatIsNone(String text) throws IOException {
        assertThat(problem("roles: [query]\ndata-dir: \"" + text + "\"\n")).contains("jobwatch.yaml:2:11: data-dir: expected ${NAME}");
    }

    @Test
    void shouldShowTheReferenceAndNotWhatTheVariableHolds() throws IOException {
        assertThat(problem("roles: [query]\nquery: {port: \"${ENCODER_TOKEN}\"}\n")).endsWith("found \"${ENCODER_TOKEN}\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        a: b | true
        auto.register.schemas: false | false
        auto.register.schemas: "FALSE" | false
        auto.register.schemas: "" | true
        schema.registry.auto.register.schemas: false | false
        schema.registry.auto.register.schemas: True | true
        """)
    void shouldReadWhetherARunRegistersSchemas(String property, boolean registers) throws IOException {
        String yaml = "schema-registry: {url: %s, properties: {" + property + "}}\nroles: [report]";

        assertThat(load(yaml.formatted("http://a")).schemaRegistry().autoRegister()).isEqualTo(registers);
        assertThat(load(yaml.formatted("embedded")).schemaRegistry().autoRegister()).as("nobody else could have").isTrue();
    }

    @Test
    void shouldNotShowThePasswordInARegistrysAddress() {
        assertThat(new RegistryConfig("https://u:s3cret@a/x,http://b,http://v:s3cret@c", 0, Map.of()).toString())
                .isEqualTo("RegistryConfig[https://******@a/x,http://b,http://******@c]");
        assertThat(new RegistryConfig("http://alice:80/s3cret@a", 0, Map.of()).toString()).doesNotContain("s3cret");
    }
}
