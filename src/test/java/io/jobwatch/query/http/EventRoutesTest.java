package io.jobwatch.query.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.javalin.Javalin;
import io.jobwatch.query.stream.TransitionReader;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.junit.jupiter.api.Test;

class EventRoutesTest {
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final EventRoutes routes = new EventRoutes((filter, lastEventId, wakeUp) -> {
        opened.incrementAndGet();
        return new Reader();
    }, new AnswerMetrics(new SimpleMeterRegistry()));

    @Test
    void shouldTakeTheReaderOffTheStreamWhenTheRequestCannotBecomeAsynchronous() throws Exception {
        shouldTakeTheReaderOff((request, response, chain) -> chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request) {
                    @Override
                    public AsyncContext startAsync() {
                        throw new IllegalStateException("not supported here");
                    }
                }, response));
    }

    @Test
    void shouldTakeTheReaderOffTheStreamWhenWritingCannotBegin() throws Exception {
        shouldTakeTheReaderOff((request, response, chain) -> chain.doFilter(request,
                new HttpServletResponseWrapper((HttpServletResponse) response) {
                    @Override
                    public ServletOutputStream getOutputStream() throws IOException {
                        return new NoListeners(super.getOutputStream());
                    }
                }));
    }

    private void shouldTakeTheReaderOff(Filter broken) throws Exception {
        Javalin javalin = Javalin.create(app -> {
            routes.addTo(app.routes);
            app.jetty.port = 0;
            app.jetty.modifyServletContextHandler(handler -> {
                FilterHolder holder = new FilterHolder(broken);
                holder.setAsyncSupported(true);
                handler.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST));
            });
        }).start();
        try {
            int status = HttpClient.newHttpClient().send(HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + javalin.port() + "/api/v1/events")).timeout(Duration.ofSeconds(20)).build(),
                    BodyHandlers.discarding()).statusCode();

            assertThat(status).isEqualTo(500);
            assertThat(opened.get()).isEqualTo(1);
            await().untilAsserted(() -> assertThat(closed.get()).isEqualTo(1));
            // Nothing is left to be closed.
            routes.close();
            assertThat(closed.get()).isEqualTo(1);
        } finally {
            javalin.stop();
        }
    }

    private final class Reader implements TransitionReader {
        @Override
        public Optional<byte[]> next() {
            return Optional.empty();
        }

        @Override
        public boolean ended() {
            return closed.get() > 0;
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    private static final class NoListeners extends ServletOutputStream {
        private final ServletOutputStream out;

        private NoListeners(ServletOutputStream out) {
            this.out = out;
        }

        @Override
        public boolean isReady() {
            return out.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new IllegalStateException("not supported here");
        }

        @Override
        public void write(int one) throws IOException {
            out.write(one);
        }
    }
}
