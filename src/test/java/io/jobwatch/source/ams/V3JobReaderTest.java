package io.jobwatch.source.ams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobState;
import io.jobwatch.event.Task;
import io.jobwatch.source.Bounds;
import io.jobwatch.source.Json;
import io.jobwatch.source.ObservedJob;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class V3JobReaderTest {

    @Test
    void shouldReadAJobAndItsOutputsAsTasks() throws Exception {
        assertThat(read("jobs-arm.json", 0)).isEqualTo(new ObservedJob("abr/bunny", Optional.of("bunny"), 1, JobState.PROCESSING,
                "Processing", Optional.empty(), Optional.of(65), Optional.of(Instant.parse("2026-03-01T09:58:00.123Z")),
                Optional.of(Instant.parse("2026-03-01T09:58:20Z")), Optional.empty(), true, List.of(
                        new Task("BuiltInStandardEncoderPreset_0", "out-0", JobState.FINISHED, "Finished", 100,
                                Instant.parse("2026-03-01T09:58:20Z"), Instant.parse("2026-03-01T09:58:50Z"), List.of()),
                        new Task("1", "out-1", JobState.PROCESSING, "Processing", 31, Instant.parse("2026-03-01T09:58:50Z"), null,
                                List.of())),
                Map.of("transform", "abr", "lastModified", "2026-03-01T09:58:00.123456Z", "priority", "Normal",
                        "correlationData.order", "4711", "correlationData.customer", "ünal")));
    }

    @Test
    void shouldReadEveryErrorOfAnOutput() throws Exception {
        ObservedJob failed = read("jobs-arm.json", 1);
        assertThat(failed.state()).isEqualTo(JobState.ERROR);
        assertThat(failed.endedAt()).contains(Instant.parse("2026-03-01T09:44:10.500Z"));
        assertThat(failed.tasks()).singleElement().satisfies(task -> assertThat(task.getErrors()).containsExactly(
                new ErrorDetail("ContentMalformed", "The input is malformed. (category: Content, retry: DoNotRetry)"),
                new ErrorDetail("ErrorDecoding", "No video stream in part 3."), new ErrorDetail("ErrorProbing", "moov atom not found")));
    }

    @Test
    void shouldNotBelieveTimesThatTheStateContradicts() throws Exception {
        ObservedJob queued = read("jobs-arm.json", 2);
        assertThat(queued.state()).isEqualTo(JobState.QUEUED);
        assertThat(queued.startedAt()).isEmpty();
        assertThat(queued.endedAt()).isEmpty();
    }

    @Test
    void shouldKeepTheTextOfAStateThatIsNotKnown() throws Exception {
        ObservedJob paused = read("jobs-arm.json", 3);
        assertThat(paused.state()).isEqualTo(JobState.UNKNOWN);
        assertThat(paused.nativeState()).isEqualTo("Paused");
        assertThat(paused.progress()).isEmpty();
        assertThat(paused.detailsAvailable()).isTrue();
    }

    @Test
    void shouldReadWhatMkioSays() throws Exception {
        ObservedJob canceled = read("jobs-mkio.json", 0);
        assertThat(canceled.jobId()).isEqualTo("abr/job-001");
        assertThat(canceled.state()).isEqualTo(JobState.CANCELED);
        assertThat(canceled.createdAt()).contains(Instant.parse("2026-03-01T09:58:00.123Z"));
        assertThat(canceled.endedAt()).contains(Instant.parse("2026-03-01T09:59:05Z"));
        assertThat(canceled.tasks()).containsExactly(
                new Task("0", "output-video", JobState.CANCELED, "Canceled", 12, null, null, List.of()));
    }

    @ParameterizedTest
    @CsvSource({"Queued,QUEUED", "Scheduled,SCHEDULED", "Processing,PROCESSING", "Finished,FINISHED", "Error,ERROR", "Canceled,CANCELED",
        "Cancelled,CANCELED", "Canceling,CANCELING", "queued,UNKNOWN", "Paused,UNKNOWN"})
    void shouldMapEveryState(String told, JobState state) throws Exception {
        ObservedJob job = V3JobReader.read(json("{'name':'j','properties':{'state':'" + told + "'}}"), "abr");
        assertThat(job.state()).isEqualTo(state);
        assertThat(job.nativeState()).isEqualTo(told);
    }

    @Test
    void shouldReadOutputsHoweverBadlyTheyAreTold() throws Exception {
        ObservedJob job = V3JobReader.read(json("{'name':'j','properties':{'state':'Error','outputs':["
                + "'gone',"
                + "{'label':'same','state':7,'progress':250,'error':'it broke'},"
                + "{'label':'same','startTime':'never','error':{'details':['more',{'code':5}]}},"
                + "{'error':{'retry':'MayRetry'}},"
                + "{'error':{}}]}}"), "abr");
        assertThat(job.tasks()).extracting(Task::getTaskId).containsExactly("0", "same", "2", "3", "4");
        assertThat(job.tasks().get(1).getProgress()).isEqualTo(100);
        assertThat(job.tasks().get(1).getNativeState()).isEqualTo("7");
        assertThat(job.tasks()).extracting(Task::getErrors).containsExactly(
                List.of(new ErrorDetail("", "The service told this in the place of an output: gone")),
                List.of(new ErrorDetail("", "it broke")),
                List.of(new ErrorDetail("", ""), new ErrorDetail("", "more"), new ErrorDetail("5", "")),
                List.of(new ErrorDetail("", "(retry: MayRetry)")),
                List.of());
    }

    @Test
    void shouldCutWhatIsTooMuch() throws Exception {
        String output = "{'label':'x','state':'Error','error':{'code':'E','message':'" + "m".repeat(20_000) + "'}}";
        ObservedJob job = V3JobReader.read(json("{'name':'j','properties':{'state':'Error','outputs':["
                + (output + ",").repeat(199) + output + "]}}"), "abr");
        assertThat(job.tasks()).hasSizeLessThanOrEqualTo(Bounds.TASKS);
        assertThat(job.attributes()).containsKey("jobwatch.cut");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        'text'                                              | expected an object, found the text "text"
        {'properties':{'state':'Queued'}}                   | name: expected a job's name, found none
        {'name':7,'properties':{'state':'Queued'}}          | name: expected a text, found 7
        {'name':'..','properties':{'state':'Queued'}}       | name: expected a job's name, found the text ".."
        {'name':'j'}                                        | properties: expected an object, found none
        {'name':'j','properties':{}}                        | state: expected the job's state, found none
        {'name':'j','properties':{'state':2}}               | state: expected a text, found 2
        {'name':'j','properties':{'state':'Queued','created':'now'}} | created: expected a date, found "now"
        """)
    void shouldSayWhatIsWrongWithABadItem(String item, String reason) {
        BadEntityException failure = catchThrowableOfType(BadEntityException.class, () -> V3JobReader.read(json(item), "abr"));
        assertThat(failure).hasMessage(reason);
    }

    @Test
    void shouldRefuseANameThatIsTooLongForAnId() {
        BadEntityException failure = catchThrowableOfType(BadEntityException.class,
                () -> V3JobReader.read(json("{'name':'" + "n".repeat(509) + "','properties':{'state':'Queued'}}"), "abr"));
        assertThat(failure).hasMessage("name: expected at most 512 characters, found 513");
    }

    @ParameterizedTest
    @CsvSource({"abr, job-1, abr/job-1", "two words, ünal, two words/ünal", "a/b, c, a%2Fb/c", "a, b/c, a/b%2Fc", "a%2F, %, a%252F/%25"})
    void shouldWriteAndReadIds(String transform, String job, String text) {
        V3JobId id = new V3JobId(transform, job);
        assertThat(id.text()).isEqualTo(text);
        assertThat(V3JobId.parse(text)).contains(id);
    }

    private static ObservedJob read(String fixture, int item) throws Exception {
        try (InputStream in = V3JobReaderTest.class.getResourceAsStream("/ams-v3/" + fixture)) {
            return V3JobReader.read(Json.MAPPER.readTree(in).path("value").get(item), "abr");
        }
    }

    private static JsonNode json(String text) throws Exception {
        return Json.MAPPER.readTree(text.replace('\'', '"'));
    }
}
