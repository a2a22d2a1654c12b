package io.jobwatch.cli.doctor;

import io.jobwatch.cli.screen.Moments;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Collectors;

/** Says what a lag means. */
final class LagAdvice {
    private static final int MOST_NAMED = 4;

    private LagAdvice() {
    }

    /**
     * {@return the finding}
     *
     * @param where  the partitions
     * @param trends of those partitions, all of this kind; at least one
     */
    static Finding of(LagTrend.Kind kind, String group, SortedSet<String> where, List<LagTrend> trends) {
        long records = trends.stream().mapToLong(LagTrend::records).sum();
        String age = Moments.text(trends.stream().map(LagTrend::age).max(Comparator.naturalOrder()).orElseThrow());
        String waits = records + " records wait at the most, the first for " + age + ", in "
                + where.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
                + (where.size() > MOST_NAMED ? " and " + (where.size() - MOST_NAMED) + " more" : "");
        String subject = "group " + group;
        String expected = "nothing that waits for longer than " + LagTrend.TOLERATED.toSeconds() + " s";
        return switch (kind) {
            case STANDS_STILL -> Finding.fail(Ailment.STANDS_STILL, subject, "nothing is done: " + waits, expected,
                    "is an instance in the group? Its log tells what hinders it (a full disk, the registry, a dead broker); "
                            + "ops/doctor.md#stands-still");
            case FALLS_BEHIND -> Finding.fail(Ailment.FALLS_BEHIND, subject, "more comes than is done: " + waits, expected,
                    "add instances with the role, up to one a partition, or faster disks: ops/capacity.md");
            case CATCHING_UP -> Finding.warn(Ailment.CATCHING_UP, subject, "it gets less: " + waits + "; "
                    + trends.stream().flatMap(trend -> trend.left().stream()).max(Comparator.naturalOrder())
                    .map(left -> "done in about " + Moments.text(rounded(left)) + " at this pace").orElse("the pace is not known"),
                    expected, "wait, and look again");
        };
    }

    private static Duration rounded(Duration left) {
        return Duration.ofSeconds(Math.max(1, left.toSeconds()));
    }
}
