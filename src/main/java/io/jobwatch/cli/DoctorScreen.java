package io.jobwatch.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jobwatch.cli.doctor.Examined;
import io.jobwatch.cli.doctor.Examined.State;
import io.jobwatch.cli.doctor.Finding;
import io.jobwatch.cli.doctor.Severity;
import io.jobwatch.cli.screen.Cell;
import io.jobwatch.cli.screen.ForeignText;
import io.jobwatch.cli.screen.Screen;
import io.jobwatch.cli.screen.StatusLine;
import io.jobwatch.cli.screen.Terminal;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Shows what a doctor finds: for people line by line as it comes, then the findings; for scripts one JSON object at the end. All texts may
 * be of others, and are made harmless here. At a terminal a line at the bottom tells what is being looked at.
 */
final class DoctorScreen implements AutoCloseable {
    private static final String FILE = "-c FILE";

    private final Screen screen;
    private final boolean json;
    private final String file;
    private final Optional<StatusLine> status;
    private final PrintStream errors;

    private DoctorScreen(Screen screen, boolean json, String file, Optional<StatusLine> status, PrintStream errors) {
        this.screen = screen;
        this.json = json;
        this.file = file;
        this.status = status;
        this.errors = errors;
    }

    /** @param file the configuration, as it is named in the commands that are advised */
    static DoctorScreen of(CommandSpec command, boolean json, Path file) {
        Screen screen = Terminal.screen(command);
        String name = file.toString().matches("[A-Za-z0-9._/@+-]+") ? file.toString() : "'" + file.toString().replace("'", "'\\''") + "'";
        PrintStream errors = System.err;
        if (json || screen.width().isEmpty() || !Terminal.obeys(System::getenv)) {
            return new DoctorScreen(screen, json, name, Optional.empty(), errors);
        }
        StatusLine status = new StatusLine(System.out, screen.width().getAsInt());
        Charset charset = CommandOutput.charset(Terminal.charset());
        PrintWriter above = new PrintWriter(status.above(System.out, charset), true, charset);
        System.setErr(status.above(errors, charset));   // what libraries log must not tear the line
        return new DoctorScreen(new Screen(above, screen.err(), screen.width(), screen.coloured()), false, name, Optional.of(status),
                errors);
    }

    void progress(String subject) {
        status.ifPresent(line -> line.show("looking at " + subject + " …"));
    }

    void line(Examined examined) {
        if (!json) {
            Cell state = switch (examined.state()) {
                case OK -> Cell.of("ok     ", Cell.Colour.GOOD);
                case SKIPPED -> Cell.of("skipped", Cell.Colour.PLAIN);
                case WARN -> Cell.of("WARN   ", Cell.Colour.WARNING);
                case FAIL -> Cell.of("FAIL   ", Cell.Colour.BAD);
            };
            screen.line(screen.text(state) + " " + examined.subject() + ": " + ForeignText.line(examined.summary()));
        }
    }

    void summary(List<Examined> examined) {
        status.ifPresent(line -> line.show(""));
        if (json) {
            screen.line(OutputFormat.text(json(examined)));
            return;
        }
        List<Finding> findings = examined.stream().flatMap(each -> each.findings().stream()).toList();
        for (Severity severity : List.of(Severity.FAIL, Severity.WARN)) {
            findings.stream().filter(finding -> finding.severity() == severity).forEach(this::print);
        }
        screen.line("");
        long failed = findings.stream().filter(finding -> finding.severity() == Severity.FAIL).count();
        screen.line(findings.isEmpty() ? "nothing is wrong" : findings.size() + (findings.size() == 1 ? " finding, " : " findings, ")
                + failed + " of them FAIL; ops/doctor.md has a section on each kind");
    }

    private void print(Finding finding) {
        screen.line("");
        Cell severity = Cell.of(finding.severity().name(), finding.severity() == Severity.FAIL ? Cell.Colour.BAD : Cell.Colour.WARNING);
        screen.line(screen.text(severity) + "  " + finding.ailment().word() + "  " + ForeignText.line(finding.subject()));
        screen.line("      found     " + ForeignText.line(finding.found()));
        screen.line("      expected  " + ForeignText.line(finding.expected()));
        screen.line("      do        " + ForeignText.line(advised(finding)));
    }

    private String advised(Finding finding) {
        return finding.remedy().replace(FILE, "-c " + file);
    }

    private ObjectNode json(List<Examined> examined) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("ok", examined.stream().map(Examined::state).noneMatch(State::isTrouble));
        var list = json.putArray("examined");
        for (Examined each : examined) {
            ObjectNode object = list.addObject().put("subject", each.subject())
                    .put("state", each.state().name().toLowerCase(Locale.ROOT)).put("summary", each.summary());
            var findings = object.putArray("findings");
            each.findings().forEach(finding -> findings.addObject().put("severity", finding.severity().name().toLowerCase(Locale.ROOT))
                    .put("kind", finding.ailment().word()).put("subject", finding.subject()).put("found", finding.found())
                    .put("expected", finding.expected()).put("do", advised(finding)));
        }
        return json;
    }

    /** Takes the line away for good. */
    @Override
    public void close() {
        status.ifPresent(line -> {
            line.close();
            System.setErr(errors);
        });
    }
}
