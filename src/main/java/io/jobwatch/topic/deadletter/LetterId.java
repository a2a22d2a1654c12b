package io.jobwatch.topic.deadletter;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a dead letter stands in its topic; written {@code <partition>:<offset>}. Letters of a partition are ordered by their offset. */
public record LetterId(int partition, long offset) implements Comparable<LetterId> {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,9}):([0-9]{1,18})");
    private static final Comparator<LetterId> ORDER = Comparator.comparingInt(LetterId::partition).thenComparingLong(LetterId::offset);

    /** {@return the id, or empty where the text is none} */
    public static Optional<LetterId> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(new LetterId(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)))) : Optional.empty();
    }

    @Override
    public int compareTo(LetterId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return partition + ":" + offset;
    }
}
