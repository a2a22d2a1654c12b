package io.jobwatch.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** A log that lives as long as the test, and can be made to fail. */
final class MemoryLog implements SchemaLog {
    private record Entry(String key, String value) {
    }

    private final List<Entry> entries = new ArrayList<>();
    private boolean failing;

    synchronized void failing(boolean fails) {
        failing = fails;
    }

    @Override
    public synchronized void replay(BiConsumer<String, String> record) {
        entries.forEach(entry -> record.accept(entry.key(), entry.value()));
    }

    @Override
    public synchronized void append(String key, String value) {
        if (failing) {
            throw new EmbeddedException("no disk");
        }
        entries.add(new Entry(key, value));
    }

    @Override
    public void close() {
        // The next registry reads it again.
    }
}
