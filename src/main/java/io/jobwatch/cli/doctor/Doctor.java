package io.jobwatch.cli.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Examines one thing after the other. No look keeps it for longer than its limit, and none that fails keeps it from the others. */
public final class Doctor {
    private static final Logger LOG = LoggerFactory.getLogger(Doctor.class);
    private static final Duration EACH_WITHIN = Duration.ofSeconds(45);

    private final TimeLimit limit = new TimeLimit(EACH_WITHIN);
    private final Consumer<String> progress;
    private final Consumer<Examined> report;

    /**
     * @param progress told what is being looked at
     * @param report   told what was found, as soon as that is known
     */
    public Doctor(Consumer<String> progress, Consumer<Examined> report) {
        this.progress = progress;
        this.report = report;
    }

    /**
     * Examines one thing.
     *
     * @return what was found, which the report was told
     */
    public Examined examine(Examination examination) throws InterruptedException {
        progress.accept(examination.subject());
        Examined examined = outcome(examination.subject(), examination::examine);
        report.accept(examined);
        return examined;
    }

    /**
     * Watches several things at a time: a look at each, a pause, another look at each, and so on.
     *
     * @param looks at least one
     * @param pause waits between two rounds; told how many follow
     */
    public void watch(List<Watch<?>> watches, int looks, Rounds pause) throws InterruptedException {
        List<Round<?>> rounds = new ArrayList<>();
        watches.forEach(watch -> rounds.add(new Round<>(watch)));
        for (int look = 1; look <= looks; look++) {
            for (Round<?> round : rounds) {
                progress.accept(round.watch.subject() + " (look " + look + " of " + looks + ")");
                round.look();
            }
            if (look < looks) {
                pause.await(looks - look);
            }
        }
        for (Round<?> round : rounds) {
            report.accept(round.judge());
        }
    }

    /** Waits between two rounds of looks. */
    @FunctionalInterface
    public interface Rounds {
        void await(int left) throws InterruptedException;
    }

    /** Tells that something was not looked at, and why. */
    public void skip(String subject, String why) {
        report.accept(Examined.skipped(subject, why));
    }

    private Examined outcome(String subject, Callable<Result> look) throws InterruptedException {
        try {
            return Examined.of(subject, limit.call(subject, look));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            LOG.debug("no looking at {}", subject, e);
            return failed(subject, e);
        }
    }

    private static Examined failed(String subject, Exception failure) {
        return Examined.of(subject, new Result("could not be looked at", List.of(Troubles.of(subject, failure))));
    }

    private final class Round<T> {
        private final Watch<T> watch;
        private final List<T> looks = new ArrayList<>();
        private Exception failure;

        private Round(Watch<T> watch) {
            this.watch = watch;
        }

        private void look() throws InterruptedException {
            if (failure != null) {
                return;
            }
            try {
                looks.add(limit.call(watch.subject(), watch::look));
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                LOG.debug("no looking at {}", watch.subject(), e);
                failure = e;
            }
        }

        private Examined judge() throws InterruptedException {
            return failure != null ? failed(watch.subject(), failure) : outcome(watch.subject(), () -> watch.judge(looks));
        }
    }
}
