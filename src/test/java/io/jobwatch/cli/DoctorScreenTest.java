package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jobwatch.cli.doctor.Ailment;
import io.jobwatch.cli.doctor.Examined;
import io.jobwatch.cli.doctor.Finding;
import io.jobwatch.cli.doctor.Severity;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DoctorScreenTest {
    private static final String HOSTILE = "\u001b[2J\u009bwiped\nok      all";

    private final StringWriter out = new StringWriter();

    private static Examined examined() {
        Finding warn = new Finding(Severity.WARN, Ailment.SOURCE_BAD_ITEMS, HOSTILE, HOSTILE, HOSTILE, HOSTILE);
        Finding fail = new Finding(Severity.FAIL, Ailment.SOURCE_FAILING, "encoder", "it failed", "success", "jobwatch check -c FILE");
        return new Examined("sources", Examined.State.FAIL, HOSTILE, List.of(warn, fail));
    }

    /** What services and brokers say is shown so that a terminal obeys none of it, and on one line. */
    @Test
    void shouldShowHarmlesslyWhatOthersSay() {
        List<String> lines = show(false, "jobwatch.yaml").lines().toList();

        assertThat(String.join("", lines)).doesNotContain("\u001b", "\u009b");
        assertThat(lines).containsExactly("FAIL    sources: \\u001b[2J\\u009bwiped\\nok      all", "",
                "FAIL  source-failing  encoder", "      found     it failed", "      expected  success",
                "      do        jobwatch check -c jobwatch.yaml", "",
                "WARN  source-bad-items  \\u001b[2J\\u009bwiped\\nok      all", "      found     \\u001b[2J\\u009bwiped\\nok      all",
                "      expected  \\u001b[2J\\u009bwiped\\nok      all", "      do        \\u001b[2J\\u009bwiped\\nok      all", "",
                "2 findings, 1 of them FAIL; ops/doctor.md has a section on each kind");
    }

    @Test
    void shouldTellScriptsTheSame() throws Exception {
        String shown = show(true, "it's here.yaml");

        JsonNode json = new JsonMapper().readTree(shown);
        assertThat(shown).doesNotContain("\u001b", "\u009b");
        assertThat(json.path("ok").asBoolean()).isFalse();
        JsonNode source = json.path("examined").path(0);
        assertThat(source.path("state").asText()).isEqualTo("fail");
        assertThat(source.path("findings").path(0).path("found").asText()).isEqualTo(HOSTILE);
        assertThat(source.path("findings").path(1).path("kind").asText()).isEqualTo("source-failing");
        assertThat(source.path("findings").path(1).path("do").asText()).as("a command for a shell")
                .isEqualTo("jobwatch check -c 'it'\\''s here.yaml'");
    }

    private String show(boolean json, String file) {
        CommandLine commands = CommandLineInterface.commandLine().setOut(new PrintWriter(out, true));
        try (DoctorScreen screen = DoctorScreen.of(commands.getCommandSpec(), json, Path.of(file))) {
            screen.line(examined());
            screen.summary(List.of(examined()));
        }
        return out.toString();
    }
}
