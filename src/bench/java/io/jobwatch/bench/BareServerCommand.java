package io.jobwatch.bench;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The child that is the limit: the same HTTP server, set up as the query role sets it up, with the same paths and headers, whose handlers
 * do nothing but return bytes that are there. Stops when its standard input ends.
 */
@Command(name = "bare-server", hidden = true)
final class BareServerCommand implements Callable<Integer> {
    /** The line that says at which port it answers. */
    static final String READY = "ready";
    private static final int MAX_THREADS = 64;

    @Option(names = "--answer", required = true, description = "QUESTION=FILE, the bytes of an answer.")
    private Map<Question, Path> answers;

    @Override
    public Integer call() throws IOException {
        byte[] job = Files.readAllBytes(answers.get(Question.BY_KEY));
        byte[] list = Files.readAllBytes(answers.get(Question.LIST));
        byte[] summary = Files.readAllBytes(answers.get(Question.SUMMARY));
        Javalin javalin = Javalin.create(app -> {
            configure(app);
            app.routes.before(context -> context.header("X-Jobwatch-View-Lag", "0.123").header("Cache-Control", "no-store")
                    .header("X-Content-Type-Options", "nosniff"));
            app.routes.get("/api/v1/jobs/{source}/{jobId}", context -> answer(context, job));
            app.routes.get("/api/v1/jobs", context -> answer(context, list));
            app.routes.get("/api/v1/summary", context -> answer(context, summary));
        }).start("127.0.0.1", 0);
        System.out.println(new Facts(READY, Map.of("port", Integer.toString(javalin.port()))));
        System.in.transferTo(OutputStream.nullOutputStream());
        javalin.stop();
        return 0;
    }

    private static void answer(Context context, byte[] bytes) {
        context.contentType("application/json").result(bytes);
    }

    private static void configure(JavalinConfig app) {
        app.startup.showJavalinBanner = false;
        app.startup.showOldJavalinVersionWarning = false;
        app.startup.startupWatcherEnabled = false;
        app.jetty.threadPool = new QueuedThreadPool(MAX_THREADS, 4);
        app.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setSendXPoweredBy(false);
        });
    }
}
