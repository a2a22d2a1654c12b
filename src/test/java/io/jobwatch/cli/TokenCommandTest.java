package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jobwatch.config.AccessToken;
import io.jobwatch.config.ConfigLoader;
import io.jobwatch.config.QueryAuth;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class TokenCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    @Test
    void shouldMakeATokenAndTheConfigurationThatLetsItIn() throws Exception {
        assertThat(run("", "--name", "ci")).isZero();

        String token = out.toString().lines().findFirst().orElseThrow();
        String yaml = out.toString().substring(out.toString().indexOf("query:"));
        assertThat(AccessToken.isToken(token)).isTrue();
        assertThat(yaml).doesNotContain(token);
        assertThat(tokens(yaml)).containsExactly(AccessToken.of("ci", token));
        run("");
        assertThat(out.toString().lines().findFirst()).isNotEqualTo(token);
    }

    @Test
    void shouldTellTheHashOfATokenAndNotTheToken() throws Exception {
        String token = "a-token-that-someone-made-elsewhere-0123456789";

        assertThat(run(token + "\n", "--hash")).isZero();

        assertThat(out.toString()).doesNotContain(token);
        assertThat(tokens(out.toString())).containsExactly(AccessToken.of("ops", token));
    }

    @Test
    void shouldAnswerScriptsInJson() throws Exception {
        run("", "-o", "json");
        JsonNode made = new ObjectMapper().readTree(out.toString());
        assertThat(AccessToken.of("ops", made.get("token").asText()).sha256()).isEqualTo(made.get("sha256").asText());

        run(made.get("token").asText(), "--hash", "-o", "json");

        assertThat(new ObjectMapper().readTree(out.toString()).toString())
                .isEqualTo("{\"name\":\"ops\",\"sha256\":\"" + made.get("sha256").asText() + "\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "too-short-s3cret", "s3cret with spaces, however long it may be, is none"})
    void shouldRefuseWhatIsNoTokenWithoutShowingIt(String text) {
        assertThat(run(text, "--hash")).isEqualTo(CommandLineInterface.WRONG_USAGE);

        assertThat(err.toString()).contains("expected on standard input a token of 32 to 512").doesNotContain("s3cret");
    }

    @Test
    void shouldRefuseANameThatCannotStandInTheConfiguration() {
        assertThat(run("", "--name", "a: b")).isEqualTo(CommandLineInterface.WRONG_USAGE);

        assertThat(err.toString()).contains("the name must be");
        assertThat(out.toString()).isEmpty();
    }

    private List<AccessToken> tokens(String yaml) throws Exception {
        Path file = Files.writeString(folder.resolve("jobwatch.yaml"), "roles: [query]\n" + yaml);
        return ((QueryAuth.Bearer) ConfigLoader.load(file, name -> null).query().auth()).tokens();
    }

    private int run(String in, String... args) {
        out.getBuffer().setLength(0);
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)));
        try {
            return new CommandLine(new TokenCommand()).setCaseInsensitiveEnumValuesAllowed(true)
                    .setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(args);
        } finally {
            System.setIn(before);
        }
    }
}
