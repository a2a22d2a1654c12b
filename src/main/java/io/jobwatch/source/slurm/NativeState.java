package io.jobwatch.source.slurm;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.event.JobState;
import io.jobwatch.source.Bounds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A job's state in Slurm's words. Slurm keeps one base state and any number of flags. Up to v0.0.39 a flag is sent in the place of the base
 * state, which stays unknown; from v0.0.40 all are sent, the base state first.
 *
 * @param words as they were sent, never empty
 */
record NativeState(List<String> words) {

    /** Flags before base states, in the order in which Slurm itself lets one hide the other ({@code job_state_string} of 22.05). */
    private enum Word {
        COMPLETING(JobState.PROCESSING),
        STAGE_OUT(JobState.PROCESSING),
        CONFIGURING(JobState.SCHEDULED),
        RESIZING(JobState.PROCESSING),
        REQUEUED(JobState.QUEUED),
        REQUEUE_FED(JobState.QUEUED),
        REQUEUE_HOLD(JobState.QUEUED),
        SPECIAL_EXIT(JobState.QUEUED),
        STOPPED(JobState.PROCESSING),
        REVOKED(JobState.CANCELED),
        RESV_DEL_HOLD(JobState.QUEUED),
        SIGNALING(JobState.PROCESSING),

        PENDING(JobState.QUEUED),
        RUNNING(JobState.PROCESSING),
        SUSPENDED(JobState.PROCESSING),
        COMPLETED(JobState.FINISHED),
        CANCELLED(JobState.CANCELED),
        FAILED(JobState.ERROR),
        TIMEOUT(JobState.ERROR),
        NODE_FAIL(JobState.ERROR),
        PREEMPTED(JobState.ERROR),
        BOOT_FAIL(JobState.ERROR),
        DEADLINE(JobState.ERROR),
        OUT_OF_MEMORY(JobState.ERROR);

        private final JobState canonical;

        Word(JobState canonical) {
            this.canonical = canonical;
        }
    }

    NativeState {
        words = List.copyOf(words);
    }

    static NativeState read(JsonNode jobState) throws MalformedRecordException {
        List<String> words = new ArrayList<>();
        if (jobState.isArray()) {
            for (JsonNode word : jobState) {
                words.add(word(word));
            }
        } else {
            words.add(word(jobState));
        }
        if (words.isEmpty()) {
            throw new MalformedRecordException("job_state must name a state, but is an empty list");
        }
        return new NativeState(words);
    }

    private static String word(JsonNode word) throws MalformedRecordException {
        if (!word.isTextual() || word.textValue().isEmpty()) {
            throw Fields.unexpected("job_state", "a text or a list of texts", word);
        }
        return word.textValue();
    }

    /** {@return the canonical state; UNKNOWN if no word has one. A flag that is not known changes nothing beside a known base state} */
    JobState canonical() {
        return decisive().map(word -> word.canonical).orElse(JobState.UNKNOWN);
    }

    /** {@return the word that decided the canonical state, or all that was sent if none did} */
    String decisiveWord() {
        return decisive().map(Word::name).orElse(text());
    }

    /** {@return all words, as Slurm's own commands join them} */
    String text() {
        return Bounds.text(String.join(",", words), Bounds.WORD_CHARS);
    }

    /**
     * {@return whether the job's processes have ended and its nodes are being cleaned up} How the run ended is not told until that is
     * over.
     */
    boolean isCompleting() {
        return words.contains(Word.COMPLETING.name());
    }

    /** {@return whether the base state is PENDING; empty if a flag hides the base state} */
    Optional<Boolean> isPending() {
        boolean told = words.stream().anyMatch(NativeState::isBase);
        return told ? Optional.of(words.contains(Word.PENDING.name())) : Optional.empty();
    }

    private Optional<Word> decisive() {
        for (Word word : Word.values()) {
            if (words.contains(word.name())) {
                return Optional.of(word);
            }
        }
        return Optional.empty();
    }

    private static boolean isBase(String text) {
        for (Word word : Word.values()) {
            if (word.name().equals(text)) {
                return word.compareTo(Word.PENDING) >= 0;
            }
        }
        return false;
    }
}
