package io.jobwatch.cli.doctor;

import io.jobwatch.config.FolderLock;
import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.config.Role;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** Whether this instance can keep what it keeps, where its data folder is on this machine. */
final class FolderExamination implements Examination {
    private final JobwatchConfig config;
    private final Path temporary;
    private final Mounts mounts;

    /** @param temporary where the Java process of the instance unpacks native libraries */
    FolderExamination(JobwatchConfig config, Path temporary, Mounts mounts) {
        this.config = config;
        this.temporary = temporary;
        this.mounts = mounts;
    }

    @Override
    public String subject() {
        return "data folder";
    }

    @Override
    public Result examine() throws IOException {
        Path folder = config.dataDir().toAbsolutePath().normalize();
        if (!Files.isDirectory(folder)) {
            return new Result(folder + " is not on this machine", List.of());
        }
        List<Finding> findings = new ArrayList<>();
        OptionalLong holder = FolderLock.holder(folder);
        if (holder.isEmpty()) {
            findings.add(Finding.warn(Ailment.NOT_RUNNING, folder.toString(), "no instance runs over it", "a running instance",
                    "jobwatch run -c FILE; if one should run, its log tells why it ended"));
        }
        writable(folder, findings);
        long state = FolderSize.of(folder.resolve("streams")) + FolderSize.of(folder.resolve("query"));
        space(folder, state, findings);
        new LeftoverState(config).find(folder, findings);
        if (usesRocksDb()) {
            mounts.withoutExecution(temporary).ifPresent(mount -> findings.add(Finding.fail(Ailment.NO_EXEC, temporary.toString(),
                    mount + " is mounted noexec: RocksDB's library cannot be loaded from there", "a folder for temporary files that may "
                            + "hold what is executed", "start jobwatch with -Djava.io.tmpdir=" + folder.resolve("tmp")
                            + " (make the folder first), or set process.state-store: memory")));
        }
        return new Result(folder + (holder.isEmpty() ? "" : ", in use" + (holder.getAsLong() == 0 ? "" : " by process "
                + holder.getAsLong())) + ", " + DiskSpace.text(state) + " of state", findings);
    }

    private boolean usesRocksDb() {
        return config.process().stateStore() == StateStore.ROCKSDB
                && (config.roles().contains(Role.PROCESS) || config.roles().contains(Role.QUERY));
    }

    private void writable(Path folder, List<Finding> findings) throws IOException {
        Set<Path> looked = new LinkedHashSet<>(List.of(folder));
        try (Stream<Path> inside = Files.list(folder)) {
            inside.forEach(looked::add);
        }
        String owner = Files.getOwner(folder).getName();
        List<String> foreign = new ArrayList<>();
        for (Path path : looked) {
            if (!Files.exists(path)) {
                continue;   // it came and went
            }
            if (!Files.isWritable(path)) {
                findings.add(Finding.fail(Ailment.FOLDER_NOT_WRITABLE, path.toString(), "this user may not write it; it belongs to "
                        + Files.getOwner(path).getName(), "the user that jobwatch runs as may write it", "if doctor runs as that user: "
                        + "chown -R <user> " + folder + "; a file system may also be mounted read-only: findmnt -T " + path));
            } else if (!Files.getOwner(path).getName().equals(owner)) {
                foreign.add(path.getFileName().toString() + " (" + Files.getOwner(path).getName() + ")");
            }
        }
        if (!foreign.isEmpty()) {
            findings.add(Finding.warn(Ailment.FOLDER_OWNER, folder.toString(), "it belongs to " + owner + ", but in it are others' files: "
                    + String.join(", ", foreign) + ", as after a start by another user", "one owner", "chown -R " + owner + " " + folder
                    + ", while no instance runs"));
        }
    }

    private void space(Path folder, long state, List<Finding> findings) throws IOException {
        Set<FileStore> disks = new LinkedHashSet<>();
        List<Path> places = new ArrayList<>(List.of(folder));
        if (config.roles().contains(Role.REPORT) && Files.isDirectory(config.report().directory())) {
            places.add(config.report().directory().toAbsolutePath().normalize());
        }
        for (Path place : places) {
            FileStore disk = Files.getFileStore(place);
            if (!disks.add(disk)) {
                continue;
            }
            DiskSpace space = new DiskSpace(disk.getUsableSpace(), disk.getTotalSpace());
            space.severity().ifPresent(severity -> findings.add(new Finding(severity, Ailment.DISK_SPACE, place.toString(),
                    space.toString(), "a gigabyte and a tenth of the disk, or ten gigabytes", "make room, or enlarge the disk: when it is "
                            + "full, nothing is processed or reported until there is room again; du -xh " + place + " | sort -h shows "
                            + "what takes it")));
            if (place.equals(folder) && space.severity().isEmpty() && state > space.free()) {
                findings.add(Finding.warn(Ailment.STATE_TOO_BIG, folder.toString(), "the state takes " + DiskSpace.text(state)
                        + " and " + DiskSpace.text(space.free()) + " are free: making it again beside the old one would fill the disk",
                        "as much free as the state takes", "enlarge the disk, or remove the state before it is made again: "
                                + "ops/capacity.md#when-state-is-lost"));
            }
        }
    }
}
