package io.jobwatch.cli;

import io.jobwatch.seed.Seed;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;

/** Says every few seconds how far a seeding has come, so that a long one is seen to go on. */
final class SeedProgress implements Seed.Progress {
    private static final long EVERY_NANOS = 5_000_000_000L;

    private final PrintWriter out;
    private final LongSupplier nanos;
    private long toldAt;

    SeedProgress(PrintWriter out, LongSupplier nanos) {
        this.out = out;
        this.nanos = nanos;
        this.toldAt = nanos.getAsLong();
    }

    @Override
    public void read(TopicPartition partition, long offset) {
        if (due()) {
            out.println("...      reading " + partition + ", offset " + number(offset));
        }
    }

    @Override
    public void verifying(String topic) {
        if (due()) {
            out.println("...      reading " + topic + " back");
        }
    }

    String number(long records) {
        return String.format(Locale.ROOT, "%,d", records);
    }

    private boolean due() {
        long now = nanos.getAsLong();
        if (now - toldAt < EVERY_NANOS) {
            return false;
        }
        toldAt = now;
        return true;
    }
}
