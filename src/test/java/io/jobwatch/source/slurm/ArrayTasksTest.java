package io.jobwatch.source.slurm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrayTasksTest {

    @Test
    void shouldNameTheTasksOfEveryFormThatSlurmWrites() throws Exception {
        assertThat(named("0-3")).containsExactly(0, 1, 2, 3);
        assertThat(named("7")).containsExactly(7);
        assertThat(named("0-3,5%2")).containsExactly(0, 1, 2, 3, 5);
        assertThat(named("0-20:4")).containsExactly(0, 4, 8, 12, 16, 20);
        assertThat(named("1-8:3%3")).containsExactly(1, 4, 7);
        assertThat(named("")).isEmpty();
    }

    /** All recorded from 22.05.8. */
    @Test
    void shouldNotNameATaskWhoseNumberTheDotsCutThrough() throws Exception {
        assertThat(named("1,5,9,20-30,44,57,63,71,79,83,90-99,120,144,166,199,201,233,...%2")).contains(1, 30, 233).hasSize(36);
        assertThat(named("10,102,104,107,111,113,117,119,121,123,125,127,129,131,133,1...")).endsWith(131, 133);
        assertThat(named("1,102,104,107,111,113,117,119,121,123,125,127,129,131,133,15...")).endsWith(131, 133);
        assertThat(named("12...")).isEmpty();
    }

    @Test
    void shouldHoldPossibleOnlyTheTasksAfterACut() throws Exception {
        ArrayTasks tasks = ArrayTasks.parse("1,5,9-11,1...");
        assertThat(List.of(1, 10, 12, 150, 4_000_000)).allMatch(tasks::mayHold);
        assertThat(List.of(0, 2, 8)).noneMatch(tasks::mayHold);
        assertThat(ArrayTasks.parse("12...").mayHold(0)).isTrue();
        assertThat(ArrayTasks.parse("1,5").mayHold(6)).isFalse();
    }

    @Test
    void shouldCountWithoutNaming() throws Exception {
        assertThat(ArrayTasks.parse("0-999999999,0-9:2").count()).isEqualTo(1_000_000_005L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "1,,2", "3-1", "0-9:0", "-1", "1-", "1.5", "99999999999", "<script>", "1 2", ","})
    void shouldRejectWhatIsNoListOfTasks(String text) {
        assertThatThrownBy(() -> ArrayTasks.parse(text)).isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("array_task_string");
    }

    @Property
    void shouldNeverNameATaskThatIsNotThereNorRuleOutOneThatIs(@ForAll @Size(min = 1, max = 60) Set<@IntRange(max = 2000) Integer> tasks,
            @ForAll @IntRange(min = 10, max = 200) int length) throws Exception {
        String text = new TreeSet<>(tasks).stream().map(String::valueOf).collect(Collectors.joining(","));
        String sent = text.length() <= length ? text : text.substring(0, length - 3) + "...";
        ArrayTasks parsed = ArrayTasks.parse(sent);
        assertThat(tasks).containsAll(parsed.indexes().boxed().toList()).allMatch(parsed::mayHold);
        assertThat(parsed.count()).isEqualTo(parsed.indexes().count());
    }

    private static List<Integer> named(String text) throws MalformedRecordException {
        return ArrayTasks.parse(text).indexes().boxed().toList();
    }
}
