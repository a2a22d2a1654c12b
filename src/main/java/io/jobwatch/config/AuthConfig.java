package io.jobwatch.config;

import java.net.URI;
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

    /**
     * Bearer tokens that are obtained by OAuth 2.0's client credentials grant (RFC 6749, 4.4).
     *
     * @param tokenUrl   the token endpoint; https, or http on the loopback interface
     * @param clientAuth how the client tells its id and secret to the token endpoint
     * @param parameters what the token request says beside the grant type and the client, such as {@code scope}; not secret
     */
    record OAuth2(URI tokenUrl, String clientId, Secret clientSecret, ClientAuth clientAuth, Map<String, String> parameters)
            implements AuthConfig {
    }

    /** How a client authenticates with a token endpoint (RFC 6749, 2.3.1). */
    enum ClientAuth {
        /** In the header of HTTP basic authentication, which every token endpoint must understand. */
        BASIC,
        /** As parameters in the request's body. */
        POST
    }
}
