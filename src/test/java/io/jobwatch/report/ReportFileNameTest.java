package io.jobwatch.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportFileNameTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "nb:jid:UUID:f3c43f94-327f-2347-90bb-3bf79f8559f1 | JobStop-nb_jid_UUID_f3c43f94-327f-2347-90bb-3bf79f8559f1.txt",
        "4711_3           | JobStop-4711%5F3.txt",
        "Encode/job 1     | JobStop-Encode%2Fjob%201.txt",
        "../../etc/passwd | JobStop-%2E.%2F..%2Fetc%2Fpasswd.txt",
        ".hidden.v1       | JobStop-%2Ehidden.v1.txt",
        "50%~\\           | JobStop-50%25%7E%5C.txt",
        "Größe😀          | JobStop-Gr%C3%B6%C3%9Fe%F0%9F%98%80.txt",
    })
    void shouldNameTheFileAfterTheEncodedId(String jobId, String expected) {
        assertThat(ReportFileName.of(jobId, 1)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, JobStop-42.txt", "1, JobStop-42.txt", "2, JobStop-42~attempt-2.txt", "2147483647, JobStop-42~attempt-2147483647.txt"})
    void shouldMarkLaterAttempts(int attempt, String expected) {
        assertThat(ReportFileName.of("42", attempt)).isEqualTo(expected);
    }

    @Test
    void shouldCutAndHashWhatIsTooLongForAFileName() {
        String longest = "a".repeat(224);

        assertThat(ReportFileName.of(longest, 1)).isEqualTo("JobStop-" + longest + ".txt");
        assertThat(ReportFileName.of(longest + "a", 1)).isEqualTo("JobStop-" + "a".repeat(152)
                + "~sha256-91dc8e898dd8a6fd92ae0ea37aa8d19af34e0ff485aee27a276d71bf35a33f81.txt");
    }

    @Test
    void shouldNotCutInsideAnEncodedByte() {
        assertThat(ReportFileName.of("ab" + "/".repeat(100), 1)).startsWith("JobStop-ab" + "%2F".repeat(50) + "~sha256-");
        assertThat(ReportFileName.of("abc" + "/".repeat(100), 1)).startsWith("JobStop-abc" + "%2F".repeat(49) + "~sha256-");
    }

    @Test
    void shouldKeepAnAllowedSourceNameAndTameAnyOther() {
        assertThat(ReportFileName.folder("encoder-eu")).isEqualTo("encoder-eu");
        assertThat(ReportFileName.folder("..")).isEqualTo("%2E.");
        assertThat(ReportFileName.folder("/etc")).isEqualTo("%2Fetc");
    }

    @Property
    void shouldNeverGiveTwoAttemptsOneName(@ForAll("ids") String one, @ForAll("ids") String other,
            @ForAll @IntRange(min = 1, max = 3) int attempt,
                                           @ForAll @IntRange(min = 1, max = 3) int otherAttempt) {
        boolean same = one.equals(other) && attempt == otherAttempt;

        assertThat(ReportFileName.of(one, attempt).equals(ReportFileName.of(other, otherAttempt))).isEqualTo(same);
    }

    @Property
    void shouldGiveANameThatStaysInTheFolderAndFits(@ForAll("ids") String jobId, @ForAll @IntRange(min = 1) int attempt) {
        String name = ReportFileName.of(jobId, attempt);

        assertThat(name).matches("JobStop-[A-Za-z0-9._%~-]*\\.txt");
        assertThat(name.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(255);
        Path folder = Path.of("/reports/source");
        assertThat(folder.resolve(name).normalize().getParent()).isEqualTo(folder);
    }

    /** Ids made of the characters that the encoding itself uses, so that they meet if any do; and any text, short and long. */
    @Provide
    Arbitrary<String> ids() {
        Arbitrary<String> tricky = Arbitraries.of("a", "A", ":", "_", "%", "~", ".", "/", "5F", "2E", "~attempt-2", "attempt-2", ".txt",
                "%5F", "é")
                .list().ofMinSize(1).ofMaxSize(4).map(parts -> String.join("", parts));
        Arbitrary<String> anyText = Arbitraries.strings().withCharRange('\u0000', '\ud7ff')
                .ofMinLength(1).ofMaxLength(400);
        return Arbitraries.oneOf(tricky, anyText);
    }
}
