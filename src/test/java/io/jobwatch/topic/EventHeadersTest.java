package io.jobwatch.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobTransition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.avro.Schema;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;

class EventHeadersTest {
    private static final Schema TRANSITION = JobTransition.getClassSchema();
    private static final Instant TIME = Instant.parse("2026-11-22T10:15:30Z");

    private final EventHeaders.Maker headers = new EventHeaders("jobwatch").maker();

    @Test
    void shouldBeAFunctionOfWhatTheRecordIsAbout() {
        Headers first = headers.of(TRANSITION, utf8("encoder-eu/7"), "1.1", TIME);

        assertThat(new EventHeaders("jobwatch").maker().of(TRANSITION, utf8("encoder-eu/7"), "1.1", TIME)).isEqualTo(first);
        assertThat(text(first, "ce_id")).isEqualTo("encoder-eu/7#JobTransition.1.1");
    }

    @Test
    void shouldFollowCloudEventsInBinaryMode() {
        Headers made = headers.of(TRANSITION, utf8("encoder-eu/jöb"), "1.1", TIME);

        assertThat(text(made, "ce_specversion")).isEqualTo("1.0");
        assertThat(text(made, "ce_type")).isEqualTo("io.jobwatch.event.JobTransition");
        assertThat(text(made, "ce_source")).isEqualTo("/jobwatch/jobwatch");
        assertThat(text(made, "ce_subject")).isEqualTo("encoder-eu/jöb");
        assertThat(text(made, "ce_time")).isEqualTo("2026-11-22T10:15:30Z");
        assertThat(text(made, "content-type")).isEqualTo("application/avro");
    }

    @Test
    void shouldGiveEachOccurrenceAnIdAndASpanOfItsOwnInOneTraceOfTheJob() {
        String one = text(headers.of(TRANSITION, utf8("encoder-eu/7"), "1.1", TIME), "traceparent");
        String two = text(headers.of(TRANSITION, utf8("encoder-eu/7"), "1.2", TIME), "traceparent");
        String report = text(headers.of(JobErrorReport.getClassSchema(), utf8("encoder-eu/7"), "1.2", TIME), "traceparent");
        String otherJob = text(headers.of(TRANSITION, utf8("encoder-eu/8"), "1.1", TIME), "traceparent");

        assertThat(one).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
        assertThat(trace(two)).isEqualTo(trace(one)).isEqualTo(trace(report)).isNotEqualTo(trace(otherJob));
        assertThat(two).isNotEqualTo(one).isNotEqualTo(report);
    }

    /** A transition into ERROR and its report follow from one status. */
    @Test
    void shouldGiveATransitionAndItsReportIdsThatDiffer() {
        String transition = text(headers.of(TRANSITION, utf8("encoder-eu/7"), "1.1", TIME), "ce_id");
        String report = text(headers.of(JobErrorReport.getClassSchema(), utf8("encoder-eu/7"), "1.1", TIME), "ce_id");

        assertThat(report).isEqualTo("encoder-eu/7#JobErrorReport.1.1").isNotEqualTo(transition);
    }

    @Test
    void shouldEncodeWhatCloudEventsDoesNotAllowAndNothingElse() {
        String[][] encodedByText = {
            {"a/jöb 日本 😀 #~\u00a0\ufffd", "a/jöb 日本 😀 #~\u00a0\ufffd"},
            {"a/line\nfeed\u001f", "a/line%0Afeed%1F"},
            {"a/\u007f\u0080\u009f", "a/%7F%C2%80%C2%9F"},
            {"a/50%", "a/50%25"},
            {"a/é\t%", "a/é%09%25"},
            {"a/\ufdcf\ufdd0\ufdef\ufdf0", "a/\ufdcf%EF%B7%90%EF%B7%AF\ufdf0"},
            {"a/\ufffe\uffff", "a/%EF%BF%BE%EF%BF%BF"},
            {"a/" + Character.toString(0x1ffff), "a/%F0%9F%BF%BF"},
            {"a/" + Character.toString(0x1fffd), "a/" + Character.toString(0x1fffd)}};
        for (String[] each : encodedByText) {
            Headers made = headers.of(TRANSITION, utf8(each[0]), "1.1", TIME);

            assertThat(text(made, "ce_subject")).isEqualTo(each[1]);
            assertThat(text(made, "ce_id")).isEqualTo(each[1] + "#JobTransition.1.1");
        }
    }

    @Test
    void shouldTellTheTimeAsInstantsAreWritten() {
        for (String time : new String[] {"2026-11-22T10:15:30Z", "2026-11-22T10:15:30.007Z", "2026-11-22T10:15:30.120Z",
            "2026-11-22T10:15:31.999Z", "1969-12-31T23:59:59.999Z", "2026-11-22T10:15:30Z"}) {
            assertThat(text(headers.of(TRANSITION, utf8("encoder-eu/7"), "1.1", Instant.parse(time)), "ce_time")).isEqualTo(time);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String trace(String traceParent) {
        return traceParent.substring(3, 35);
    }

    private static String text(Headers headers, String name) {
        return new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
