package io.jobwatch.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps a job within what a record may hold ({@link Bounds#JOB_BYTES}), whatever the service says of it: texts that are too long are cut,
 * tasks and attributes beyond a number left out. A job that is within is left as it is.
 */
public final class JobBounds {

    /** The attribute that says what was left out, for people; texts carry a mark of their own. */
    public static final String CUT_ATTRIBUTE = "jobwatch.cut";

    private JobBounds() {
    }

    /** {@return the job with what is too much cut} */
    public static ObservedJob of(ObservedJob job) {
        List<String> cuts = new ArrayList<>();
        TaskBounds tasks = TaskBounds.of(job.tasks());
        tasks.cut().ifPresent(cuts::add);
        Map<String, String> attributes = attributes(job.attributes(), cuts);
        return new ObservedJob(job.jobId(), job.name().map(text -> Bounds.text(text, Bounds.NAME_CHARS)), job.attempt(), job.state(),
                word(job.nativeState()), job.nativeReason().map(JobBounds::word), job.progress(), job.createdAt(), job.startedAt(),
                job.endedAt(), job.detailsAvailable(), tasks.tasks(), attributes);
    }

    /** Which are kept goes by their names, so that the same ones are kept at every look. */
    private static Map<String, String> attributes(Map<String, String> told, List<String> cuts) {
        Map<String, String> all = new TreeMap<>(told);
        String cutBefore = all.remove(CUT_ATTRIBUTE);
        Map<String, String> kept = new HashMap<>();
        all.forEach((name, value) -> {
            if (kept.size() < Bounds.ATTRIBUTES) {
                kept.putIfAbsent(word(name), word(value));
            }
        });
        if (kept.size() < all.size()) {
            cuts.add((all.size() - kept.size()) + " of " + all.size() + " attributes were left out");
        }
        if (cutBefore != null) {
            cuts.add(cutBefore);
        }
        if (!cuts.isEmpty()) {
            kept.put(CUT_ATTRIBUTE, word(String.join("; ", cuts)));
        }
        return kept;
    }

    private static String word(String text) {
        return Bounds.text(text, Bounds.WORD_CHARS);
    }
}
