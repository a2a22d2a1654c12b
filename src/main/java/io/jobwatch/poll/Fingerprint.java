package io.jobwatch.poll;

import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.Task;
import io.jobwatch.source.ObservedJob;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A hash of what makes a job differ from what was last published: state, attempt, native state and reason, name, a task's state or errors,
 * progress by a step of ten. Times and attributes are not among them.
 *
 * <p>It is taken of the job as it was listed, before its details are read: so an ended job whose tasks took a call of their own is
 * recognised without that call.
 */
final class Fingerprint {
    private static final int PROGRESS_STEP = 10;
    private static final int BYTES = 16;

    private final MessageDigest digest = sha256();

    private Fingerprint() {
    }

    /** {@return the fingerprint of a job as listed, under the attempt that it is published with} */
    static String of(ObservedJob job, int attempt) {
        Fingerprint print = new Fingerprint();
        print.add(job.state().name());
        print.add(Integer.toString(attempt));
        print.add(job.nativeState());
        print.add(job.nativeReason().orElse(null));
        print.add(job.name().orElse(null));
        print.add(Boolean.toString(job.detailsAvailable()));
        print.add(job.progress().map(percent -> Integer.toString(percent / PROGRESS_STEP)).orElse(null));
        for (Task task : job.tasks()) {
            print.add(task.getTaskId());
            print.add(task.getState().name());
            print.add(Integer.toString(task.getErrors().size()));
            for (ErrorDetail error : task.getErrors()) {
                print.add(error.getCode());
                print.add(error.getMessage());
            }
        }
        return HexFormat.of().formatHex(print.digest.digest(), 0, BYTES);
    }

    /** {@return the hash of raw bytes, to recognise a bad item} */
    static String of(byte[] raw) {
        return HexFormat.of().formatHex(sha256().digest(raw), 0, BYTES);
    }

    /** Lengths go in too, and the number of errors, so that no two lists of texts run together. */
    private void add(String text) {
        byte[] bytes = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        int length = text == null ? -1 : bytes.length;
        for (int shift = 24; shift >= 0; shift -= 8) {
            digest.update((byte) (length >>> shift));
        }
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
