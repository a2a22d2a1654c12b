package io.jobwatch.query;

import static io.jobwatch.query.Records.NOON;
import static io.jobwatch.query.Records.alert;
import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.AlertKind;
import io.jobwatch.event.JobAlert;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AlertIndexTest {
    private final AlertIndex index = new AlertIndex();

    /** What happens: an alert begins or ends; about the source where there is no job. */
    record Step(int source, Integer job, AlertKind kind, boolean active, int second) {
        private JobAlert alert() {
            return Records.alert("source-" + source, job == null ? null : job.toString(), kind, active, Instant.ofEpochSecond(second))
                    .build();
        }
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void shouldAlwaysAgreeWithAPlainList(@ForAll("steps") List<Step> steps, @ForAll @IntRange(min = 1, max = 4) int limit,
                                         @ForAll("queries") AlertQuery filters, @ForAll @IntRange(max = 12) int removedBefore) {
        AlertIndex index = new AlertIndex();
        Map<String, JobAlert> model = new TreeMap<>();
        for (Step step : steps) {
            index.put(step.alert());
            model.put(AlertIndex.keyOf(step.alert()), step.alert());
        }
        Instant kept = Instant.ofEpochSecond(removedBefore);
        index.removeEndedBefore(kept, 1_000);
        model.values().removeIf(alert -> !alert.getActive() && alert.getDetectedAt().isBefore(kept));

        assertThat(readAll(index, filters, limit)).isEqualTo(model.entrySet().stream().filter(entry -> passes(entry.getValue(), filters))
                .sorted(Comparator.comparing((Map.Entry<String, JobAlert> entry) -> entry.getValue().getDetectedAt()).reversed()
                        .thenComparing(Map.Entry::getKey)).map(Map.Entry::getKey).toList());
    }

    @Test
    void shouldForgetNoMoreAtOnceThanItIsTold() {
        for (int i = 0; i < 5; i++) {
            index.put(alert("s", Integer.toString(i), AlertKind.LOST, false, NOON.plusSeconds(i)).build());
        }

        assertThat(index.removeEndedBefore(NOON.plusSeconds(4), 3)).containsExactly("s/0/LOST", "s/1/LOST", "s/2/LOST");
        assertThat(index.removeEndedBefore(NOON.plusSeconds(4), 3)).containsExactly("s/3/LOST");
    }

    private static List<String> readAll(AlertIndex index, AlertQuery filters, int limit) {
        AlertQuery query = new AlertQuery(filters.active(), filters.source(), filters.jobId(), filters.kind(), limit,
                Optional.empty());
        List<String> seen = new ArrayList<>();
        Optional<AlertQuery> next = Optional.of(query);
        while (next.isPresent()) {
            Page<? extends Place> page = index.page(next.get());
            assertThat(page.items().size()).isLessThanOrEqualTo(limit);
            page.items().forEach(place -> seen.add(place.key()));
            next = page.next().map(query::after);
        }
        return seen;
    }

    private static boolean passes(JobAlert alert, AlertQuery query) {
        return query.active().map(active -> active == alert.getActive()).orElse(true)
                && query.source().map(alert.getSource()::equals).orElse(true)
                && query.jobId().map(jobId -> jobId.equals(alert.getJobId())).orElse(true)
                && query.kind().map(kind -> kind == alert.getKind()).orElse(true);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(Arbitraries.integers().between(0, 1), Arbitraries.integers().between(0, 5).injectNull(0.2),
                Arbitraries.of(AlertKind.class), Arbitraries.of(true, false), Arbitraries.integers().between(0, 12)).as(Step::new).list()
                .ofMaxSize(60);
    }

    @Provide
    Arbitrary<AlertQuery> queries() {
        return Combinators.combine(Arbitraries.of(true, false).optional(), Arbitraries.of("source-0", "nowhere").optional(),
                Arbitraries.of("0", "3", "none").optional(), Arbitraries.of(AlertKind.class).optional())
                .as((active, source, jobId, kind) -> new AlertQuery(active, source, jobId.filter(any -> source.isPresent()), kind, 10,
                        Optional.empty()));
    }
}
