package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UrlFileTest {
    private static final Optional<URI> URL = Optional.of(URI.create("http://localhost:8080/"));

    @TempDir
    private Path folder;

    @Test
    void shouldHoldTheAddressUntilTheInstanceEnds() throws Exception {
        Path file = folder.resolve("url");
        AutoCloseable end = UrlFile.write(Map.of(UrlFile.VARIABLE, file.toString()), URL);

        assertThat(file).hasContent("http://localhost:8080/");
        end.close();
        assertThat(file).hasContent("stopping");
    }

    @Test
    void shouldSayThatThereIsNoAddress() {
        Path file = folder.resolve("url");
        UrlFile.write(Map.of(UrlFile.VARIABLE, file.toString()), Optional.empty());

        assertThat(file).hasContent("none");
    }

    @Test
    void shouldWriteNothingUnasked() throws Exception {
        UrlFile.write(Map.of(), URL).close();

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shouldNameTheFileThatCannotBeWritten() {
        Path file = folder.resolve("missing").resolve("url");

        assertThatThrownBy(() -> UrlFile.write(Map.of(UrlFile.VARIABLE, file.toString()), URL)).isInstanceOf(CommandException.class)
                .hasMessageContaining(file.toString()).hasMessageContaining(UrlFile.VARIABLE);
    }
}
