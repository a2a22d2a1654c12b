package io.jobwatch.query;

import static io.jobwatch.query.Records.NOON;
import static io.jobwatch.query.Records.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class JobIndexTest {

    /** Characters that are the same in another case, or nearly, in and out of the basic plane; some with three or more forms. */
    private static final String[] LETTERS = "a A s S ſ k K \u212a i I ı İ ß µ μ Μ ÿ Ÿ σ ς Σ 😀 𐐀 𐐨 e".split(" ");

    /** What happens to a job: a new status, or a tombstone where the state is null. */
    record Step(int job, JobState state, int second, String name) {
    }

    /** How much work a question may do. */
    record Bounds(int examined, int candidates) {
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void shouldAlwaysAgreeWithAPlainList(@ForAll("steps") List<Step> steps, @ForAll @IntRange(min = 1, max = 7) int limit,
                                         @ForAll("queries") JobQuery filters, @ForAll("bounds") Bounds bounds) {
        JobIndex index = new JobIndex(bounds.examined(), bounds.candidates());
        Map<String, JobStatus> model = new HashMap<>();
        for (Step step : steps) {
            apply(index, model, step);
        }

        List<String> expected = model.entrySet().stream().filter(entry -> passes(entry.getValue(), filters))
                .sorted(Comparator.comparing((Map.Entry<String, JobStatus> entry) -> entry.getValue().getChangedAt()).reversed()
                        .thenComparing(Map.Entry::getKey)).map(Map.Entry::getKey).toList();
        assertThat(readAll(index, filters, limit)).isEqualTo(expected);
        assertThat(index.size()).isEqualTo(model.size());
        Map<String, Map<JobState, Long>> counts = new TreeMap<>();
        model.values().forEach(job -> counts.computeIfAbsent(job.getSource(), source -> new HashMap<>())
                .merge(job.getState(), 1L, Long::sum));
        assertThat(index.counts()).isEqualTo(counts);
        assertThat(index.oldest(JobState.QUEUED).map(JobEntry::at)).isEqualTo(model.values().stream()
                .filter(job -> job.getState() == JobState.QUEUED).map(JobStatus::getChangedAt).min(Comparator.naturalOrder()));
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void shouldSeeEachUnchangedJobOnceWhileOthersChangeBetweenPages(@ForAll("steps") List<Step> before, @ForAll("steps") List<Step> between,
                                                                    @ForAll @IntRange(min = 1, max = 5) int limit) {
        JobIndex index = new JobIndex();
        Map<String, JobStatus> model = new HashMap<>();
        before.forEach(step -> apply(index, model, step));
        Map<String, JobStatus> atStart = Map.copyOf(model);
        List<String> seen = new ArrayList<>();
        List<Step> pending = new ArrayList<>(between);

        Optional<Position> after = Optional.empty();
        do {
            Page<JobEntry> page = index.page(after.map(JobQuery.all(limit)::after).orElse(JobQuery.all(limit)));
            page.items().forEach(entry -> seen.add(entry.key()));
            after = page.next();
            for (int i = 0; i < 3 && !pending.isEmpty(); i++) {
                Step step = pending.remove(0);
                // changedAt never decreases, and what happens now is newer than all before.
                apply(index, model, new Step(step.job(), step.state(), 1000 + step.second(), step.name()));
            }
        } while (after.isPresent());

        List<String> unchanged = atStart.keySet().stream().filter(key -> atStart.get(key).equals(model.get(key))).toList();
        assertThat(seen).doesNotHaveDuplicates().containsAll(unchanged);
    }

    @Test
    void shouldSeeEachUnchangedJobOnceWhileAnotherThreadChangesTheOthers() throws Exception {
        JobIndex index = new JobIndex();
        for (int i = 0; i < 400; i++) {
            index.put(key(i), job(i, JobState.values()[i % 4], i));
        }
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try {
            Future<?> writing = writer.submit(() -> {
                Random random = new Random(7);
                for (int second = 1000; !done.get(); second++) {
                    int odd = random.nextInt(200) * 2 + 1;
                    index.put(key(odd), job(odd, JobState.values()[random.nextInt(8)], second));
                    // An even job is told again, without a change of its state.
                    int even = random.nextInt(200) * 2;
                    index.put(key(even), job(even, JobState.values()[even % 4], even));
                }
            });
            for (int round = 0; round < 300; round++) {
                String part = round % 3 == 0 ? "NAME 2" : "name";
                assertThat(readAll(index, round % 2 == 0 ? JobQuery.all(1) : byName(part), 7)).doesNotHaveDuplicates()
                        .containsAll(round % 2 == 0 ? even(2) : part.equals("name") ? namedEven(2) : namedEven(4));
            }
            done.set(true);
            writing.get();
        } finally {
            done.set(true);
            writer.shutdownNow();
        }
    }

    /** The summary of an instance once had one job more than there were: a job was counted before it was taken out where it had been. */
    @Test
    void shouldCountAJobOnceWhileItMoves() throws Exception {
        JobIndex index = new JobIndex();
        index.put("s/1", status("s", "1", JobState.QUEUED, NOON).build());
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try {
            Future<?> writing = writer.submit(() -> {
                JobState[] states = JobState.values();
                for (int i = 0; !done.get(); i++) {
                    index.put("s/1", status("s", "1", states[i % states.length], NOON.plusSeconds(i)).build());
                }
            });
            for (int i = 0; i < 100_000; i++) {
                assertThat(index.counts().get("s").values().stream().mapToLong(Long::longValue).sum()).isEqualTo(1);
            }
            done.set(true);
            writing.get();
        } finally {
            done.set(true);
            writer.shutdown();
        }
    }

    /** The store is ahead of the index: a list of queued jobs could show one that no longer was. */
    @Test
    void shouldLeaveOutAJobThatNoLongerPassesWhenItIsRead() {
        JobIndex index = new JobIndex();
        index.put("s/1", status("s", "1", JobState.QUEUED, NOON).build());
        index.put("s/2", status("s", "2", JobState.QUEUED, NOON).build());
        index.put("s/3", status("s", "3", JobState.QUEUED, NOON).build());
        JobQuery queued = new JobQuery(Optional.empty(), Optional.empty(), Set.of(JobState.QUEUED), Optional.empty(), Optional.empty(), 10,
                Optional.empty());

        PageReader<JobStatus> reader = new PageReader<>(key -> key.equals("s/1") ? null : key.getBytes(StandardCharsets.UTF_8),
                value -> value[2] == '2' ? status("s", "2", JobState.PROCESSING, NOON.plusSeconds(1)).build()
                        : status("s", "3", JobState.QUEUED, NOON).build(), 1_000);
        Page<JobStatus> page = reader.read(index.page(queued), status -> JobIndex.passes(status, queued));

        assertThat(page.items()).extracting(JobStatus::getJobId).containsExactly("3");
    }

    @Test
    void shouldFindAPartOfTheNameInAnyCase() {
        JobIndex index = new JobIndex();
        index.put("s/1", status("s", "1", JobState.QUEUED, NOON).setJobName("Encoding BigBuckBunny").build());
        index.put("s/2", status("s", "2", JobState.QUEUED, NOON).setJobName("GRÖSSE").build());
        index.put("s/3", status("s", "3", JobState.QUEUED, NOON).setJobName(null).build());

        assertThat(named(index, "buckb")).containsExactly("s/1");
        assertThat(named(index, "grösse")).containsExactly("s/2");
        assertThat(named(index, "encoding bigbuckbunny ")).isEmpty();
    }

    @Test
    void shouldTakeChangedSinceInclusively() {
        JobIndex index = new JobIndex();
        index.put("s/1", status("s", "1", JobState.QUEUED, NOON).build());
        index.put("s/2", status("s", "2", JobState.QUEUED, NOON.minusMillis(1)).build());

        JobQuery query = new JobQuery(Optional.empty(), Optional.empty(), Set.of(), Optional.empty(), Optional.of(NOON), 10,
                Optional.empty());

        assertThat(index.page(query).items()).extracting(JobEntry::key).containsExactly("s/1");
    }

    @Test
    void shouldFindANameInAnyCaseThatAComparisonTakesForTheSame() {
        for (String letter : LETTERS) {
            JobIndex index = new JobIndex(1, 10);
            String name = "x" + letter + "y";
            index.put("s/other", status("s", "other", JobState.QUEUED, NOON.plusSeconds(1)).setJobName("other").build());
            index.put("s/1", status("s", "1", JobState.QUEUED, NOON).setJobName(name).build());
            for (String other : LETTERS) {
                String part = "X" + other + "Y";
                assertThat(named(index, part)).as(name + " " + part)
                        .isEqualTo(name.regionMatches(true, 0, part, 0, part.length()) ? List.of("s/1") : List.of());
            }
        }
    }

    @Test
    void shouldFindARareNameWithoutLookingAtTheOthers() {
        JobIndex index = new JobIndex(1, 10);
        for (int i = 0; i < 1000; i++) {
            index.put(key(i), named(job(i, JobState.QUEUED, i), "Encoding of film " + i));
        }
        index.put("s/rare", status("s", "rare", JobState.QUEUED, Instant.EPOCH).setJobName("the Needle").build());

        assertThat(index.page(byName("needle")).items()).extracting(JobEntry::key).containsExactly("s/rare");
        assertThat(index.page(byName("needle")).next()).isEmpty();
        assertThat(index.page(byName("noodle"))).isEqualTo(new Page<>(List.of(), Optional.empty()));
    }

    @Test
    void shouldFindAJobByItsNewNameAlone() {
        JobIndex index = new JobIndex(1, 10);
        index.put("s/1", status("s", "1", JobState.QUEUED, NOON).setJobName("before").build());
        index.put("s/1", status("s", "1", JobState.QUEUED, NOON).setJobName("after").build());
        index.put("s/2", status("s", "2", JobState.QUEUED, NOON).setJobName("afterwards").build());
        index.remove("s/2");
        index.put("s/3", status("s", "3", JobState.QUEUED, NOON).setJobName("third").build());

        assertThat(named(index, "before")).isEmpty();
        assertThat(named(index, "AFTER")).containsExactly("s/1");
        assertThat(named(index, "third")).containsExactly("s/3");
    }

    /** Neither index nor list leads to two characters that nobody has. */
    @Test
    void shouldEndAPageEarlyWhereItWouldLookAtTooManyJobs() {
        JobIndex index = new JobIndex(100, 10);
        for (int i = 0; i < 1000; i++) {
            index.put(key(i), named(job(i, JobState.QUEUED, i), i == 0 ? "q" : "Film " + i));
        }

        Page<JobEntry> first = index.page(byName("q"));

        assertThat(first.items()).isEmpty();
        assertThat(first.next()).contains(new Position(Instant.ofEpochSecond(900), key(900)));
        assertThat(readAll(index, byName("q"), 10)).containsExactly(key(0));
    }

    private static List<String> even(int step) {
        return IntStream.range(0, 400 / step).map(i -> i * step).mapToObj(JobIndexTest::key).toList();
    }

    private static List<String> namedEven(int step) {
        return IntStream.range(0, 400 / step).map(i -> 2 + i * step).filter(i -> i < 400 && i % 5 != 0)
                .mapToObj(JobIndexTest::key).toList();
    }

    private static JobQuery byName(String part) {
        return new JobQuery(Optional.empty(), Optional.empty(), Set.of(), Optional.of(part), Optional.empty(), 10, Optional.empty());
    }

    private static List<String> named(JobIndex index, String part) {
        return index.page(byName(part)).items().stream().map(JobEntry::key).toList();
    }

    private static List<String> readAll(JobIndex index, JobQuery filters, int limit) {
        JobQuery query = new JobQuery(filters.source(), filters.account(), filters.states(), filters.name(), filters.changedSince(), limit,
                Optional.empty());
        List<String> seen = new ArrayList<>();
        Optional<JobQuery> next = Optional.of(query);
        while (next.isPresent()) {
            Page<JobEntry> page = index.page(next.get());
            assertThat(page.items().size()).isLessThanOrEqualTo(limit);
            page.items().forEach(entry -> seen.add(entry.key()));
            next = page.next().map(query::after);
        }
        return seen;
    }

    private static void apply(JobIndex index, Map<String, JobStatus> model, Step step) {
        String key = key(step.job());
        if (step.state() == null) {
            index.remove(key);
            model.remove(key);
        } else {
            JobStatus status = named(job(step.job(), step.state(), step.second()), step.name());
            index.put(key, status);
            model.put(key, status);
        }
    }

    private static String key(int job) {
        return "source-" + job % 3 + "/" + job;
    }

    private static JobStatus job(int job, JobState state, int second) {
        return status("source-" + job % 3, Integer.toString(job), state, Instant.ofEpochSecond(second)).setAccount("account-" + job % 2)
                .setJobName(job % 5 == 0 ? null : "Name " + job % 4).build();
    }

    private static JobStatus named(JobStatus job, String name) {
        job.setJobName(name);
        return job;
    }

    private static boolean passes(JobStatus job, JobQuery query) {
        return query.source().map(job.getSource()::equals).orElse(true)
                && query.account().map(job.getAccount()::equals).orElse(true)
                && (query.states().isEmpty() || query.states().contains(job.getState()))
                && query.name().map(name -> job.getJobName() != null && IntStream.range(0, job.getJobName().length())
                        .anyMatch(at -> job.getJobName().regionMatches(true, at, name, 0, name.length()))).orElse(true)
                && query.changedSince().map(since -> !job.getChangedAt().isBefore(since)).orElse(true);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(Arbitraries.integers().between(0, 30), Arbitraries.of(JobState.class).injectNull(0.1),
                Arbitraries.integers().between(0, 20), names(0, 9).injectNull(0.1)).as(Step::new).list().ofMaxSize(120);
    }

    private static Arbitrary<String> names(int shortest, int longest) {
        return Arbitraries.of("s", "S", "ſ", "k", "\u212a", "𐐀", "𐐨").list().ofMinSize(shortest).ofMaxSize(longest)
                .map(letters -> String.join("", letters));
    }

    @Provide
    Arbitrary<Bounds> bounds() {
        return Combinators.combine(Arbitraries.of(1, 2, 7, 1000), Arbitraries.of(0, 3, 1000)).as(Bounds::new);
    }

    @Provide
    Arbitrary<JobQuery> queries() {
        return Combinators.combine(Arbitraries.of("source-0", "source-1", "nowhere").optional(0.3),
                Arbitraries.of("account-0", "account-1").optional(0.3),
                Arbitraries.of(JobState.class).set().ofMaxSize(3).optional(0.5).map(states -> states.orElse(Set.of())),
                names(1, 3).optional(0.7),
                Arbitraries.integers().between(0, 20).map(Instant::ofEpochSecond).optional(0.3))
                .as((source, account, states, name, since) -> new JobQuery(source, account, states, name, since, 10, Optional.empty()));
    }
}
