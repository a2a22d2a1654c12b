package io.jobwatch.cli;

import io.jobwatch.cli.client.ClientException;
import io.jobwatch.cli.screen.ForeignText;
import io.jobwatch.config.ConfigException;
import io.jobwatch.config.FolderLock;
import io.jobwatch.embedded.EmbeddedException;
import io.jobwatch.query.QueryException;
import io.jobwatch.registry.RegistryException;
import io.jobwatch.report.ReportException;
import io.jobwatch.topic.TopicException;
import io.jobwatch.topic.access.JaasFault;
import io.jobwatch.topic.access.RightsException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The commands and what their failures mean for the exit status: 0 done, 1 failed, 2 wrong usage or configuration. */
@Command(name = "jobwatch", mixinStandardHelpOptions = true, versionProvider = CommandLineInterface.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Watches the jobs of remote services and turns what it sees into Kafka topics, a latest status and failure reports.",
        footer = {"", "Exit status: 0 done, 1 failed, 2 wrong usage or configuration.",
                "Try it: jobwatch demo"},
        subcommands = {DemoCommand.class, RunCommand.class, CheckCommand.class, SetupCommand.class, DoctorCommand.class, SeedCommand.class,
                DeadLettersCommand.class, SimulateCommand.class, JobsCommand.class, JobCommand.class, ExplainCommand.class,
                FailuresCommand.class, SummaryCommand.class, SourcesCommand.class, AlertsCommand.class, TailCommand.class,
                TokenCommand.class})
public final class CommandLineInterface implements Runnable {
    static final int FAILED = 1;
    static final int WRONG_USAGE = 2;

    /** Commands whose output is for a person at a terminal: news of the inner workings would only hide it. */
    private static final Set<String> QUIET = Set.of("demo", "check", "setup", "doctor", "seed", "dead-letters", "simulate", "jobs", "job",
            "explain", "failures", "summary", "sources", "alerts", "tail", "token");
    /** Failures that a user can mend; their messages say how. */
    private static final List<Class<? extends Exception>> EXPECTED = List.of(FolderLock.FolderException.class, EmbeddedException.class,
            TopicException.class, RightsException.class, RegistryException.class, ReportException.class, QueryException.class,
            CommandException.class);

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** {@return the exit status} */
    public static int run(String... args) {
        if (args.length > 0 && QUIET.contains(args[0])) {
            System.setProperty("jobwatch.log.level", "WARN");
        }
        Optional<String> wrong = LogFormat.choose(System.getenv("JOBWATCH_LOG_FORMAT"));
        if (wrong.isPresent()) {
            System.err.println("jobwatch: " + wrong.get());
            return WRONG_USAGE;
        }
        CommandOutput output = CommandOutput.standard();
        CommandLine commands = commandLine().setOut(output.writer());
        int status = commands.execute(args);
        commands.getOut().flush();
        return output.status(status, commands.getErr());
    }

    /** {@return the commands, whose output may be set} */
    static CommandLine commandLine() {
        CommandLine commands = new CommandLine(new CommandLineInterface())
                .addSubcommand("completion", new AutoComplete.GenerateCompletion());
        CommandGroups.showIn(commands);
        return commands
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(CommandLineInterface::refuse)
                .setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, command));
    }

    /** Says what is wrong. The whole help would hide it. */
    private static int refuse(CommandLine.ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("jobwatch: " + wrong.getMessage());
        if (command.getParent() == null && !CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err)) {
            command.usage(err);
        } else {
            err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        err.flush();
        return WRONG_USAGE;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Missing command");
    }

    private static int explain(Exception failure, CommandLine command) {
        // What collects the log of a service would otherwise miss why it ended.
        Logger log = LogFormat.json() && command.getCommandName().equals("run") ? LoggerFactory.getLogger(RunCommand.class) : null;
        Consumer<String> tell = log == null ? line -> command.getErr().println("jobwatch: " + line) : log::error;
        if (failure instanceof ConfigException || failure instanceof org.apache.kafka.common.config.ConfigException) {
            tell.accept(failure.getMessage());
            return WRONG_USAGE;
        }
        Optional<String> jaas = JaasFault.explain(failure);
        if (jaas.isPresent()) {
            tell.accept(jaas.get());
            return WRONG_USAGE;
        }
        if (failure instanceof ClientException asking) {
            tell.accept(ForeignText.line(asking.getMessage()));
            return asking.kind() == ClientException.Kind.USAGE ? WRONG_USAGE : FAILED;
        }
        if (EXPECTED.stream().anyMatch(type -> type.isInstance(failure))) {
            tell.accept(failure.getMessage());
        } else if (failure instanceof KafkaException) {
            tell.accept("Kafka: " + causes(failure));
        } else if (log != null) {
            log.error("an error in jobwatch itself, please report it", failure);
        } else {
            tell.accept("an error in jobwatch itself, please report it:");
            failure.printStackTrace(command.getErr());
        }
        return FAILED;
    }

    private static String causes(Throwable failure) {
        StringBuilder text = new StringBuilder(String.valueOf(failure.getMessage()));
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            text.append(": ").append(cause.getMessage());
        }
        return text.toString();
    }

    /** Reads the version that the build wrote into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = CommandLineInterface.class.getPackage().getImplementationVersion();
            return new String[] {"jobwatch " + (version == null ? "(not packaged)" : version)};
        }
    }
}
