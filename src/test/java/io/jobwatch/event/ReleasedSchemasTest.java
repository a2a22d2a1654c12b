package io.jobwatch.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jobwatch.registry.TrustedEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was released stays as it was, and what is changed now fits it. */
class ReleasedSchemasTest {
    private static final Path RELEASED = SchemaSet.FOLDER.resolve("released");

    @TempDir
    private Path folder;

    private record Run(int status, String output) {
    }

    @Test
    void shouldKeepEveryReleasedVersionAsItWasReleased() throws IOException {
        List<Path> versions;
        try (Stream<Path> found = Files.list(RELEASED)) {
            versions = found.toList();
        }
        assertThat(versions).isNotEmpty();
        for (Path version : versions) {
            assertThat(FrozenVersion.problems(version)).isEmpty();
        }
    }

    @Test
    void shouldReadEachVersionByItselfAndKeepItsRules() throws IOException {
        assertThat(SchemaSet.released()).extracting(SchemaSet::version).startsWith("version 1").doesNotHaveDuplicates();
        for (SchemaSet version : SchemaSet.all()) {
            assertThat(version.files()).as(version.version()).containsKeys("JobStateEvent", "JobTransition", "JobErrorReport", "JobStatus",
                    "JobAlert", "SourceStatus", "PollCursor");
            assertThat(SetRules.broken(version)).as(version.version()).isEmpty();
        }
    }

    @Test
    void shouldBeAbleToReadTheDataOfEachVersionWithEachOther() throws IOException {
        List<SchemaSet> versions = SchemaSet.all();
        List<String> broken = new ArrayList<>();
        for (int newer = 1; newer < versions.size(); newer++) {
            for (int older = 0; older < newer; older++) {
                broken.addAll(EvolutionRules.broken(versions.get(older), versions.get(newer)));
            }
        }
        assertThat(broken).isEmpty();
    }

    /** The compiler's plug-in reads the same folder, and must not mistake what was released for what is to come. */
    @Test
    void shouldGenerateTheClassesFromTheCurrentSchemas() throws IOException {
        TrustedEvents.allow();
        for (Schema schema : SchemaSet.current().files().values()) {
            Schema generated = SpecificData.get().getSchema(SpecificData.get().getClass(schema));
            String withoutHints = generated.toString().replace("{\"type\":\"string\",\"avro.java.string\":\"String\"}", "\"string\"")
                    .replace(",\"avro.java.string\":\"String\"", "");
            assertThat(withoutHints).isEqualTo(schema.toString());
        }
    }

    @Test
    void shouldFindWhatWasDoneToAReleasedVersion() throws IOException {
        Path version = copy(RELEASED.resolve("1"), folder.resolve("1"));
        Files.writeString(version.resolve("Task.avsc"), "\n", StandardOpenOption.APPEND);
        Files.delete(version.resolve("JobStatus.avsc"));
        Files.writeString(version.resolve("Extra.avsc"), "{}");

        assertThat(FrozenVersion.problems(version)).containsExactly(
                version.resolve("JobStatus.avsc") + " was released and is missing: restore it",
                version.resolve("Task.avsc") + " was released and has changed: restore it, and change schemas/Task.avsc instead",
                version.resolve("Extra.avsc") + " was not released, it has no sum in SHA256SUMS: remove it");
    }

    @Test
    void shouldFreezeTheNextVersionAndNoOther() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")) && Stream.of("/usr/bin", "/bin").anyMatch(bin ->
                Files.isExecutable(Path.of(bin, "sha256sum"))), "schemas/release.sh needs bash and sha256sum");
        Path schemas = copy(SchemaSet.FOLDER, folder.resolve("schemas"));
        int last = SchemaSet.released().size();
        String next = Integer.toString(last + 1);
        Files.writeString(schemas.resolve("Task.avsc"), "\n", StandardOpenOption.APPEND);

        assertThat(release(schemas)).satisfies(run -> assertThat(run.status()).isEqualTo(2)).extracting(Run::output).asString()
                .startsWith("usage: schemas/release.sh N");
        assertThat(release(schemas, "one").status()).isEqualTo(2);
        assertThat(release(schemas, Integer.toString(last)).output()).contains("version " + last + " is released already",
                "the next one is " + next);
        assertThat(release(schemas, Integer.toString(last + 2)).output()).contains("the next version is " + next);
        Run made = release(schemas, next);

        assertThat(made).isEqualTo(new Run(0, "schemas/released/" + next + " holds " + SchemaSet.current().files().size() + " schemas\n"));
        Path frozen = schemas.resolve("released").resolve(next);
        assertThat(FrozenVersion.problems(frozen)).isEmpty();
        for (String file : SchemaSet.current().files().keySet()) {
            assertThat(frozen.resolve(file + ".avsc")).hasSameBinaryContentAs(schemas.resolve(file + ".avsc"));
        }
        try (Stream<Path> left = Files.list(schemas.resolve("released"))) {
            assertThat(left.map(path -> path.getFileName().toString())).hasSize(last + 1).noneMatch(name -> name.startsWith("."));
        }
        Files.writeString(frozen.resolve("Task.avsc"), "\n", StandardOpenOption.APPEND);
        assertThat(release(schemas, Integer.toString(last + 2))).satisfies(run -> assertThat(run.status()).isEqualTo(1))
                .extracting(Run::output).asString().contains("Task.avsc: FAILED", "version " + next + " was changed since its release");
    }

    private static Run release(Path schemas, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("/bin/bash", schemas.resolve("release.sh").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), output);
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.createDirectories(to.resolve(from.relativize(path)).getParent());
                Files.copy(path, to.resolve(from.relativize(path)));
            }
        }
        return to;
    }
}
