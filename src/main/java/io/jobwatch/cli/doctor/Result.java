package io.jobwatch.cli.doctor;

import java.util.List;

/**
 * What an examination found.
 *
 * @param summary  what was looked at, in a few words
 * @param findings what is wrong with it, the order in which it was found
 */
public record Result(String summary, List<Finding> findings) {
    public Result {
        findings = List.copyOf(findings);
    }
}
