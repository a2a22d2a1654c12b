package io.jobwatch.registry;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a registry's client reads from properties under the names of Confluent's client.
 *
 * @param credentials who this client is
 * @param tls         keys and trust other than the platform's
 * @param proxy       an HTTP proxy for every address; not resolved
 * @param patience    how long to wait
 */
record RegistrySettings(RegistryCredentials credentials, Optional<RegistryTls> tls, Optional<InetSocketAddress> proxy, Patience patience) {
    private static final String PROXY_HOST = "proxy.host";
    private static final String PROXY_PORT = "proxy.port";

    /**
     * @param addresses how many there are to ask
     * @throws io.jobwatch.config.ConfigException if a name is not known or a value is wrong; it shows no secret
     */
    static RegistrySettings of(Map<String, String> given, RegistryTimeouts timeouts, int addresses) {
        Set<String> known = new HashSet<>(Set.of(PROXY_HOST, PROXY_PORT, RegistryProperties.AUTO_REGISTER));
        known.addAll(RegistryCredentials.SETTINGS);
        known.addAll(RegistryTls.SETTINGS);
        known.addAll(Patience.SETTINGS);
        RegistryProperties properties = RegistryProperties.of(given, known);
        return new RegistrySettings(RegistryCredentials.of(properties), RegistryTls.of(properties), proxy(properties),
                Patience.of(properties, timeouts, addresses));
    }

    /** {@return the address that is set} */
    static Optional<InetSocketAddress> proxy(RegistryProperties properties) {
        Optional<String> host = properties.text(PROXY_HOST);
        Optional<Integer> port = properties.number(PROXY_PORT, 1, 65_535);
        if (host.isPresent() != port.isPresent()) {
            throw RegistryProperties.problem(host.isPresent() ? PROXY_PORT : PROXY_HOST,
                    "expected it beside " + (host.isPresent() ? PROXY_HOST : PROXY_PORT) + ", found nothing");
        }
        if (host.isPresent() && !host.get().matches("[A-Za-z0-9._-]+|\\[?[0-9A-Fa-f:.]+]?")) {
            throw RegistryProperties.problem(PROXY_HOST, "expected a host's name or address without scheme, port and user; "
                    + "a proxy that asks for a user is not supported");
        }
        return host.map(name -> InetSocketAddress.createUnresolved(name.replaceAll("[\\[\\]]", ""), port.orElseThrow()));
    }
}
