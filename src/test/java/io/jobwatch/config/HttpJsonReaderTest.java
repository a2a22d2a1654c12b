package io.jobwatch.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonPointer;
import io.jobwatch.config.HttpJsonOptions.ErrorFields;
import io.jobwatch.config.HttpJsonOptions.ItemRequest;
import io.jobwatch.config.HttpJsonOptions.JobFields;
import io.jobwatch.config.HttpJsonOptions.ListRequest;
import io.jobwatch.config.HttpJsonOptions.StateTable;
import io.jobwatch.config.HttpJsonOptions.TaskFields;
import io.jobwatch.config.HttpJsonOptions.TaskRequest;
import io.jobwatch.event.JobState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpJsonReaderTest {
    private static final String HEAD = """
        sources:
          - name: any
            type: http-json
            url: https://api.example.com
        """;
    private static final String MINIMAL = """
        list: {path: jobs, items: /jobs}
        job: {path: "jobs/{id}"}
        fields: {id: /id, state: /state}
        states: {ok: FINISHED}
        """;

    @TempDir
    Path folder;

    @Test
    void shouldFillInWhatIsLeftOut() throws IOException {
        Pointers none = Pointers.NONE;
        assertThat(options(MINIMAL)).isEqualTo(new HttpJsonOptions(Reading.SNAPSHOT,
                new ListRequest(template("jobs"), pointer("/jobs"), new Paging.None()), List.of(), Optional.empty(), Duration.ofMinutes(2),
                Duration.ofDays(7), new ItemRequest(template("jobs/{id}"), pointer("")), Set.of(404), Optional.empty(),
                new JobFields(at("/id"), none, at("/state"), none, none, none, none, none, none, none, Map.of(), ErrorFields.NONE),
                new StateTable(Map.of("ok", JobState.FINISHED), JobState.UNKNOWN), new DateForm.Iso()));
    }

    @Test
    void shouldReadEveryKey() throws IOException {
        HttpJsonOptions options = options("""
            reading: active-set
            active:
              - {path: "jobs?live&page={page}", items: "", paging: {type: page, first: 0, size: 50}}
              - {path: other, items: /a/b, paging: {type: link-header}}
            list: {path: "jobs?since={since}&offset={offset}", items: /jobs, paging: {type: offset, size: 10}}
            recent: {path: "new/{since}?t={token}", items: /jobs, paging: {type: token, next: /next}}
            overlap: 5m
            look-back: 12h
            job: {path: "jobs/{id}", item: /job, gone: [410, 422]}
            tasks:
              path: jobs/{id}/{attempt}/tasks
              items: /tasks
              fields: {id: /i, name: /n, state: /s, started: /b, ended: /e, progress: /p, error: {items: /errors, code: /c, message: /m}}
            fields: {id: /1, name: [/2, /2b], state: /3, attempt: /4, created: /5, started: /6, ended: /7, progress: /8, reason: /9,
                     attributes: {queue: /q}}
            states: {ok: FINISHED, default: PROCESSING}
            dates: yyyy-MM-dd HH:mm:ss
            """);
        assertThat(options.active()).containsExactly(
                new ListRequest(template("jobs?live&page={page}"), pointer(""), new Paging.Page(0, OptionalInt.of(50))),
                new ListRequest(template("other"), pointer("/a/b"), new Paging.LinkHeader()));
        assertThat(options.list().paging()).isEqualTo(new Paging.Offset(OptionalInt.of(10)));
        assertThat(options.later()).contains(new ListRequest(template("new/{since}?t={token}"), pointer("/jobs"),
                new Paging.Token(pointer("/next"))));
        assertThat(options.overlap()).isEqualTo(Duration.ofMinutes(5));
        assertThat(options.lookBack()).isEqualTo(Duration.ofHours(12));
        assertThat(options.gone()).containsExactlyInAnyOrder(404, 410, 422);
        assertThat(options.tasks()).contains(new TaskRequest(new ListRequest(template("jobs/{id}/{attempt}/tasks"), pointer("/tasks"),
                new Paging.None()), new TaskFields(at("/i"), at("/n"), at("/s"), at("/b"), at("/e"), at("/p"),
                new ErrorFields(Optional.of(pointer("/errors")), at("/c"), at("/m")))));
        assertThat(options.fields()).isEqualTo(new JobFields(at("/1"), at("/2", "/2b"), at("/3"), at("/4"), at("/5"), at("/6"), at("/7"),
                Pointers.NONE, at("/8"), at("/9"), Map.of("queue", at("/q")), ErrorFields.NONE));
        assertThat(options.states().of("odd")).isEqualTo(JobState.PROCESSING);
        assertThat(options.dates()).isEqualTo(new DateForm.Pattern("yyyy-MM-dd HH:mm:ss"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "list: {path: jobs, items: /jobs}| |sources[0].list: missing; expected how the list is asked for",
        "items: /jobs|items: jobs|list.items: expected a JSON pointer, such as /status or /run/id, or \"\" for the whole, found \"jobs\"",
        "path: jobs,|path: /jobs,|list.path: expected a path below url, percent-encoded, without a slash at its beginning",
        "path: jobs,|path: a/../b,|list.path: expected a path below url",
        "path: jobs,|path: \"jobs?x={since}\",|without variables here, found \"jobs?x={since}\"",
        "path: jobs,|path: \"a b\",|list.path: expected a path below url",
        "items: /jobs|items: /jobs, paging: {type: page}|list.path: expected a path below url, percent-encoded, without a slash at its"
            + " beginning, with {page}; variables here: {page}, found \"jobs\"",
        "items: /jobs|items: /jobs, paging: {type: pages}|paging.type: expected one of none, link-header, page, offset, token",
        "items: /jobs|items: /jobs, paging: {type: token}|paging.next: missing; expected a JSON pointer",
        "jobs/{id}|jobs|job.path: expected a path below url, percent-encoded, without a slash at its beginning, with {id}",
        "state: /state|stat: /state|fields.stat: unknown key; did you mean state?",
        "state: /state|state: []|fields.state: expected a JSON pointer, such as /status or /run/id, or \"\" for the whole, or a list of",
        "ok: FINISHED|ok: DONE|states.ok: expected one of QUEUED, SCHEDULED, PROCESSING, FINISHED, ERROR, CANCELED, CANCELING, UNKNOWN",
    })
    void shouldSayWhatIsWrongWhere(String right, String wrong, String problem) throws IOException {
        assertThat(problem(MINIMAL.replace(right, wrong == null ? "" : wrong))).contains(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ISO", "epoch", "nonsense", "HH:mm", "MMMdd"})
    void shouldRefuseDatesThatAreNone(String dates) throws IOException {
        assertThat(problem(MINIMAL + "dates: " + dates)).contains("dates: expected iso, epoch-seconds, epoch-millis, or a pattern");
    }

    @Test
    void shouldAskForWhatTheReadingNeeds() throws IOException {
        assertThat(problem("reading: active-set\n" + MINIMAL)).contains("active: missing").contains("recent: missing")
                .contains("fields.created: missing");
        assertThat(problem("reading: feed\n" + MINIMAL)).contains("changed: missing").contains("fields.changed: missing");
        assertThat(problem("active: {path: jobs, items: /jobs}\n" + MINIMAL)).contains("active: unknown key");
        assertThat(problem("tasks: {path: \"jobs/{id}\", items: /tasks, fields: {id: /id, state: /state}}\n"
                + MINIMAL.replace("state: /state", "state: /state, error: {code: /code}"))).contains("fields.error: unknown key");
    }

    @Test
    void shouldKnowItsKeysForItsOwnTypeOnly() throws IOException {
        assertThat(problem("list: {path: jobs, items: /jobs}", HEAD.replace("http-json", "slurm"))).contains("list: unknown key");
    }

    private HttpJsonOptions options(String yaml) throws IOException {
        return (HttpJsonOptions) ConfigLoader.load(file(yaml, HEAD), name -> null).sources().get(0).options();
    }

    private String problem(String yaml) throws IOException {
        return problem(yaml, HEAD);
    }

    private String problem(String yaml, String head) throws IOException {
        Path file = file(yaml, head);
        ConfigException failure = catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(file, name -> null));
        assertThat(failure).as("a problem in %s", yaml).isNotNull();
        return failure.getMessage();
    }

    private Path file(String yaml, String head) throws IOException {
        return Files.writeString(folder.resolve("jobwatch.yaml"), head + yaml.indent(4));
    }

    private static PathTemplate template(String text) {
        return PathTemplate.parse(text).orElseThrow();
    }

    private static JsonPointer pointer(String text) {
        return JsonPointer.compile(text);
    }

    private static Pointers at(String... places) {
        return new Pointers(Stream.of(places).map(JsonPointer::compile).toList());
    }
}
