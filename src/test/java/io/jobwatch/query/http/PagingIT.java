package io.jobwatch.query.http;

import static io.jobwatch.query.Records.NOON;
import static io.jobwatch.query.Records.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.jobwatch.config.QueryConfig;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStatus;
import io.jobwatch.query.StreamsView;
import io.jobwatch.topic.TestTopics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of a hundred thousand jobs, from a broker to HTTP, while every second one changes, goes or comes back. */
class PagingIT {
    private static final int JOBS = 100_000;
    private static final JsonFactory JSON = new JsonFactory();

    @TempDir
    private Path dir;
    private TestTopics topics;
    private StreamsView view;
    private QueryServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Semaphore pages = new Semaphore(0);
    private final AtomicBoolean done = new AtomicBoolean();
    /** As they are at first. */
    private final List<JobStatus> jobs = IntStream.range(0, JOBS).mapToObj(PagingIT::job).toList();

    @BeforeEach
    void start() {
        topics = new TestTopics(dir.resolve("broker"));
        for (int part = 0; part < JOBS; part += 10_000) {
            topics.send(jobs.subList(part, part + 10_000).stream().map(this::record).toList());
        }
        view = new StreamsView(topics.kafkaProps(), topics.names(), topics.registry(), dir.resolve("data"), "jobwatch", "test", true,
                Clock.systemUTC(), new SimpleMeterRegistry());
        view.start();
        server = QueryServer.start(new QueryConfig("127.0.0.1", 0), TestServices.of(view));
        await().atMost(Duration.ofSeconds(60)).until(() -> view.ready() && view.summary().jobs().values().stream()
                .flatMap(states -> states.values().stream()).mapToLong(Long::longValue).sum() == JOBS);
    }

    @AfterEach
    void stop() {
        server.close();
        view.close();
        topics.close();
    }

    @Test
    void shouldListEachJobThatDoesNotChangeOnceWhileOthersDo() throws Exception {
        Map<String, Predicate<JobStatus>> filters = new LinkedHashMap<>();
        filters.put("", job -> true);
        filters.put("source=source-1&state=QUEUED&state=ERROR", job -> job.getSource().equals("source-1")
                && (job.getState() == JobState.QUEUED || job.getState() == JobState.ERROR));
        filters.put("account=account-3&state=FINISHED", job -> job.getAccount().equals("account-3") && job.getState() == JobState.FINISHED);
        filters.put("name=SHOT%204242", job -> job.getJobName().contains("shot 4242"));   // by the index of names
        filters.put("source=source-2&account=account-1&name=9", job -> job.getSource().equals("source-2")
                && job.getAccount().equals("account-1") && job.getJobName().contains("9"));   // along the lists
        filters.put("changedSince=2026-11-22T12:01:30Z", job -> !job.getChangedAt().isBefore(NOON.plusSeconds(90)));
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> changes = writer.submit(this::change);
            for (Map.Entry<String, Predicate<JobStatus>> filter : filters.entrySet()) {
                List<String> unchanged = IntStream.range(0, JOBS).filter(i -> i % 2 == 0).mapToObj(jobs::get)
                        .filter(filter.getValue()).map(JobStatus::getJobId).toList();

                List<String> listed = readAll(filter.getKey());

                assertThat(new HashSet<>(listed)).as(filter.getKey()).hasSameSizeAs(listed);
                // Sorted: to compare in any order takes the square of 50,000.
                assertThat(listed.stream().filter(id -> Integer.parseInt(id) % 2 == 0).sorted().toList()).as(filter.getKey())
                        .isEqualTo(unchanged.stream().sorted().toList());
            }
            done.set(true);
            pages.release();
            assertThat(changes.get()).as("changes meanwhile").isGreaterThan(1_000);
        } finally {
            writer.shutdownNow();
        }
    }

    /** Some with each page that is read, at the same time as the next. */
    private int change() throws InterruptedException {
        Random random = new Random(11);
        int changes = 0;
        for (pages.acquire(); !done.get(); pages.acquire()) {
            pages.drainPermits();
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                int odd = random.nextInt(JOBS / 2) * 2 + 1;
                JobStatus job = job(odd);
                job.setState(JobState.values()[random.nextInt(8)]);
                job.setChangedAt(NOON.plusSeconds(3_600).plusMillis(changes++));
                records.add(random.nextInt(10) == 0 ? topics.record(topics.names().jobStatus(), key(job), null) : record(job));
                // Told again, without a change.
                records.add(record(jobs.get(random.nextInt(JOBS / 2) * 2)));
            }
            topics.send(records);
        }
        return changes;
    }

    private List<String> readAll(String filter) throws Exception {
        List<String> ids = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            URI uri = URI.create(server.url() + "/api/v1/jobs?limit=500&" + filter + "&cursor=" + cursor);
            HttpResponse<byte[]> answer = client.send(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(200);
            pages.release();
            int before = ids.size();
            try (JsonParser page = JSON.createParser(answer.body())) {
                while (page.nextToken() != null) {
                    if (page.currentToken() == JsonToken.FIELD_NAME && page.currentName().equals("jobId")) {
                        ids.add(page.nextTextValue());
                    } else if (page.currentToken() == JsonToken.FIELD_NAME && page.currentName().equals("nextCursor")) {
                        cursor = page.nextTextValue();
                    }
                }
            }
            assertThat(ids.size() - before).isLessThanOrEqualTo(500);
        }
        return ids;
    }

    /** Ten jobs have the same time. */
    private static JobStatus job(int i) {
        return status("source-" + i % 3, Integer.toString(i), JobState.values()[i % 7], NOON.plusMillis(i / 10 * 10)).setAccount("account-"
                + i % 5).setJobName("Encoding of shot " + i).build();
    }

    private ProducerRecord<byte[], byte[]> record(JobStatus job) {
        return topics.record(topics.names().jobStatus(), key(job), job);
    }

    private static String key(JobStatus job) {
        return job.getSource() + "/" + job.getJobId();
    }
}
