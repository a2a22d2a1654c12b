package io.jobwatch.cli;

import io.jobwatch.config.JobwatchConfig;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "dead-letters", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "[list | show | replay]",
        description = {"Shows the records and items that could not be used, and puts records back into their topic; lists them by default.",
            "Of an embedded broker: connects to the instance that runs over the data folder, and starts the broker for as long as it"
                    + " takes where none does."},
        footer = {"", "Example:", "  jobwatch dead-letters -c jobwatch.yaml"},
        subcommands = {DeadLettersListCommand.class, DeadLettersShowCommand.class, DeadLettersReplayCommand.class})
final class DeadLettersCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigFile file;

    JobwatchConfig config() {
        return file.load();
    }

    @Override
    public Integer call() {
        CommandLine list = spec.subcommands().get("list");
        list.parseArgs();
        return ((DeadLettersListCommand) list.getCommand()).call();
    }
}
