package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jobwatch.registry.RegistryException.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom every client asks, how often and for how long, where a registry is silent, refuses for a moment, or has several addresses. */
abstract class RegistryFailoverContract extends RegistryClientContract {
    private static URI dead() throws Exception {
        try (StubRegistry closed = new StubRegistry()) {
            return closed.url();
        }
    }

    private StubRegistry stalling() throws Exception {
        return opened(new StubRegistry()).answerAndStall(200, "{\"id\": 3}", 4);
    }

    @Test
    void shouldRepeatACallThatFailedForAMoment() {
        stub.answer(503, "{}").answer(500, "oops").answer(200, "{\"id\": 3}");

        assertThat(client(Map.of()).register("a-value", SCHEMA)).isEqualTo(3);
    }

    @Test
    void shouldRepeatACallAsOftenAsItIsTold() {
        stub.answer(503, "{}");

        failure(() -> client(Map.of()).register("a-value", SCHEMA));
        assertThat(stub.asked()).hasSize(4);
        failure(() -> client(Map.of("max.retries", "1")).register("a-value", SCHEMA));
        assertThat(stub.asked()).hasSize(6);
        failure(() -> client(Map.of("max.retries", "0")).register("a-value", SCHEMA));
        assertThat(stub.asked()).hasSize(7);
    }

    @Test
    void shouldAskTheNextAddressAndStayWithTheOneThatAnswers() throws Exception {
        StubRegistry sick = opened(new StubRegistry()).answer(503, "{}");
        stub.answer(200, "{\"id\": 3}");
        SchemaRegistry registry = client(List.of(dead(), sick.url(), stub.url()), Map.of(), SHORT);

        assertThat(registry.register("a-value", SCHEMA)).isEqualTo(3);
        assertThat(registry.register("b-value", SCHEMA)).isEqualTo(3);

        assertThat(sick.asked()).hasSize(1);
        assertThat(stub.asked()).hasSize(2);
    }

    @Test
    void shouldNotAskTheNextAddressWhenOneHasAnswered() throws Exception {
        StubRegistry other = opened(new StubRegistry()).answer(200, "{\"id\": 1}");
        stub.answer(409, "{\"error_code\": 409, \"message\": \"no\"}");

        RegistryException failure = failure(() -> client(List.of(stub.url(), other.url()), Map.of(), SHORT).register("a-value", SCHEMA));

        assertThat(failure.kind()).isEqualTo(Kind.INCOMPATIBLE);
        assertThat(stub.asked()).hasSize(1);
        assertThat(other.asked()).isEmpty();
    }

    @Test
    void shouldAskEachAddressOnceARound() throws Exception {
        StubRegistry other = opened(new StubRegistry()).answer(503, "{}");
        stub.answer(503, "{}");

        failure(() -> client(List.of(stub.url(), other.url()), Map.of("max.retries", "2"), SHORT).register("a-value", SCHEMA));

        assertThat(stub.asked()).hasSize(3);
        assertThat(other.asked()).hasSize(3);
    }

    /** Whether one address that hangs keeps the others from being asked while a transaction is held. */
    @ParameterizedTest
    @ValueSource(strings = {"3", "0"})
    void shouldReachAHealthyAddressBehindOnesThatHangWithinATransaction(String retries) throws Exception {
        StubRegistry first = stalling();
        StubRegistry second = stalling();
        stub.answer(200, "{\"id\": 3}");
        SchemaRegistry registry = client(List.of(first.url(), second.url(), stub.url()), Map.of("max.retries", retries),
                RegistryTimeouts.WITHIN_A_TRANSACTION);

        assertThat(registry.register("a-value", SCHEMA)).isEqualTo(3);
        assertThat(registry.register("b-value", SCHEMA)).isEqualTo(3);

        assertThat(first.asked()).hasSize(1);
        assertThat(second.asked()).hasSize(1);
    }

    @Test
    void shouldSpareOthersTheAddressThatHasJustFailed() throws Exception {
        StubRegistry sick = opened(new StubRegistry()).answer(503, "{}");
        StubRegistry hanging = stalling();
        stub.answer(200, "{\"id\": 3}");
        SchemaRegistry registry = client(List.of(sick.url(), hanging.url(), stub.url()), Map.of("http.read.timeout.ms", "2000"), SHORT);

        CompletableFuture<Integer> before = CompletableFuture.supplyAsync(() -> registry.register("a-value", SCHEMA));
        await().until(() -> hanging.asked().size() == 1);
        assertThat(registry.register("b-value", SCHEMA)).isEqualTo(3);

        assertThat(before).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(3);
        assertThat(sick.asked()).hasSize(1);
    }

    @Test
    void shouldGiveUpAnAnswerWhoseBodyStalls() {
        stub.answerAndStall(200, "{\"id\": 3}", 4);
        RegistryTimeouts impatient =
                new RegistryTimeouts(Duration.ofSeconds(5), Duration.ofMillis(150), Duration.ofMillis(400), Duration.ofMillis(1));

        assertThat(failure(() -> client(List.of(stub.url()), Map.of(), impatient).schemaById(1)))
                .hasMessageContaining("no whole answer within")
                .extracting(RegistryException::kind).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void shouldGiveUpAnAnswerThatComesByteByByte() {
        stub.answerSlowly(200, "{\"schema\": \"" + "x".repeat(10_000) + "\"}", Duration.ofMillis(20));
        RegistryTimeouts impatient =
                new RegistryTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofMillis(1));

        assertThat(failure(() -> client(List.of(stub.url()), Map.of(), impatient).schemaById(1)))
                .hasMessageContaining("no whole answer within")
                .extracting(RegistryException::kind).isEqualTo(Kind.UNAVAILABLE);
    }

    /** The read time-out is a limit of each exchange: an answer that trickles in does not use up the whole call. */
    @Test
    void shouldAskAgainWhereTheFirstAnswerIsNotWholeWithinTheReadTimeout() {
        stub.answerSlowly(200, "{\"id\": " + " ".repeat(10_000) + "3}", Duration.ofMillis(20)).answer(200, "{\"id\": 3}");

        assertThat(client(Map.of("http.read.timeout.ms", "500")).register("a-value", SCHEMA)).isEqualTo(3);

        assertThat(stub.asked()).hasSize(2);
    }

    @Test
    void shouldEndAtOnceWhenInterruptedAndKeepTheInterrupt() {
        stub.answerAndStall(200, "{\"id\": 3}", 4);
        Thread.currentThread().interrupt();

        RegistryException failure = failure(() -> client(Map.of()).schemaById(1));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void shouldSayHowToReachAnAddressThatRefuses() throws Exception {
        stub.close();

        assertThat(failure(() -> client(Map.of()).schemaById(1)))
                .hasMessageContaining("http://127.0.0.1:" + stub.port() + "/schemas/ids/1")
                .hasMessageContaining("check schema-registry.url")
                .extracting(RegistryException::kind).isEqualTo(Kind.UNAVAILABLE);
    }
}
