package io.jobwatch.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Predicate;

/** What tests ask of findings. */
final class Findings {

    private Findings() {
    }

    /** {@return the one finding of a kind} It has to say what to do. */
    static Finding only(Result result, Ailment ailment) {
        return only(result.findings(), finding -> finding.ailment() == ailment);
    }

    static Finding only(Result result, Ailment ailment, String subject) {
        return only(result.findings(), finding -> finding.ailment() == ailment && finding.subject().equals(subject));
    }

    private static Finding only(List<Finding> findings, Predicate<Finding> wanted) {
        List<Finding> found = findings.stream().filter(wanted).toList();
        assertThat(found).as("of %s", findings).hasSize(1);
        assertThat(found.get(0)).satisfies(finding -> {
            assertThat(finding.found()).isNotBlank();
            assertThat(finding.expected()).isNotBlank();
            assertThat(finding.remedy()).isNotBlank();
        });
        return found.get(0);
    }

    static List<Ailment> kinds(Result result) {
        return result.findings().stream().map(Finding::ailment).toList();
    }
}
