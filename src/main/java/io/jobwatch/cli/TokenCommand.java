package io.jobwatch.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jobwatch.cli.screen.Terminal;
import io.jobwatch.config.AccessToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "token", mixinStandardHelpOptions = true, description = {
    "Makes a token for those who ask queries, and the lines of the configuration that let them.",
    "The configuration holds only the token's hash, so the token is shown this once."},
        footer = {"", "Examples:", "  jobwatch token --name ci", "  jobwatch token --hash --name ci < token-file"})
final class TokenCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--name", paramLabel = "N", defaultValue = "ops",
            description = "Whose token it is: A-Z a-z 0-9 . _ - (default ${DEFAULT-VALUE}).")
    private String name;

    @Option(names = "--hash", description = "Makes none: reads a token from standard input and prints the lines for it. A terminal"
            + " does not show what is typed.")
    private boolean hash;

    @Mixin
    private OutputFormat output;

    @Override
    public Integer call() {
        if (!name.matches(AccessToken.NAME)) {
            throw new ParameterException(spec.commandLine(), "the name must be 1 to 100 of the characters A-Z a-z 0-9 . _ -");
        }
        PrintWriter out = spec.commandLine().getOut();
        String token = hash ? read() : AccessToken.make(new SecureRandom());
        print(hash ? Optional.empty() : Optional.of(token), AccessToken.of(name, token), out);
        out.flush();
        return 0;
    }

    private void print(Optional<String> made, AccessToken token, PrintWriter out) {
        if (output.json()) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            made.ifPresent(text -> json.put("token", text));
            out.println(OutputFormat.text(json.put("name", token.name()).put("sha256", token.sha256())));
            return;
        }
        made.ifPresent(text -> {
            out.println(text);
            out.println();
            out.println("This is the token, shown once: keep it where only those who ask can read it. Its hash, for the configuration of");
            out.println("the instances that answer:");
            out.println();
        });
        out.println("query:");
        out.println("  auth:");
        out.println("    type: bearer");
        out.println("    tokens:");
        out.println("      - {name: " + token.name() + ", sha256: \"" + token.sha256() + "\"}");
    }

    private String read() {
        String text = (Terminal.attached() ? Terminal.secret("The token (it is not shown): ") : line()).strip();
        if (!AccessToken.isToken(text)) {
            // Not shown, as it may be a secret all the same.
            throw new ParameterException(spec.commandLine(), "expected on standard input " + AccessToken.EXPECTED_TOKEN + ", found "
                    + (text.isEmpty() ? "nothing" : "another text"));
        }
        return text;
    }

    private static String line() {
        try {
            String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new UncheckedIOException("standard input cannot be read", e);
        }
    }
}
