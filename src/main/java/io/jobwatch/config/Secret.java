package io.jobwatch.config;

import java.util.Objects;
import java.util.Optional;

/** A value that must never be shown: its text form is always {@code ******}. Two are equal if their values are, wherever they come from. */
public final class Secret {
    private final String value;
    private final Optional<SecretFile> file;

    public Secret(String value) {
        this(value, Optional.empty());
    }

    /** @param file where the value was read from, and may be read again */
    Secret(String value, Optional<SecretFile> file) {
        this.value = Objects.requireNonNull(value);
        this.file = file;
    }

    /** {@return the secret itself, as it was when it was read; never log it} */
    public String reveal() {
        return value;
    }

    /** {@return the file that has the latest value, where the secret comes from one} */
    public Optional<SecretFile> file() {
        return file;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && that.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "******";
    }
}
