package io.jobwatch.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class JobKeyTest {

    @Provide
    Arbitrary<String> sources() {
        return Arbitraries.strings().withCharRange('a', 'z').withCharRange('0', '9').withChars('-').ofMinLength(1).ofMaxLength(30)
                .filter(name -> name.charAt(0) != '-');
    }

    /** Any text that UTF-8 can hold, slashes more often than by chance. */
    @Provide
    Arbitrary<String> jobIds() {
        return Arbitraries.strings().withChars('/', ':', '~', '\n', '\0').withCharRange(' ', '\ud7ff').withCharRange('\ue000', '\uffff')
                .ofMinLength(1).ofMaxLength(60);
    }

    @Property
    void shouldReadBackWhatItWrote(@ForAll("sources") String source, @ForAll("jobIds") String jobId) {
        JobKey key = new JobKey(source, jobId);

        assertThat(JobKey.parse(new String(key.bytes(), StandardCharsets.UTF_8))).contains(key);
    }

    @Property
    void shouldWriteBackWhatItRead(@ForAll("jobIds") String text) {
        JobKey.parse(text).ifPresentOrElse(key -> {
            assertThat(key).hasToString(text);
            assertThat(key.source()).isNotEmpty().doesNotContain("/");
            assertThat(key.jobId()).isNotEmpty();
        }, () -> assertThat(text.indexOf('/') <= 0 || text.indexOf('/') == text.length() - 1).isTrue());
    }

    @Example
    void shouldSplitAtTheFirstSlash() {
        assertThat(JobKey.parse("encoder-eu/transform/job")).contains(new JobKey("encoder-eu", "transform/job"));
        assertThat(JobKey.parse("a//")).contains(new JobKey("a", "/"));
    }

    @Example
    void shouldNotTakeAKeyWithAnEmptyHalf() {
        assertThat(JobKey.parse("")).isEmpty();
        assertThat(JobKey.parse("/")).isEmpty();
        assertThat(JobKey.parse("a")).isEmpty();
        assertThat(JobKey.parse("a/")).isEmpty();
        assertThat(JobKey.parse("/b")).isEmpty();
    }
}
