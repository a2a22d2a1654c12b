package io.jobwatch.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.avro.Schema;
import org.apache.kafka.common.header.Headers;

/** What a service may put into the id of a job, and what the SDK of CloudEvents reads of it. */
class EventHeadersPropertyTest {
    private static final byte[] VALUE = {0, 0, 0, 0, 1};

    record Event(String jobId, Schema schema, String occurrence) {
    }

    /** Ids that are made of the marks that an id is made of, so that one may well look like another. */
    @Provide
    Arbitrary<Event> events() {
        Arbitrary<String> lookalikes = Arbitraries
                .of("1", "#", ".", "%", "%01", "\u0001", "#JobStatus.1", "#JobTransition.1", "é", "\ufffe")
                .list().ofMinSize(1).ofMaxSize(3).map(parts -> String.join("", parts));
        Arbitrary<String> anything = Arbitraries.strings().all().ofMinLength(1).ofMaxLength(20).filter(EventHeadersPropertyTest::isText);
        Arbitrary<Schema> schemas = Arbitraries.of(JobStateEvent.getClassSchema(), JobTransition.getClassSchema(),
                JobErrorReport.getClassSchema(), JobStatus.getClassSchema(), JobAlert.getClassSchema());
        return Combinators.combine(Arbitraries.oneOf(lookalikes, anything), schemas, Arbitraries.of("1", "1.1", "1.1.end", ".1", "11"))
                .as(Event::new);
    }

    @Property(tries = 300)
    void shouldGiveOneIdToEachEventAndNeverOneToTwo(@ForAll("manyEvents") List<Event> events) {
        EventHeaders.Maker one = new EventHeaders("a").maker();
        EventHeaders.Maker another = new EventHeaders("a").maker();
        Map<String, Event> byId = new HashMap<>();
        for (Event event : events) {
            String id = text(of(one, event), "ce_id");

            assertThat(byId.merge(id, event, (first, second) -> first)).isEqualTo(event);
            assertThat(text(of(another, event), "ce_id")).isEqualTo(id);
        }
    }

    @Provide
    Arbitrary<List<Event>> manyEvents() {
        return events().list().ofMinSize(2).ofMaxSize(200);
    }

    @Property(tries = 500)
    void shouldBeReadByTheSdkOfCloudEvents(@ForAll("events") Event event, @ForAll("times") Instant seenAt) {
        EventHeaders.Maker maker = new EventHeaders("watch-1").maker();
        Headers headers = maker.of(event.schema(), key(event), event.occurrence(), seenAt);

        CloudEvent read = KafkaMessageFactory.createReader(headers, VALUE).toEvent();

        assertThat(read.getSpecVersion().toString()).isEqualTo("1.0");
        assertThat(read.getSource()).hasToString("/jobwatch/watch-1");
        assertThat(read.getType()).isEqualTo(event.schema().getFullName());
        assertThat(read.getTime().toInstant()).isEqualTo(seenAt);
        assertThat(read.getDataContentType()).isEqualTo("application/avro");
        assertThat(read.getData().toBytes()).isEqualTo(VALUE);
        assertThat(read.getExtensionNames()).isEmpty();
        assertThat(decoded(read.getSubject())).isEqualTo(key(event));
        assertThat(read.getId()).isEqualTo(read.getSubject() + "#" + event.schema().getName() + "." + event.occurrence());
        assertThat(read.getId().codePoints().filter(EventHeadersPropertyTest::isForbidden)).isEmpty();
    }

    @Provide
    Arbitrary<Instant> times() {
        long end = Instant.parse("2200-01-01T00:00:00Z").toEpochMilli();
        return Arbitraries.longs().between(0, end).map(Instant::ofEpochMilli);
    }

    /** What the type String of CloudEvents 1.0.2 leaves out. */
    private static boolean isForbidden(int c) {
        return c <= 0x1f || c >= 0x7f && c <= 0x9f || c >= 0xfdd0 && c <= 0xfdef || c % 0x10000 == 0xfffe || c % 0x10000 == 0xffff
                || c >= 0xd800 && c <= 0xdfff;
    }

    private static boolean isText(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private static Headers of(EventHeaders.Maker maker, Event event) {
        return maker.of(event.schema(), key(event), event.occurrence(), Instant.EPOCH);
    }

    private static byte[] key(Event event) {
        return new JobKey("encoder-eu", event.jobId()).bytes();
    }

    /** {@return the bytes behind a percent-encoded text} */
    private static byte[] decoded(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] == '%') {
                bytes.write(Integer.parseInt(new String(encoded, i + 1, 2, StandardCharsets.US_ASCII), 16));
                i += 2;
            } else {
                bytes.write(encoded[i]);
            }
        }
        return bytes.toByteArray();
    }

    private static String text(Headers headers, String name) {
        return new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
