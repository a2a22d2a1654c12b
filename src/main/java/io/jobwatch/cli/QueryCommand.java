package io.jobwatch.cli;

import io.jobwatch.cli.client.Answer;
import io.jobwatch.cli.client.QueryClient;
import io.jobwatch.cli.screen.Moments;
import io.jobwatch.cli.screen.Screen;
import io.jobwatch.cli.screen.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that asks a running jobwatch and shows the answer. */
abstract class QueryCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ClientOptions options;

    @Mixin
    private OutputFormat format;

    @Override
    public Integer call() {
        Screen screen = Terminal.screen(spec);
        return Stop.interrupting(() -> ask(options.client(screen), screen));
    }

    /** {@return the exit status} */
    abstract int ask(QueryClient client, Screen screen);

    final CommandSpec spec() {
        return spec;
    }

    final ClientOptions options() {
        return options;
    }

    /** {@return whether the output is for scripts} */
    final boolean json() {
        return format.json();
    }

    /** Prints the answer for scripts, as it is. */
    final void printJson(Answer answer, Screen screen) {
        screen.line(OutputFormat.text(answer.body()));
    }

    /** Tells people if the answer is too old, whatever it is printed as. */
    final void noteAge(Answer answer, Screen screen) {
        if (answer.stale()) {
            screen.note("this is stale: what jobwatch answers from is " + Moments.text(answer.lag()) + " old or older");
        }
    }

    final CommandLine.ParameterException wrong(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
