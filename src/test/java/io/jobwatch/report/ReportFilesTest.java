package io.jobwatch.report;

import static io.jobwatch.report.Reports.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFilesTest {

    @TempDir
    private Path temp;

    @Test
    void shouldWriteTheTextIntoTheFolderOfTheSource() throws IOException {
        Path directory = temp.resolve("not/there/yet");
        JobErrorReport report = report(JobState.ERROR).build();

        Path file = new ReportFiles(directory).write(report);

        assertThat(file).isEqualTo(directory.resolve("encoder-eu/JobStop-nb_jid_UUID_f3c43f94-327f-2347-90bb-3bf79f8559f1.txt"));
        assertThat(Files.readString(file)).isEqualTo(ReportText.render(report));
    }

    @Test
    void shouldReplaceTheFileAndLeaveNothingElse() throws IOException {
        ReportFiles files = new ReportFiles(temp);
        Path file = files.write(report(JobState.ERROR).build());
        Files.writeString(file, "torn");

        files.write(report(JobState.ERROR).build());

        assertThat(Files.readString(file)).isEqualTo(ReportText.render(report(JobState.ERROR).build()));
        assertThat(listing(file.getParent())).containsExactly(file);
    }

    @Test
    void shouldGiveEachAttemptItsFile() throws IOException {
        ReportFiles files = new ReportFiles(temp);

        files.write(report(JobState.ERROR).setJobId("7").build());
        files.write(report(JobState.CANCELED).setJobId("7").setAttempt(2).build());

        assertThat(temp.resolve("encoder-eu/JobStop-7.txt")).content().contains("Job State: Error");
        assertThat(temp.resolve("encoder-eu/JobStop-7~attempt-2.txt")).content().contains("Job State: Canceled");
    }

    @Test
    void shouldStayInsideTheFolderWhateverTheRecordSays() throws IOException {
        Path directory = temp.resolve("reports");

        Path file = new ReportFiles(directory).write(report(JobState.ERROR).setSource("../..").setJobId("../../x").build());

        assertThat(file.normalize()).startsWith(directory);
        assertThat(listing(temp)).containsExactly(directory);
    }

    @Test
    void shouldLetSeveralWritersWriteTheSameReport() throws Exception {
        ReportFiles files = new ReportFiles(temp);
        JobErrorReport report = report(JobState.ERROR).build();
        Callable<Path> writeOften = () -> {
            Path file = null;
            for (int i = 0; i < 20; i++) {
                file = files.write(report);
                assertThat(Files.readString(file)).isEqualTo(ReportText.render(report));
            }
            return file;
        };

        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (Future<Path> done : threads.invokeAll(List.of(writeOften, writeOften, writeOften, writeOften))) {
                assertThat(listing(done.get().getParent())).containsExactly(done.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void shouldSayWhatIsWrongWithTheFolder() throws IOException {
        Path notAFolder = Files.writeString(temp.resolve("file"), "x");

        assertThatThrownBy(() -> new ReportFiles(notAFolder).prepare()).isInstanceOf(ReportException.class)
                .hasMessage("cannot write reports into the folder " + notAFolder + ": " + notAFolder + " is not a folder; "
                        + "free the disk, mend the permissions or set report.directory to another folder");
        assertThatThrownBy(() -> new ReportFiles(notAFolder.resolve("below")).prepare()).isInstanceOf(ReportException.class)
                .hasMessageContaining("cannot write reports into the folder " + notAFolder.resolve("below") + ": ");
        assertThatThrownBy(() -> new ReportFiles(notAFolder).write(report(JobState.ERROR).build())).isInstanceOf(ReportException.class)
                .hasMessageContaining("cannot write the report " + notAFolder).hasMessageContaining("report.directory");
    }

    @Test
    void shouldLeaveNothingBehindWhenPreparing() throws IOException {
        new ReportFiles(temp.resolve("reports")).prepare();

        assertThat(listing(temp.resolve("reports"))).isEmpty();
    }

    private static List<Path> listing(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
