package io.jobwatch.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.config.DateForm;
import java.time.DateTimeException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatesTest {
    private static final Instant TIME = Instant.parse("2026-11-22T10:15:30Z");
    private static final Dates ISO = new Dates(new DateForm.Iso());
    private static final Dates SECONDS = new Dates(new DateForm.EpochSeconds());
    private static final Dates MILLIS = new Dates(new DateForm.EpochMillis());

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-22T10:15:30Z", "2026-11-22T10:15:30", "2026-11-22T11:15:30+01:00", " 2026-11-22T10:15:30.000000+00:00",
        "2026-11-22T10:15:30.0001Z"})
    void shouldReadIsoAndTakeNoZoneForUtc(String text) {
        assertThat(ISO.parse(text)).contains(TIME);
    }

    @Test
    void shouldReadNumbersSinceTheEpoch() {
        assertThat(SECONDS.parse("1795342530")).contains(TIME);
        assertThat(SECONDS.parse("1795342530.25")).contains(TIME.plusMillis(250));
        assertThat(SECONDS.parse("1.79534253E9")).contains(TIME);
        assertThat(MILLIS.parse("1795342530000")).contains(TIME);
    }

    @Test
    void shouldReadAPatternAndADayAlone() {
        assertThat(new Dates(new DateForm.Pattern("yyyy/MM/dd HH:mm:ss")).parse("2026/11/22 10:15:30")).contains(TIME);
        assertThat(new Dates(new DateForm.Pattern("dd MMM yyyy HH:mm:ss Z")).parse("22 Nov 2026 12:15:30 +0200")).contains(TIME);
        assertThat(new Dates(new DateForm.Pattern("yyyy-MM-dd")).parse("2026-11-22")).contains(Instant.parse("2026-11-22T00:00:00Z"));
    }

    @Test
    void shouldTakeWhatServicesWriteForNoTimeForNone() {
        assertThat(ISO.parse("")).isEmpty();
        assertThat(ISO.parse("0001-01-01T00:00:00Z")).isEmpty();
        assertThat(SECONDS.parse("0")).isEmpty();
        assertThat(MILLIS.parse("0")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "2026-11-22", "+12026-11-22T10:15:30Z", "1795342530", "2026-13-22T10:15:30Z"})
    void shouldRefuseWhatIsNoDateOfTheForm(String text) {
        assertThatThrownBy(() -> ISO.parse(text)).isInstanceOf(DateTimeException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "now", "1795342530000000", "99999999999999999999", "0x10", "1e99"})
    void shouldRefuseNumbersThatAreNoTimes(String text) {
        assertThatThrownBy(() -> SECONDS.parse(text)).isInstanceOf(DateTimeException.class);
    }

    @Test
    void shouldWriteATimeInTheSameFormNeverLater() {
        Instant later = TIME.plusMillis(999);
        assertThat(ISO.format(later)).isEqualTo("2026-11-22T10:15:30Z");
        assertThat(SECONDS.format(later)).isEqualTo("1795342530");
        assertThat(MILLIS.format(later)).isEqualTo("1795342530000");
        assertThat(new Dates(new DateForm.Pattern("yyyy-MM-dd HH:mm:ss")).format(later)).isEqualTo("2026-11-22 10:15:30");
    }
}
