package io.jobwatch.embedded;

/** The registry's state, and its changes: written to the log first, then seen. Thread-safe. */
final class SchemaStore implements AutoCloseable {
    private final SchemaLog log;
    private final RegistryState state = new RegistryState();

    /**
     * Reads the whole log.
     *
     * @throws EmbeddedException if it cannot be read
     */
    SchemaStore(SchemaLog log) {
        this.log = log;
        log.replay(state::apply);
    }

    RegistryState state() {
        return state;
    }

    /**
     * @param value null deletes the key
     * @throws EmbeddedException if the change may not be safe; nobody sees it until the next start
     */
    synchronized void write(String key, String value) {
        log.append(key, value);
        state.apply(key, value);
    }

    @Override
    public void close() {
        log.close();
    }
}
