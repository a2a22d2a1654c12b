package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.cli.client.ClientException;
import io.jobwatch.cli.client.Endpoint;
import io.jobwatch.config.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ClientOptionsTest {

    @Test
    void shouldAskThisMachineByDefault() {
        Endpoint endpoint = endpoint(Map.of("JOBWATCH_URL", "", "JOBWATCH_TOKEN", " "));

        assertThat(endpoint.url()).hasToString("http://127.0.0.1:8080");
        assertThat(endpoint.token()).isEmpty();
    }

    @Test
    void shouldTakeOptionsBeforeTheEnvironment(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "from-file\r\n");
        Map<String, String> environment = Map.of("JOBWATCH_URL", "https://a:1/x/", "JOBWATCH_TOKEN", "from-environment");

        assertThat(endpoint(environment).url()).hasToString("https://a:1/x");
        assertThat(endpoint(environment).token().map(Secret::reveal)).contains("from-environment");
        Endpoint chosen = endpoint(environment, "--url", "http://b:2", "--token-file", file.toString(), "--ca-file", "ca.pem");
        assertThat(chosen.url()).hasToString("http://b:2");
        assertThat(chosen.token().map(Secret::reveal)).contains("from-file");
        assertThat(chosen.caFile()).contains(Path.of("ca.pem"));
    }

    @Test
    void shouldNotShowWhatIsNoToken(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "s3cret and more");

        assertThatThrownBy(() -> endpoint(Map.of(), "--token-file", file.toString())).isInstanceOf(ClientException.class)
                .hasMessageContaining(file.toString()).hasMessageNotContaining("s3cret");
        assertThatThrownBy(() -> endpoint(Map.of("JOBWATCH_TOKEN", "s3cret\nx"))).isInstanceOf(ClientException.class)
                .hasMessageContaining("JOBWATCH_TOKEN").hasMessageNotContaining("s3cret");
    }

    private static Endpoint endpoint(Map<String, String> environment, String... arguments) {
        ClientOptions options = new ClientOptions();
        new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("client",
                CommandLine.Model.CommandSpec.forAnnotatedObject(options))).parseArgs(arguments);
        return options.endpoint(environment::get);
    }
}
