package io.jobwatch.config;

/** The configuration is wrong; the message names the key, its place and what is allowed. Leads to exit status 2. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }
}
