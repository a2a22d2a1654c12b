package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.jobwatch.config.ConfigException;
import io.jobwatch.config.Secret;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class RegistrySettingsTest {
    private static final RegistryTimeouts LIMITS =
            new RegistryTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(5), Duration.ofMillis(200));

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.jobwatch.registry");

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    private static RegistrySettings read(String settings, RegistryTimeouts timeouts) {
        Map<String, String> properties = new HashMap<>();
        for (String setting : settings.isEmpty() ? new String[0] : settings.split(";")) {
            properties.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }
        return RegistrySettings.of(properties, timeouts, 1);
    }

    private static RegistrySettings read(String settings) {
        return read(settings, RegistryTimeouts.DEFAULT);
    }

    private static String authorization(String settings) {
        return read(settings).credentials().authorization().map(Secret::reveal).orElse("none");
    }

    private List<String> logged() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        basic.auth.user.inf=alice:s3cret | properties.basic.auth.user.inf: not supported; did you mean basic.auth.user.info?
        quite.another=s3cret | quite.another: not supported; expected one of auto.register.schemas, basic.auth.credentials.source,
        basic.auth.user.info=s3cret | expected <user>:<password>, found a value without the colon
        basic.auth.credentials.source=USER_INFO | basic.auth.user.info: expected <user>:<password>, found nothing
        basic.auth.credentials.source=USER_INFO;basic.auth.user.info= | basic.auth.user.info: expected <user>:<password>, found nothing
        basic.auth.credentials.source=SASL_INHERIT | SASL_INHERIT is not supported; use USER_INFO
        basic.auth.credentials.source=OTHER | expected USER_INFO or URL, found OTHER
        bearer.auth.credentials.source=OAUTHBEARER | expected STATIC_TOKEN, found OAUTHBEARER; tokens that have to be fetched
        bearer.auth.credentials.source=STATIC_TOKEN | bearer.auth.token: expected the token
        bearer.auth.token=s3cret and more | bearer.auth.token: expected visible ASCII
        bearer.auth.token=s3cret;basic.auth.user.info=alice:s3cret | not both
        bearer.auth.credentials.source=STATIC_TOKEN;basic.auth.credentials.source=URL | not both
        basic.auth.user.info=a:s3cret;schema.registry.basic.auth.user.info=b:s3cret | basic.auth.user.info: set it once
        request.header.X-A=s3\u0007cret | request.header.X-A: expected the name and value of a header that may be set
        request.header.Host=s3cret | request.header.Host: expected the name and value of a header that may be set
        request.header.=x | request.header.: not supported
        ssl.truststore.location=/x | for the registry's client write schema.registry.ssl.truststore.location
        schema.registry.ssl.engine.factory.class=x | schema.registry.ssl.engine.factory.class: not supported
        schema.registry.url=http://a | properties.schema.registry.url: not supported, and not needed: the addresses are schema-registry.url
        missing.id.cache.ttl.sec=60 | missing.id.cache.ttl.sec: not supported, and not needed: what the registry does not know is asked for
        use.latest.version=true | jobwatch writes with the schemas of its own release
        http.read.timeout.ms=0 | http.read.timeout.ms: expected a whole number from 1 to 3600000, found 0
        http.connect.timeout.ms=2s | http.connect.timeout.ms: expected a whole number from 1 to 3600000, found 2s
        max.retries=-1 | max.retries: expected a whole number from 0 to 100, found -1
        proxy.host=proxy.example.com | proxy.port: expected it beside proxy.host
        proxy.port=3128 | proxy.host: expected it beside proxy.port
        proxy.host=http://u:s3cret@proxy;proxy.port=3128 | proxy.host: expected a host's name or address without scheme, port and user
        proxy.host=proxy;proxy.port=0 | proxy.port: expected a whole number from 1 to 65535
        schema.registry.ssl.truststore.location=/no/such/file | truststore.location: cannot read /no/such/file; is the path right
        schema.registry.ssl.truststore.location=/etc/hosts;schema.registry.ssl.truststore.type=PEM | truststore.*: cannot be used as PEM
        schema.registry.ssl.truststore.location=/etc/hosts;schema.registry.ssl.truststore.password=s3cret | truststore.*: cannot be used
        schema.registry.ssl.truststore.type=DER | truststore.type: expected JKS, PKCS12 or PEM, found DER
        schema.registry.ssl.keystore.location=/etc/hosts;schema.registry.ssl.keystore.type=PEM | keystore.*: cannot be used as PEM
        schema.registry.ssl.keystore.key=s3cret | keystore.*: cannot be used as JKS
        schema.registry.ssl.keystore.key=s3cret;schema.registry.ssl.keystore.type=PEM | certificate chain is not specified
        schema.registry.ssl.endpoint.identification.algorithm=ldaps | expected https, or nothing
        schema.registry.ssl.protocol=TLSv9 | ssl.*:
        schema.registry.ssl.provider=Nobody | ssl.*:
        schema.registry.ssl.secure.random.implementation=Dice | ssl.*:
        schema.registry.ssl.enabled.protocols=TLSv9 | ssl.*:
        schema.registry.ssl.cipher.suites=TLS_OTHER | ssl.*:
        """)
    void shouldRefuseWrongSettingsWithoutShowingSecrets(String settings, String message) {
        assertThatThrownBy(() -> read(settings)).isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("schema-registry.properties.").hasMessageContaining(message)
                .message().doesNotContain("s3cret").hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        '' | none
        basic.auth.user.info= | none
        basic.auth.user.info=alice:s3:cret | Basic YWxpY2U6czM6Y3JldA==
        schema.registry.basic.auth.user.info=alice:s3:cret | Basic YWxpY2U6czM6Y3JldA==
        basic.auth.credentials.source=USER_INFO;basic.auth.user.info=alice:s3:cret | Basic YWxpY2U6czM6Y3JldA==
        basic.auth.credentials.source=USER_INFO;basic.auth.user.info=alice:s3:cret;bearer.auth.token=t0ken | Basic YWxpY2U6czM6Y3JldA==
        basic.auth.credentials.source=URL;basic.auth.user.info=alice:s3cret | none
        bearer.auth.token=t0ken | Bearer t0ken
        bearer.auth.credentials.source=STATIC_TOKEN;bearer.auth.token=t0ken;basic.auth.user.info=alice:s3cret | Bearer t0ken
        """)
    void shouldTakeTheCredentialsThatTheirSourceNames(String settings, String expected) {
        assertThat(authorization(settings)).isEqualTo(expected);
    }

    @Test
    void shouldSayWhichCredentialsAreNotUsed() {
        read("bearer.auth.credentials.source=STATIC_TOKEN;bearer.auth.token=t0ken;basic.auth.user.info=alice:s3cret");
        read("basic.auth.credentials.source=URL;basic.auth.user.info=alice:s3cret");

        assertThat(logged()).containsExactly(
                "schema-registry.properties.basic.auth.user.info is not used, as bearer.auth.credentials.source is STATIC_TOKEN",
                "schema-registry.properties.basic.auth.user.info is not used, as basic.auth.credentials.source is URL");
    }

    @Test
    void shouldWarnWhereTheHostsNameIsNotChecked() {
        read("schema.registry.ssl.endpoint.identification.algorithm=");
        read("schema.registry.ssl.endpoint.identification.algorithm=HTTPS");

        assertThat(logged()).singleElement().asString().contains("endpoint.identification.algorithm is empty", "may pose");
    }

    @Test
    void shouldNotShowSecretsAsText() {
        assertThat(read("basic.auth.user.info=alice:s3cret;request.header.X-Key=s3cret;bearer.auth.logical.cluster=s3cret").toString())
                .doesNotContain("s3cret", "YWxpY2U6czNjcmV0");
    }

    @Test
    void shouldTakeAProxy() {
        assertThat(read("proxy.host=proxy.example.com;proxy.port=3128").proxy())
                .contains(InetSocketAddress.createUnresolved("proxy.example.com", 3128));
        assertThat(read("proxy.host=[::1];proxy.port=3128").proxy()).contains(InetSocketAddress.createUnresolved("::1", 3128));
        assertThat(read("").proxy()).isEmpty();
    }

    @Test
    void shouldWaitAsLongAsItIsTold() {
        Patience patience = read("http.connect.timeout.ms=7000;http.read.timeout.ms=60000;max.retries=2;retries.wait.ms=100;"
                + "retries.max.wait.ms=150").patience();

        assertThat(patience).isEqualTo(new Patience(Duration.ofSeconds(7), Duration.ofSeconds(60), Duration.ofMillis(180_250), 2,
                Duration.ofMillis(100), Duration.ofMillis(150)));
    }

    @Test
    void shouldLeaveTimeToAskEveryAddressEachTime() {
        Map<String, String> properties = Map.of("http.read.timeout.ms", "20000", "max.retries", "1", "retries.wait.ms", "100");

        assertThat(RegistrySettings.of(properties, RegistryTimeouts.DEFAULT, 3).patience().call())
                .isEqualTo(Duration.ofSeconds(20).multipliedBy(3 * 2).plusMillis(100));
    }

    @Test
    void shouldKeepToItsOwnLimitsWhereNothingIsSet() {
        assertThat(read("").patience()).isEqualTo(new Patience(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(25), 3,
                Duration.ofMillis(200), Duration.ofSeconds(20)));
    }

    @Test
    void shouldNotLetPropertiesLengthenWhatATransactionHasToWaitFor() {
        String longer = "http.connect.timeout.ms=60000;http.read.timeout.ms=60000;max.retries=50";
        Patience patience = read(longer, LIMITS).patience();

        assertThat(List.of(patience.connect(), patience.exchange(), patience.call()))
                .containsExactly(LIMITS.connect(), LIMITS.exchange(), LIMITS.call());
        assertThat(read("http.read.timeout.ms=100", LIMITS).patience().exchange()).isEqualTo(Duration.ofMillis(100));
        assertThat(RegistryTimeouts.WITHIN_A_TRANSACTION.limits()).isTrue();
    }

    @Test
    void shouldWaitLongerBeforeEachRepetitionUpToALimitAndByChance() {
        Patience patience = read("retries.wait.ms=100;retries.max.wait.ms=500").patience();

        assertThat(List.of(patience.before(1, 1), patience.before(2, 1), patience.before(3, 1), patience.before(4, 1),
                patience.before(60, 1))).extracting(Duration::toMillis).containsExactly(100L, 200L, 400L, 500L, 500L);
        assertThat(List.of(patience.before(3, 0), patience.before(3, 0.5))).extracting(Duration::toMillis).containsExactly(0L, 200L);
    }

    @Test
    void shouldAcceptEverySettingOfConfluentsClientThatHasAMeaningHere() {
        assertThat(read("auto.register.schemas=false;bearer.auth.identity.pool.id=pool-1;bearer.auth.logical.cluster=lsrc-1;"
                + "request.header.X-Team=jobs;schema.registry.http.read.timeout.ms=1;proxy.host=;proxy.port=")
                .credentials().headers().keySet())
                .containsExactly("target-sr-cluster", "Confluent-Identity-Pool-Id", "X-Team");
        assertThat(read("").tls()).isEqualTo(Optional.empty());
    }
}
