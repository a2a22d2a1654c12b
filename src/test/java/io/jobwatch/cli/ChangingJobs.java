package io.jobwatch.cli;

import io.jobwatch.event.JobState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The jobs of one source as their service has them, changing all the time by a script that a seed makes: what they do, and for how long.
 * Each change gives the job a version of its own, so that any two things that may be seen of it differ. A hasty job goes on by the clock,
 * whether anyone looks or not; a patient one waits until what it is now has been published, so that none of it may be missing. Not
 * thread-safe.
 */
final class ChangingJobs {
    private static final int HASTY_SLOTS = 2;
    private static final int PATIENT_SLOTS = 1;
    private static final int MAX_STEPS_IN_A_STATE = 3;
    private static final Duration LONGEST_STAND = Duration.ofSeconds(6);
    private static final Duration LONGEST_STAND_OF_PATIENT = Duration.ofSeconds(1);

    /**
     * What can be seen of a job at one time.
     *
     * @param number from 1
     */
    record Version(int number, JobState state, Instant createdAt) {
        /** {@return the name that the job has in this version} */
        String name() {
            return "v" + number;
        }
    }

    private final List<Slot> slots = new ArrayList<>();
    private final List<Life> lives = new ArrayList<>();
    private Map<String, Version> shown;
    private boolean finished;

    private ChangingJobs() {
    }

    /**
     * {@return some jobs that come, change and go}
     *
     * @param source first part of their ids
     * @param nanos  the time, by a steady clock
     */
    static ChangingJobs scripted(String source, long seed, long nanos) {
        ChangingJobs jobs = new ChangingJobs();
        for (int i = 0; i < HASTY_SLOTS + PATIENT_SLOTS; i++) {
            String name = source + "-" + i;
            Slot slot = new Slot(name, i >= HASTY_SLOTS, new Random(31 * seed + name.hashCode()));
            jobs.slots.add(slot);
            jobs.begin(slot, nanos);
        }
        return jobs;
    }

    /** {@return jobs that change only when they are told to, all at once} */
    static ChangingJobs together(String source, int number) {
        ChangingJobs jobs = new ChangingJobs();
        for (int i = 0; i < number; i++) {
            jobs.lives.add(new Life(source + "-" + i, false, List.of(JobState.PROCESSING)));
        }
        return jobs;
    }

    private void begin(Slot slot, long nanos) {
        slot.begin(nanos);
        lives.add(slot.current);
        shown = null;
    }

    /** {@return what the service lists at this time} An immutable map, the same one until something changes. */
    Map<String, Version> at(long nanos) {
        for (Slot slot : finished ? List.<Slot>of() : slots) {
            while (slot.mayGoOn(nanos)) {
                shown = null;
                if (!slot.goOn(nanos)) {
                    begin(slot, nanos);
                }
            }
        }
        if (shown == null) {
            Map<String, Version> listed = new LinkedHashMap<>();
            lives.stream().filter(life -> !life.deleted).forEach(life -> listed.put(life.id, life.version()));
            shown = Collections.unmodifiableMap(listed);
        }
        return shown;
    }

    /** Changes all jobs of a source made by {@link #together}. */
    void changeAll() {
        lives.forEach(life -> life.number++);
        shown = null;
    }

    /** A reader of committed records found this version of a job. */
    void published(String jobId, String version) {
        for (Slot slot : slots) {
            slot.published |= slot.current.id.equals(jobId) && slot.current.version().name().equals(version);
        }
    }

    /** Nothing changes from now on. */
    void finish() {
        finished = true;
    }

    /** {@return every job that there ever was} */
    List<Life> lives() {
        return List.copyOf(lives);
    }

    /** Has one job after another. */
    private static final class Slot {
        private final String prefix;
        private final boolean patient;
        private final Random random;
        private Life current;
        private int count;
        private long standsUntil;
        private boolean published;

        private Slot(String prefix, boolean patient, Random random) {
            this.prefix = prefix;
            this.patient = patient;
            this.random = random;
        }

        private void begin(long nanos) {
            List<JobState> states = new ArrayList<>();
            for (JobState state : List.of(JobState.QUEUED, JobState.SCHEDULED, JobState.PROCESSING)) {
                // None at all: the job passes through that state too fast for anyone.
                for (int i = random.nextInt(MAX_STEPS_IN_A_STATE + 1); i > 0; i--) {
                    states.add(state);
                }
            }
            int end = random.nextInt(4);
            if (end == 0) {
                states.add(JobState.CANCELING);
            }
            states.add(List.of(JobState.CANCELED, JobState.ERROR, JobState.FINISHED, JobState.FINISHED).get(end));
            current = new Life(prefix + "-" + ++count, patient, states);
            stand(nanos);
        }

        private void stand(long nanos) {
            Duration longest = patient ? LONGEST_STAND_OF_PATIENT : LONGEST_STAND;
            standsUntil = nanos + (long) (random.nextDouble() * longest.toNanos());
            published = false;
        }

        private boolean mayGoOn(long nanos) {
            return nanos - standsUntil >= 0 && (published || !patient);
        }

        /** {@return whether the job goes on; else it has ended, and is listed for ever or deleted} */
        private boolean goOn(long nanos) {
            if (current.number == current.states.size()) {
                current.deleted = random.nextBoolean();
                return false;
            }
            current.number++;
            stand(patient ? nanos : standsUntil);
            return true;
        }
    }

    /** One job. */
    static final class Life {
        private final String id;
        private final boolean patient;
        private final List<JobState> states;
        private final Instant createdAt = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        private int number = 1;
        private boolean deleted;

        private Life(String id, boolean patient, List<JobState> states) {
            this.id = id;
            this.patient = patient;
            this.states = states;
        }

        String id() {
            return id;
        }

        boolean patient() {
            return patient;
        }

        /** {@return what the job is, or was when it was deleted} */
        Version version() {
            return new Version(number, states.get(Math.min(number, states.size()) - 1), createdAt);
        }

        /** {@return whether the service knows it no longer} */
        boolean deleted() {
            return deleted;
        }
    }
}
