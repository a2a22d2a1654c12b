package io.jobwatch.cli.doctor;

import static io.jobwatch.cli.doctor.Findings.kinds;
import static io.jobwatch.cli.doctor.Findings.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jobwatch.config.ConfigLoader;
import io.jobwatch.config.FolderLock;
import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.topology.SmallDisk;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with the data folder, in real folders. */
class FolderExaminationTest {
    private static final long MB = 1 << 20;

    @TempDir
    private Path folder;
    private Path data;
    private Path mounts;

    @BeforeEach
    void make() throws IOException {
        data = Files.createDirectories(folder.resolve("data"));
        mounts = Files.writeString(folder.resolve("mounts"), "/dev/sda1 / ext4 rw,relatime 0 0\n");
    }

    @Test
    void shouldSayThatNoInstanceRunsAndTakeNothing() throws Exception {
        assertThat(only(examine(), Ailment.NOT_RUNNING).remedy()).startsWith("jobwatch run -c FILE");
        assertThat(data.resolve(".jobwatch.lock")).as("nothing was written").doesNotExist();

        try (FolderLock held = FolderLock.acquire(data)) {
            assertThat(held).isNotNull();
            Result result = examine();
            assertThat(kinds(result)).doesNotContain(Ailment.NOT_RUNNING);
            assertThat(result.summary()).contains("in use by process " + ProcessHandle.current().pid());
        }
        assertThat(FolderLock.holder(data)).as("a lock file that a killed instance left").isEqualTo(OptionalLong.empty());
        FolderLock.acquire(data).close();
    }

    @Test
    void shouldHaveNothingToSayOfAFolderOnAnotherMachine() throws Exception {
        Files.delete(data);

        assertThat(examine()).satisfies(result -> {
            assertThat(result.findings()).isEmpty();
            assertThat(result.summary()).endsWith("is not on this machine");
        });
    }

    /** The share counts on small disks, the gigabytes on large ones. */
    @ParameterizedTest
    @CsvSource({"50, 100000, FAIL", "500, 100000, FAIL", "1500, 100000, WARN", "900, 2000, WARN", "1100, 2000, ", "20000, 1000000, ",
            "9000, 1000000, WARN", "99, 120, FAIL", "101, 120, WARN"})
    void shouldJudgeWhatIsFree(long freeMegabytes, long totalMegabytes, Severity expected) {
        assertThat(new DiskSpace(freeMegabytes * MB, totalMegabytes * MB).severity().orElse(null)).isEqualTo(expected);
    }

    @Test
    void shouldFindADiskThatIsNearlyFull() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(data, 8)) {
            assertThat(only(examine(), Ailment.DISK_SPACE)).satisfies(finding -> {
                assertThat(finding.severity()).isEqualTo(Severity.FAIL);
                assertThat(finding.subject()).isEqualTo(disk.path().toString());
                assertThat(finding.found()).startsWith("8 MB of 8 MB");
            });
        }
    }

    /** A sparse file takes no room, but what is made again would. */
    @Test
    void shouldFindStateThatWouldNotFitBesideItself() throws Exception {
        Path state = Files.createDirectories(data.resolve("streams/jobwatch")).resolve("big.sst");
        try (RandomAccessFile file = new RandomAccessFile(state.toFile(), "rw")) {
            file.setLength(Files.getFileStore(data).getUsableSpace() + 100 * MB);
        } catch (IOException e) {
            assumeTrue(false, "this file system has no files of that size: " + e.getMessage());
        }
        DiskSpace space = new DiskSpace(Files.getFileStore(data).getUsableSpace(), Files.getFileStore(data).getTotalSpace());

        if (space.severity().isPresent()) {
            assertThat(only(examine(), Ailment.DISK_SPACE).found()).as("which says more").isNotEmpty();
        } else {
            assertThat(only(examine(), Ailment.STATE_TOO_BIG).found()).contains("making it again beside the old one");
        }
    }

    @Test
    void shouldFindStateOfAnotherApplication() throws Exception {
        Files.createDirectories(data.resolve("streams/jobwatch"));
        Files.writeString(Files.createDirectories(data.resolve("streams/an-older-one")).resolve("a"), "x".repeat(3000));
        Files.createDirectories(data.resolve("query/jobwatch-query-view"));

        Finding finding = only(examine(), Ailment.LEFTOVER_STATE);

        assertThat(finding.subject()).endsWith("streams/an-older-one");
        assertThat(finding.found()).startsWith("3 KB of state of another application-id");
    }

    @Test
    void shouldFindThatThereIsNoExecutingWhereLibrariesAreUnpacked() throws Exception {
        Files.writeString(mounts, "tmpfs " + folder.toRealPath() + " tmpfs rw,nosuid,nodev,noexec 0 0\n");
        assertThat(kinds(examine())).as("something lies over it").doesNotContain(Ailment.FOLDER_OWNER).contains(Ailment.NO_EXEC);
        Files.writeString(mounts, """
                /dev/sda1 / ext4 rw,noexec 0 0
                tmpfs %s tmpfs rw,noexec 0 0
                tmpfs %s tmpfs rw 0 0
                """.formatted(folder.toRealPath(), folder.toRealPath()));

        assertThat(kinds(examine())).doesNotContain(Ailment.NO_EXEC);
    }

    @Test
    void shouldFindFilesOfAnotherOwner() throws Exception {
        Path foreign = Files.writeString(data.resolve("known-schemas.json"), "{}");
        try {
            UserPrincipal nobody = data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
            Files.setOwner(foreign, nobody);
        } catch (IOException e) {
            assumeTrue(false, "this user may not give files away: " + e.getMessage());
        }

        assertThat(only(examine(), Ailment.FOLDER_OWNER).found()).contains("known-schemas.json (nobody)");
    }

    /** To root everything is writable but what is mounted read-only. */
    @Test
    void shouldFindThatTheFolderCannotBeWritten() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(data, 8)) {
            assertThat(kinds(examine())).doesNotContain(Ailment.FOLDER_NOT_WRITABLE);
            Process remount = new ProcessBuilder("mount", "-o", "remount,ro", disk.path().toString()).inheritIO().start();
            assertThat(remount.waitFor(20, TimeUnit.SECONDS)).isTrue();

            assertThat(only(examine(), Ailment.FOLDER_NOT_WRITABLE)).satisfies(finding -> {
                assertThat(finding.subject()).isEqualTo(disk.path().toString());
                assertThat(finding.severity()).isEqualTo(Severity.FAIL);
            });
        }
    }

    private Result examine() throws IOException {
        Path file = Files.writeString(folder.resolve("jobwatch.yaml"), """
                data-dir: %s
                roles: [process]
                """.formatted(data));
        JobwatchConfig config = ConfigLoader.load(file, Map.<String, String>of()::get);
        return new FolderExamination(config, folder, new Mounts(mounts)).examine();
    }
}
