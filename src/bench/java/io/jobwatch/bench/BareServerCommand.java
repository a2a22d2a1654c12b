package io.jobwatch.bench;

import io.jobwatch.query.http.BareServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The child that is the bare server. Stops when its standard input ends. */
@Command(name = "bare-server", hidden = true)
final class BareServerCommand implements Callable<Integer> {
    /** The line that says at which port it answers. */
    static final String READY = "ready";

    @Option(names = "--answer", required = true, description = "QUESTION=FILE, the bytes of an answer.")
    private Map<Question, Path> answers;

    @Override
    public Integer call() throws IOException {
        try (BareServer server = BareServer.start(bytes(Question.BY_KEY), bytes(Question.LIST), bytes(Question.SUMMARY))) {
            System.out.println(new Facts(READY, Map.of("port", Integer.toString(server.port()))));
            System.in.transferTo(OutputStream.nullOutputStream());
        }
        return 0;
    }

    private byte[] bytes(Question question) throws IOException {
        return Files.readAllBytes(answers.get(question));
    }
}
