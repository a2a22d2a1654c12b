package io.jobwatch.embedded.simulator;

import io.jobwatch.embedded.simulator.Script.Outcome;
import io.jobwatch.embedded.simulator.ScriptedJob.ScriptedError;
import io.jobwatch.embedded.simulator.ScriptedJob.ScriptedTask;
import io.jobwatch.embedded.simulator.ScriptedJob.Step;
import io.jobwatch.event.JobState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Writes the script of one job from a source of randomness that belongs to this job alone. */
final class JobWriter {

    private static final List<String> VERBS = List.of("Encoding", "Encoding", "Encoding", "Packaging", "Thumbnails of", "Indexing");
    private static final List<String> FILMS = List.of("BigBuckBunny", "Sintel", "TearsOfSteel", "ElephantsDream", "CosmosLaundromat",
            "Spring", "AgentThree27", "CaminandesLlamigos", "GlassHalf", "\"Grüße aus Köln\"", "Ødegård's Fjord");
    private static final List<String> TASKS = List.of("Adaptive Bitrate", "Thumbnails", "Audio Only", "Package");

    private final Random random;
    private final List<Step> steps = new ArrayList<>();
    private long time;

    private JobWriter(long created, Random random) {
        this.random = random;
        this.time = created;
        steps.add(new Step(created, JobState.QUEUED));
    }

    /** {@return the script's opening: there at once, moving within two seconds, failed within seven} */
    static ScriptedJob firstJob(Random random) {
        JobWriter writer = new JobWriter(0, random);
        writer.then(JobState.SCHEDULED, 1000, 1100);
        writer.then(JobState.PROCESSING, 700, 900);
        writer.then(JobState.ERROR, 4000, 5000);
        return writer.finished("Encoding BigBuckBunny");
    }

    static ScriptedJob job(Outcome outcome, long created, Random random) {
        JobWriter writer = new JobWriter(created, random);
        switch (outcome) {
            case FINISHED -> writer.reachProcessing().then(JobState.FINISHED, 5000, 25_000);
            case FINISHED_QUICKLY -> writer.then(JobState.SCHEDULED, 200, 500).then(JobState.PROCESSING, 100, 300)
                    .then(JobState.FINISHED, 300, 900);
            case FAILED -> {
                if (random.nextInt(4) == 0) {
                    writer.then(JobState.SCHEDULED, 800, 6000).then(JobState.ERROR, 800, 4000);
                } else {
                    writer.reachProcessing().then(JobState.ERROR, 2000, 20_000);
                }
            }
            case FAILED_QUICKLY -> writer.then(JobState.SCHEDULED, 150, 400).then(JobState.ERROR, 150, 500);
            case CANCELED -> writer.reachProcessing().then(JobState.CANCELING, 3000, 12_000).then(JobState.CANCELED, 1500, 5000);
            case CANCELED_WHILE_QUEUED -> writer.then(JobState.CANCELED, 1000, 6000);
        }
        return writer.finished(pick(VERBS, random) + " " + pick(FILMS, random));
    }

    private JobWriter reachProcessing() {
        return then(JobState.SCHEDULED, 800, 6000).then(JobState.PROCESSING, 600, 4000);
    }

    private JobWriter then(JobState next, int afterAtLeast, int afterBelow) {
        time += afterAtLeast + random.nextInt(afterBelow - afterAtLeast);
        steps.add(new Step(time, next));
        return this;
    }

    private ScriptedJob finished(String name) {
        String id = "nb:jid:UUID:" + uuid();
        return new ScriptedJob(id, name, random.nextInt(3), List.copyOf(steps), tasks());
    }

    /** The tasks share the job's time at work one after the other; an error or a cancellation strikes the task at work. */
    private List<ScriptedTask> tasks() {
        JobState end = steps.get(steps.size() - 1).state();
        long from = steps.stream().filter(step -> step.state() == JobState.PROCESSING).mapToLong(Step::at).findFirst().orElse(time);
        int count = 1 + random.nextInt(TASKS.size());
        int struck = end == JobState.FINISHED ? count : random.nextInt(count);
        int parts = Math.min(struck + 1, count);
        List<ScriptedTask> tasks = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long start = i < parts ? from + (time - from) * i / parts : time;
            long stop = i < parts ? from + (time - from) * (i + 1) / parts : time;
            // Without any time at work no task before the struck one can have finished.
            JobState taskEnd = i < struck ? (from < time ? JobState.FINISHED : JobState.CANCELED) : i == struck ? end : JobState.CANCELED;
            List<ScriptedError> errors = taskEnd == JobState.ERROR ? errors(from < time) : List.of();
            tasks.add(new ScriptedTask("nb:tid:UUID:" + uuid(), TASKS.get(i), start, stop, taskEnd, errors));
        }
        return List.copyOf(tasks);
    }

    private List<ScriptedError> errors(boolean ran) {
        List<ScriptedError> errors = new ArrayList<>();
        errors.add(ran ? ErrorCatalogue.running(random) : ErrorCatalogue.fetching(random));
        if (random.nextInt(4) == 0) {
            errors.add(ErrorCatalogue.running(random));
        }
        return errors;
    }

    private UUID uuid() {
        long version4 = (random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L;
        long variant2 = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(version4, variant2);
    }

    private static String pick(List<String> words, Random random) {
        return words.get(random.nextInt(words.size()));
    }
}
