package io.jobwatch.cli.doctor;

import java.util.List;

/**
 * One line of the report: a thing, and what is wrong with it.
 *
 * @param subject  what was looked at
 * @param state    the worst of its findings
 * @param summary  what was looked at in a few words, or why it was not
 * @param findings what is wrong
 */
public record Examined(String subject, State state, String summary, List<Finding> findings) {

    /** How a thing is. */
    public enum State {
        OK,
        /** It was not looked at, as something else would have had to be right first, or it is not there. */
        SKIPPED,
        WARN,
        FAIL;

        /** {@return whether it counts against the deployment} */
        public boolean isTrouble() {
            return this == WARN || this == FAIL;
        }
    }

    public Examined {
        findings = List.copyOf(findings);
    }

    static Examined of(String subject, Result result) {
        State state = State.OK;
        for (Finding finding : result.findings()) {
            State of = finding.severity() == Severity.FAIL ? State.FAIL : State.WARN;
            state = of.compareTo(state) > 0 ? of : state;
        }
        return new Examined(subject, state, result.summary(), result.findings());
    }

    static Examined skipped(String subject, String why) {
        return new Examined(subject, State.SKIPPED, why, List.of());
    }
}
