package io.jobwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever services call their errors, there are few series, and nothing in them that a screen or a query would stumble over. */
class CodeLabelsPropertyTest {

    @Property(tries = 200)
    void shouldMakeFewAndPlainValuesOfAnyCodes(@ForAll @Size(max = 200) List<String> codes, @ForAll @IntRange(max = 30) int left) {
        CodeLabels labels = new CodeLabels(new AtomicInteger(left));
        Set<String> values = new HashSet<>();
        codes.forEach(code -> values.add(labels.of(code)));

        values.removeAll(Set.of(CodeLabels.NONE, CodeLabels.OTHER));
        assertThat(values).hasSizeLessThanOrEqualTo(Math.min(left, CodeLabels.MAX_OF_SOURCE))
                .allMatch(value -> value.matches("[A-Za-z0-9.:/-][A-Za-z0-9.:/_-]{0,63}"));
    }

    @Property(tries = 200)
    void shouldStayWithTheValueOfACode(@ForAll @Size(max = 60) List<String> codes) {
        CodeLabels labels = new CodeLabels(CodeLabels.budget());
        List<String> first = codes.stream().map(labels::of).toList();
        List<String> admitted = first.stream().filter(value -> !value.equals(CodeLabels.OTHER)).toList();

        assertThat(codes.stream().map(labels::of).filter(value -> !value.equals(CodeLabels.OTHER)).toList()).isEqualTo(admitted);
    }

    @Example
    void shouldKeepTheFirstCodesAndCountTheRestTogether() {
        CodeLabels labels = new CodeLabels(CodeLabels.budget());
        List<String> values = IntStream.range(0, 30).mapToObj(i -> labels.of("Error" + i)).toList();

        assertThat(values).startsWith("Error0", "Error1").endsWith(CodeLabels.OTHER);
        assertThat(values).filteredOn(CodeLabels.OTHER::equals).hasSize(10);
        assertThat(labels.of("Error19")).as("one of the first").isEqualTo("Error19");
    }

    @Example
    void shouldTellNoCodeFromOnesThatAreCalledSo() {
        CodeLabels labels = new CodeLabels(CodeLabels.budget());

        assertThat(List.of(labels.of(null), labels.of(""), labels.of(" \t"))).containsOnly(CodeLabels.NONE);
        assertThat(labels.of(CodeLabels.NONE)).isEqualTo("-none");
        assertThat(labels.of(CodeLabels.OTHER)).isEqualTo("-other");
        assertThat(labels.of("disk full\n\"}")).isEqualTo("disk_full___");
        assertThat(labels.of("x".repeat(1_000))).isEqualTo("x".repeat(64));
    }

    @Example
    void shouldGiveSourcesNoMoreThanTheProcessHasLeft() {
        AtomicInteger left = CodeLabels.budget();
        Set<String> values = new HashSet<>();
        for (int source = 0; source < 100; source++) {
            CodeLabels labels = new CodeLabels(left);
            for (int code = 0; code < 25; code++) {
                values.add(source + " " + labels.of("E" + code));
            }
        }
        values.removeIf(value -> value.endsWith(CodeLabels.OTHER));

        assertThat(values).hasSize(CodeLabels.MAX);
    }
}
