package io.jobwatch.query;

import static io.jobwatch.query.Records.NOON;
import static io.jobwatch.query.Records.report;
import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.query.Summary.Failures;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FailureIndexTest {

    /** A report of a job's attempt; that of a cancellation where there are no codes. */
    record Stop(int job, int attempt, int second, Set<String> codes) {
        private JobErrorReport report() {
            return Records.report("source-" + job % 2, Integer.toString(job), Instant.ofEpochSecond(second), codes.toArray(String[]::new))
                    .setAttempt(attempt).setState(codes.isEmpty() ? JobState.CANCELED : JobState.ERROR).build();
        }
    }

    private final FailureIndex index = new FailureIndex();

    @Test
    void shouldCountEachCodeOfAnAttemptOnce() {
        index.put(new ReportKey("a/1", 1), report("a", "1", NOON, "X", "X", "Y").build());
        index.put(new ReportKey("a/2", 1), report("a", "2", NOON, "Y").build());
        index.put(new ReportKey("b/1", 1), report("b", "1", NOON, "Y").build());

        assertThat(index.counts()).containsExactly(new Failures("a", "Y", 2), new Failures("a", "X", 1), new Failures("b", "Y", 1));
    }

    @Test
    void shouldCountAttemptsWithoutACodeAndNoCancellations() {
        index.put(new ReportKey("a/1", 1), report("a", "1", NOON).build());
        index.put(new ReportKey("a/2", 1), report("a", "2", NOON, "X").setState(JobState.CANCELED).build());

        assertThat(index.counts()).containsExactly(new Failures("a", "", 1));
    }

    @Test
    void shouldCountAReportOnceHoweverOftenItComes() {
        index.put(new ReportKey("a/1", 1), report("a", "1", NOON, "X").build());
        index.put(new ReportKey("a/1", 1), report("a", "1", NOON, "X").build());
        index.put(new ReportKey("a/1", 2), report("a", "1", NOON, "X").setAttempt(2).build());

        assertThat(index.counts()).containsExactly(new Failures("a", "X", 2));
    }

    @Test
    void shouldForgetWhatIsTooOld() {
        index.put(new ReportKey("a/1", 1), report("a", "1", NOON.minusMillis(1), "X").build());
        index.put(new ReportKey("a/2", 1), report("a", "2", NOON, "X", "Y").build());

        assertThat(index.removeBefore(NOON, 10)).containsExactly(new ReportKey("a/1", 1));
        assertThat(index.counts()).containsExactly(new Failures("a", "X", 1), new Failures("a", "Y", 1));
        assertThat(index.removeBefore(NOON.plusMillis(1), 10)).containsExactly(new ReportKey("a/2", 1));
        assertThat(index.counts()).isEmpty();
    }

    @Test
    void shouldForgetNoMoreAtOnceThanItIsTold() {
        for (int i = 0; i < 5; i++) {
            index.put(new ReportKey("a/" + i, 1), report("a", Integer.toString(i), NOON.plusSeconds(i), "X").setState(JobState.CANCELED)
                    .build());
        }

        assertThat(index.removeBefore(NOON.plusSeconds(4), 3)).extracting(ReportKey::job).containsExactly("a/0", "a/1", "a/2");
        assertThat(index.removeBefore(NOON.plusSeconds(4), 3)).extracting(ReportKey::job).containsExactly("a/3");
    }

    @Test
    void shouldCountTheHundredMostFrequentOfManyCodes() {
        for (int i = 0; i < 1_000; i++) {
            index.put(new ReportKey("a/" + i, 1), report("a", Integer.toString(i), NOON, "code-" + i).build());
        }
        index.put(new ReportKey("a/again", 1), report("a", "again", NOON, "code-999").build());

        assertThat(index.counts()).hasSize(100).startsWith(new Failures("a", "code-999", 2), new Failures("a", "code-0", 1));
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void shouldAlwaysAgreeWithAPlainList(@ForAll("stops") List<Stop> stops, @ForAll @IntRange(min = 1, max = 4) int limit,
                                         @ForAll("queries") FailureQuery filters, @ForAll @IntRange(max = 12) int removedBefore) {
        FailureIndex index = new FailureIndex();
        Map<ReportKey, JobErrorReport> model = new HashMap<>();
        for (Stop stop : stops) {
            JobErrorReport report = stop.report();
            index.put(ReportKey.of(report), report);
            model.put(ReportKey.of(report), report);
        }
        Instant kept = Instant.ofEpochSecond(removedBefore);
        index.removeBefore(kept, 1_000);
        model.values().removeIf(report -> report.getObservedAt().isBefore(kept));

        assertThat(readAll(index, filters, limit)).isEqualTo(model.entrySet().stream().filter(entry -> passes(entry.getValue(), filters))
                .sorted(Comparator.comparing((Map.Entry<ReportKey, JobErrorReport> entry) -> entry.getValue().getObservedAt()).reversed()
                        .thenComparing(entry -> entry.getKey().toString())).map(Map.Entry::getKey).toList());
        assertThat(index.counts()).allSatisfy(count -> assertThat(readAll(index, new FailureQuery(Optional.of(count.source()),
                Optional.of(count.code()), Optional.empty(), 1, Optional.empty()), 100)).hasSize((int) count.count()));
        assertThat(index.counts()).extracting(Failures::code).containsExactlyInAnyOrderElementsOf(model.values().stream()
                .flatMap(report -> codes(report).map(code -> report.getSource() + code)).distinct()
                .map(sourceAndCode -> sourceAndCode.substring("source-0".length())).toList());
    }

    private static List<ReportKey> readAll(FailureIndex index, FailureQuery filters, int limit) {
        FailureQuery query = new FailureQuery(filters.source(), filters.code(), filters.since(), limit, Optional.empty());
        List<ReportKey> seen = new ArrayList<>();
        Optional<FailureQuery> next = Optional.of(query);
        while (next.isPresent()) {
            Page<? extends Place> page = index.page(next.get());
            assertThat(page.items().size()).isLessThanOrEqualTo(limit);
            page.items().forEach(place -> seen.add(ReportKey.parse(place.key())));
            next = page.next().map(query::after);
        }
        return seen;
    }

    private static boolean passes(JobErrorReport report, FailureQuery query) {
        return report.getState() == JobState.ERROR && query.source().map(report.getSource()::equals).orElse(true)
                && query.code().map(code -> codes(report).anyMatch(code::equals)).orElse(true)
                && query.since().map(since -> !report.getObservedAt().isBefore(since)).orElse(true);
    }

    private static Stream<String> codes(JobErrorReport report) {
        return report.getState() == JobState.ERROR
                ? report.getTasks().stream().flatMap(task -> task.getErrors().stream()).map(ErrorDetail::getCode) : Stream.of();
    }

    @Provide
    Arbitrary<List<Stop>> stops() {
        return Combinators.combine(Arbitraries.integers().between(0, 9), Arbitraries.integers().between(1, 3),
                Arbitraries.integers().between(0, 12), Arbitraries.of("X", "Y", "Z").set().ofMaxSize(3)).as(Stop::new).list().ofMaxSize(60);
    }

    @Provide
    Arbitrary<FailureQuery> queries() {
        return Combinators.combine(Arbitraries.of("source-0", "source-1", "nowhere").optional(),
                Arbitraries.of("X", "Y", "none").optional(),
                Arbitraries.integers().between(0, 12).map(Instant::ofEpochSecond).optional())
                .as((source, code, since) -> new FailureQuery(source, code, since, 10, Optional.empty()));
    }
}
