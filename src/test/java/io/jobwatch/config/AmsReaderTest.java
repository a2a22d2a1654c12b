package io.jobwatch.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jobwatch.config.AmsV3Options.Dialect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmsReaderTest {
    private static final String ARM = "https://management.azure.com/subscriptions/s/resourceGroups/rg/providers/Microsoft.Media"
            + "/mediaServices/contoso";
    private static final String MKIO = "https://app.mk.io/api/v1/projects/p/media";

    @TempDir
    Path folder;

    private Path file(String type, String url, String more) throws IOException {
        return Files.writeString(folder.resolve("jobwatch.yaml"),
                "sources:\n  - {name: a, type: " + type + ", url: \"" + url + "\"" + (more.isEmpty() ? "" : ", " + more) + "}\n");
    }

    private SourceOptions options(String type, String url, String more) throws IOException {
        return ConfigLoader.load(file(type, url, more), name -> null).sources().get(0).options();
    }

    private String problem(String type, String url, String more) throws IOException {
        Path file = file(type, url, more);
        ConfigException failure = catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(file, name -> null));
        assertThat(failure).as("a problem with %s", more).isNotNull();
        return failure.getMessage().replace(folder + "/", "");
    }

    @Test
    void shouldHaveADefaultForEverything() throws IOException {
        assertThat(options("ams-v2", "http://h", "")).isEqualTo(new SourceOptions.None());
        assertThat(options("ams-v3", ARM, ""))
                .isEqualTo(new AmsV3Options(Dialect.ARM, List.of(), Optional.of("2022-07-01"), Reading.ACTIVE_SET));
        assertThat(options("ams-v3", MKIO, ""))
                .isEqualTo(new AmsV3Options(Dialect.MKIO, List.of(), Optional.empty(), Reading.ACTIVE_SET));
    }

    @Test
    void shouldReadEveryKey() throws IOException {
        assertThat(options("ams-v2", "http://h", "reading: active-set")).isEqualTo(new AmsV2Options(Reading.ACTIVE_SET));
        String more = "dialect: arm, transforms: [abr, two words], api-version: 2021-11-01, reading: snapshot";
        assertThat(options("ams-v3", "http://h/x", more))
                .isEqualTo(new AmsV3Options(Dialect.ARM, List.of("abr", "two words"), Optional.of("2021-11-01"), Reading.SNAPSHOT));
    }

    @ParameterizedTest
    @CsvSource({
        "https://management.usgovcloudapi.net/subscriptions/s/resourcegroups/r/providers/microsoft.media/mediaservices/a, ARM",
        "https://api.mk.io/x, MKIO", "https://mk.io/x, MKIO", "http://127.0.0.1:8080/api/v1/projects/p/media/, MKIO"})
    void shouldSeeTheDialectInTheUrl(String url, Dialect dialect) throws IOException {
        assertThat(options("ams-v3", url, "")).isInstanceOfSatisfying(AmsV3Options.class,
                options -> assertThat(options.dialect()).isEqualTo(dialect));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        reading: feed              | reading: expected one of snapshot, active-set, found "feed"
        dialect: azure             | dialect: expected one of arm, mkio, found "azure"
        transforms: abr            | transforms: expected a list, found a single value
        transforms: []             | transforms: expected at least one transform, or no such key to watch all of them
        transforms: [a/b]          | transforms[0]: expected the name of a transform, without the path before it, found "a/b"
        transforms: [..]           | transforms[0]: expected the name of a transform
        transforms: [a, b, a]      | transforms[2]: expected each transform once, found "a" again
        api-version: latest        | api-version: expected a version of the API such as 2022-07-01, found "latest"
        transform: [a]             | transform: unknown key; did you mean transforms?
        """)
    void shouldRefuseABadValueAndSayWhatIsAllowed(String more, String message) throws IOException {
        assertThat(problem("ams-v3", ARM, more)).startsWith("jobwatch.yaml:2:").contains("sources[0]." + message).hasLineCount(1);
    }

    @Test
    void shouldRefuseWhatDoesNotGoTogether() throws IOException {
        assertThat(problem("ams-v3", MKIO, "api-version: 2022-07-01"))
                .contains("sources[0].api-version: expected only where the dialect is arm");
        assertThat(problem("ams-v3", "http://encoder/media", ""))
                .contains("sources[0].dialect: missing; expected one of arm, mkio, as the url does not show which it is");
        assertThat(problem("ams-v2", "http://h", "transforms: [a]")).contains("sources[0].transforms: unknown key");
    }
}
