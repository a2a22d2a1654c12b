package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.jobwatch.registry.RegistryException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

class RememberingSchemaRegistryTest {
    private static final String ADDRESS = "http://registry:8081";
    private static final Schema A = SchemaBuilder.record("A").fields().requiredString("x").endRecord();
    private static final Schema B = SchemaBuilder.record("B").doc("What \"B\" says: ü.").fields().requiredInt("y").endRecord();

    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private Instant now = Instant.parse("2026-11-22T10:00:00Z");
    @TempDir
    private Path folder;
    private Path file;

    @BeforeEach
    void listen() {
        file = folder.resolve("known-schemas.json");
        log.start();
        logger().addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger().detachAppender(log);
    }

    @Test
    void shouldGiveWhatAnEarlierProcessWasToldWhileTheRegistryDoesNotAnswer() {
        tell(registry);
        registry.failWith(new RegistryException(Kind.UNAVAILABLE, "connection refused"));

        RememberingSchemaRegistry next = remembering(registry);

        assertThat(next.idOf("a-value", A)).isEqualTo(1);
        assertThat(next.idOf("b-value", B)).isEqualTo(2);
        assertThat(next.idsOf("a-value")).containsExactly(1);
        assertThat(next.schemaById(1)).isEqualTo(A);
        assertThat(next.schemaById(2).toString()).isEqualTo(B.toString());
        assertThat(messages(Level.WARN)).singleElement().asString().contains("does not answer", file.toString(), "connection refused");
    }

    @Test
    void shouldFailForWhatNobodyWasTold() {
        tell(registry);
        registry.failWith(new RegistryException(Kind.UNAVAILABLE, "connection refused"));
        RememberingSchemaRegistry next = remembering(registry);

        assertUnavailable(() -> next.schemaById(3));
        assertUnavailable(() -> next.idOf("b-value", A));
        assertUnavailable(() -> next.idsOf("other-value"));
        assertUnavailable(() -> next.register("a-value", A));
        assertUnavailable(() -> next.setCompatibility("a-value", "FULL"));
    }

    @Test
    void shouldNotTakeARefusalForSilence() {
        tell(registry);
        for (Kind kind : List.of(Kind.UNAUTHORIZED, Kind.REJECTED)) {
            registry.failWith(new RegistryException(kind, "no"));
            RememberingSchemaRegistry next = remembering(registry);

            assertThatThrownBy(() -> next.idOf("a-value", A)).isInstanceOfSatisfying(RegistryException.class,
                    e -> assertThat(e.kind()).isEqualTo(kind));
        }
    }

    @Test
    void shouldNotWaitForTheRegistryAgainAndAgain() {
        tell(registry);
        registry.failWith(new RegistryException(Kind.UNAVAILABLE, "connection refused"));
        RememberingSchemaRegistry next = remembering(registry);
        next.idOf("a-value", A);
        registry.failWith(null);
        int asked = registry.lookups();

        assertThat(next.schemaById(1)).isEqualTo(A);
        assertThat(registry.lookups()).as("asked a moment later").isEqualTo(asked);
        now = now.plus(Duration.ofSeconds(31));
        assertThat(next.schemaById(1)).isEqualTo(A);
        assertThat(registry.lookups()).as("asked half a minute later").isEqualTo(asked + 1);
        assertThat(messages(Level.INFO)).containsExactly("the schema registry answers again");
    }

    @Test
    void shouldAskForWhatIsNotKeptEvenWhileTheRegistryWasSilent() {
        tell(registry);
        registry.failWith(new RegistryException(Kind.UNAVAILABLE, "connection refused"));
        RememberingSchemaRegistry next = remembering(registry);
        next.idOf("a-value", A);
        registry.failWith(null);
        int id = registry.register("c-value", SchemaBuilder.record("C").fields().endRecord());

        assertThat(next.schemaById(id).getName()).isEqualTo("C");
    }

    @Test
    void shouldBelieveARegistryThatAnswersAndDropWhatItContradicts() {
        tell(registry);
        InMemorySchemaRegistry emptied = new InMemorySchemaRegistry();
        emptied.register("b-value", B);
        RememberingSchemaRegistry next = remembering(emptied);

        assertThat(next.idOf("b-value", B)).isEqualTo(1);
        emptied.failWith(new RegistryException(Kind.UNAVAILABLE, "connection refused"));

        assertThat(next.idOf("b-value", B)).isEqualTo(1);
        assertUnavailable(() -> next.schemaById(1));
        assertUnavailable(() -> remembering(emptied).schemaById(2));
        assertThat(messages(Level.WARN).get(0)).contains(ADDRESS, "id 1", "had id 2", "emptied or replaced");
    }

    @Test
    void shouldDropWhatIsContradictedByAnId() {
        tell(registry);
        InMemorySchemaRegistry emptied = new InMemorySchemaRegistry();
        emptied.register("b-value", B);
        RememberingSchemaRegistry next = remembering(emptied);

        assertThat(next.schemaById(1)).isEqualTo(B);
        emptied.failWith(new RegistryException(Kind.UNAVAILABLE, "connection refused"));

        assertThat(next.schemaById(1)).isEqualTo(B);
        assertUnavailable(() -> next.idOf("a-value", A));
    }

    @Test
    void shouldForgetAnIdThatTheRegistryDoesNotKnow() {
        tell(registry);
        InMemorySchemaRegistry emptied = new InMemorySchemaRegistry();
        RememberingSchemaRegistry next = remembering(emptied);

        assertThatThrownBy(() -> next.schemaById(1)).isInstanceOfSatisfying(RegistryException.class,
                e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));

        emptied.failWith(new RegistryException(Kind.UNAVAILABLE, "connection refused"));
        assertUnavailable(() -> remembering(emptied).schemaById(1));
    }

    @Test
    void shouldNotMixUpTwoRegistries() {
        tell(registry);
        registry.failWith(new RegistryException(Kind.UNAVAILABLE, "connection refused"));

        assertUnavailable(() -> remembering(registry, "http://registry:8082").schemaById(1));
    }

    @Test
    void shouldWriteTheFileOnlyWhenSomethingIsNew() throws IOException {
        tell(registry);
        assertThat(folder).isDirectoryContaining(path -> path.equals(file));
        Files.delete(file);

        RememberingSchemaRegistry same = remembering(registry);
        tell(same);
        byte[] written = Files.readAllBytes(file);
        Files.delete(file);
        tell(same);
        assertThat(file).doesNotExist();
        Files.write(file, written);
        tell(remembering(registry));

        assertThat(folder.toFile().list()).containsExactly(file.getFileName().toString());
        assertThat(file).hasBinaryContent(written);
    }

    static Stream<String> damage() {
        return Stream.of("", "{", "not JSON", "[]", "{\"format\":1}", "{\"format\":2,\"facts\":{}}");
    }

    @ParameterizedTest
    @MethodSource("damage")
    void shouldIgnoreAFileThatIsDamagedAndMakeItAnew(String content) throws IOException {
        Files.writeString(file, content);

        assertIgnoredAndMadeAnew();
    }

    @Test
    void shouldIgnoreAFileThatWasCut() throws IOException {
        tell(registry);
        String whole = Files.readString(file);
        Files.writeString(file, whole.substring(0, whole.length() / 2));

        assertIgnoredAndMadeAnew();
    }

    /** The schema that is there would be one, but another. */
    @Test
    void shouldIgnoreAFileOfWhichOneCharacterIsWrong() throws IOException {
        tell(registry);
        Files.writeString(file, Files.readString(file).replaceFirst("\\\\\"int\\\\\"", "\\\\\"int \\\\\"").replace("int ", "long"));

        assertIgnoredAndMadeAnew();
    }

    private void assertIgnoredAndMadeAnew() {
        RememberingSchemaRegistry next = remembering(registry);
        registry.failWith(new RegistryException(Kind.UNAVAILABLE, "connection refused"));
        assertUnavailable(() -> next.schemaById(2));
        assertThat(messages(Level.WARN).get(0)).contains(file.toString(), "made anew");
        registry.failWith(null);
        tell(registry);

        registry.failWith(new RegistryException(Kind.UNAVAILABLE, "connection refused"));
        assertThat(remembering(registry).schemaById(2)).isEqualTo(B);
    }

    @Test
    void shouldGoOnWhereNothingCanBeKept() throws IOException {
        Files.createDirectories(file.resolve("a folder in the way"));

        RememberingSchemaRegistry next = remembering(registry);
        tell(next);

        assertThat(next.idOf("b-value", B)).isEqualTo(2);
        assertThat(messages(Level.WARN)).as("one at the load, one at the first write").hasSize(2)
                .last().asString().contains("cannot be kept", file.toString());
    }

    private void tell(InMemorySchemaRegistry answering) {
        tell(remembering(answering));
    }

    /** Asks for everything that a start asks for. */
    private static void tell(RememberingSchemaRegistry remembering) {
        remembering.register("a-value", A);
        remembering.register("b-value", B);
        for (String subject : List.of("a-value", "b-value")) {
            remembering.idsOf(subject).forEach(remembering::schemaById);
        }
    }

    private RememberingSchemaRegistry remembering(SchemaRegistry answering) {
        return remembering(answering, ADDRESS);
    }

    private RememberingSchemaRegistry remembering(SchemaRegistry answering, String address) {
        InstantSource time = () -> now;
        return new RememberingSchemaRegistry(answering, KnownSchemas.load(file, address), time.withZone(ZoneOffset.UTC));
    }

    private static void assertUnavailable(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
    }

    private List<String> messages(Level level) {
        return log.list.stream().filter(event -> event.getLevel().equals(level)).map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("io.jobwatch.registry");
    }
}
