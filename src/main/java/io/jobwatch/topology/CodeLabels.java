package io.jobwatch.topology;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Turns the error codes of a source into values of a label, of which there are few whatever its service says: the first
 * {@value #MAX_OF_SOURCE} codes that are met get a value of their own, as long as the process has no more than {@value #MAX} of them, and
 * the rest share {@value #OTHER}. Thread-safe.
 */
final class CodeLabels {
    /** Stands for no code at all. */
    static final String NONE = "_none";
    /** Stands for all codes that have no value of their own. */
    static final String OTHER = "_other";
    static final int MAX_OF_SOURCE = 20;
    static final int MAX = 500;
    static final int MAX_CHARS = 64;

    /** What may need quotes or escapes somewhere on the way to a screen, or could look like another code. */
    private static final Pattern UNWANTED = Pattern.compile("[^A-Za-z0-9.:/-]");

    private final AtomicInteger left;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    /** @param left how many values the process may still make, shared by its sources */
    CodeLabels(AtomicInteger left) {
        this.left = left;
    }

    /** {@return the budget that the sources of a process share} */
    static AtomicInteger budget() {
        return new AtomicInteger(MAX);
    }

    /**
     * {@return the value for a code}
     *
     * @param code as the service gave it; null or empty for none
     */
    String of(String code) {
        if (code == null || code.isBlank()) {
            return NONE;
        }
        String cut = code.length() > MAX_CHARS ? code.substring(0, MAX_CHARS) : code;
        String plain = UNWANTED.matcher(cut).replaceAll("_");
        String label = plain.startsWith("_") ? "-" + plain.substring(1) : plain;   // no service names NONE or OTHER
        return known.contains(label) || admitted(label) ? label : OTHER;
    }

    private synchronized boolean admitted(String label) {
        if (known.contains(label)) {
            return true;   // another thread was faster
        }
        if (known.size() >= MAX_OF_SOURCE || left.getAndUpdate(some -> Math.max(0, some - 1)) == 0) {
            return false;
        }
        return known.add(label);
    }
}
