package io.jobwatch.config;

import java.util.Map;

/** How to authenticate with a job service. */
public sealed interface AuthConfig {

    /** No credentials. */
    record None() implements AuthConfig {
    }

    /** {@code Authorization: Bearer <token>}. */
    record Bearer(Secret token) implements AuthConfig {
    }

    /** HTTP basic authentication. */
    record Basic(String user, Secret password) implements AuthConfig {
    }

    /** Fixed request headers, such as an API key. */
    record Headers(Map<String, Secret> headers) implements AuthConfig {
    }

    /** Slurm's {@code X-SLURM-USER-NAME} and {@code X-SLURM-USER-TOKEN}. */
    record SlurmJwt(String user, Secret token) implements AuthConfig {
    }
}
