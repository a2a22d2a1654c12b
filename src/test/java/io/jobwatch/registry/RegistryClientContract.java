package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jobwatch.event.ErrorDetail;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the contracts of a registry's clients share: a registry behind a socket, clients of it, and the end of both. */
abstract class RegistryClientContract {
    static final Schema SCHEMA = ErrorDetail.getClassSchema();
    static final RegistryTimeouts SHORT = new RegistryTimeouts(
            Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofMillis(1));

    StubRegistry stub;

    private final List<AutoCloseable> opened = new ArrayList<>();

    /** {@return the client under test; closed by this class} */
    abstract SchemaRegistry open(List<URI> urls, Map<String, String> properties, RegistryTimeouts timeouts);

    @BeforeEach
    void start() throws Exception {
        stub = opened(new StubRegistry());
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : opened) {
            closeable.close();
        }
    }

    final <T extends AutoCloseable> T opened(T closeable) {
        opened.add(closeable);
        return closeable;
    }

    final SchemaRegistry client(Map<String, String> properties) {
        return client(List.of(stub.url()), properties, SHORT);
    }

    final SchemaRegistry client(List<URI> urls, Map<String, String> properties, RegistryTimeouts timeouts) {
        return opened(open(urls, properties, timeouts));
    }

    static RegistryException failure(Runnable call) {
        return catchThrowableOfType(RegistryException.class, call::run);
    }
}
