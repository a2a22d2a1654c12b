package io.jobwatch.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps the secrets of a source out of every text: a service, or whoever stands in for it, may repeat what it was sent, in any of the forms
 * of {@link SecretForms}, whole or cut off. Secrets that have been replaced are known for a while longer, as a late answer may still hold
 * them. Thread-safe.
 */
final class Mask {
    private static final String HIDDEN = "******";

    /** So many characters in a row of a secret are hidden, too: what is left of a token that somebody cut off is still most of it. */
    private static final int PART = 12;

    /** Of tokens that live an hour this is a working day. */
    private static final int KEPT = 8;

    /**
     * A secret this long, found in the data of a job, is no coincidence. A short password may well be an ordinary word, such as a state's
     * name, and must not spoil the data.
     */
    private static final int IN_DATA = 16;

    private final Map<String, Deque<String>> secrets = new LinkedHashMap<>();

    /**
     * From now on hides a secret.
     *
     * @param kind what it replaces: the latest {@value #KEPT} secrets of a kind are known
     */
    synchronized void add(String kind, String secret) {
        Deque<String> known = secrets.computeIfAbsent(kind, any -> new ArrayDeque<>());
        if (secret.isBlank() || secret.equals(known.peekLast())) {
            return;
        }
        known.remove(secret);
        known.addLast(secret);
        if (known.size() > KEPT) {
            known.removeFirst();
        }
    }

    /** {@return the text with asterisks in the place of every secret and of every longer part of one} */
    String apply(String text) {
        BitSet hidden = new BitSet(text.length());
        Set<String> parts = new HashSet<>();
        for (int i = 0; i + PART <= text.length(); i++) {
            parts.add(text.substring(i, i + PART));
        }
        Set<String> found = new HashSet<>();
        for (String secret : all()) {
            for (String form : SecretForms.of(secret)) {
                if (form.length() <= PART) {
                    hide(text, form, hidden);
                }
                for (int i = 0; i + PART <= form.length(); i++) {
                    String part = form.substring(i, i + PART);
                    if (parts.contains(part)) {
                        found.add(part);
                    }
                }
            }
        }
        for (int i = 0; !found.isEmpty() && i + PART <= text.length(); i++) {
            if (found.contains(text.substring(i, i + PART))) {
                hidden.set(i, i + PART);
            }
        }
        return hidden.isEmpty() ? text : replaced(text, hidden);
    }

    /**
     * {@return a body with asterisks in the place of every secret that is long enough not to be there by chance; the array itself where
     * there is none} What comes from here goes into topics and is shown to everyone who asks.
     */
    byte[] apply(byte[] body) {
        byte[] masked = body;
        for (String secret : all()) {
            for (String form : secret.length() < IN_DATA || body.length < IN_DATA ? Set.<String>of() : SecretForms.of(secret)) {
                // Byte for byte, whatever the body's encoding: ISO 8859-1 has a character for each.
                String pattern = new String(form.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
                if (form.length() >= IN_DATA && ByteSearch.contains(masked, pattern.getBytes(StandardCharsets.ISO_8859_1))) {
                    masked = new String(masked, StandardCharsets.ISO_8859_1).replace(pattern, HIDDEN).getBytes(StandardCharsets.ISO_8859_1);
                }
            }
        }
        return masked;
    }

    /** {@return the failure itself, or a likeness of it where a message of it or of its causes holds a secret} */
    Throwable apply(Throwable failure) {
        boolean clean = true;
        int depth = 0;
        for (Throwable each = failure; each != null && depth < 20; each = each.getCause(), depth++) {
            String text = each.toString();
            clean &= apply(text).equals(text);
        }
        if (clean) {
            return failure;
        }
        IOException likeness = new IOException(apply(failure.toString()));
        likeness.setStackTrace(failure.getStackTrace());
        return likeness;
    }

    private synchronized List<String> all() {
        List<String> all = new ArrayList<>();
        secrets.values().forEach(all::addAll);
        return all;
    }

    private static void hide(String text, String form, BitSet hidden) {
        for (int at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
            hidden.set(at, at + form.length());
        }
    }

    private static String replaced(String text, BitSet hidden) {
        StringBuilder result = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            boolean hide = hidden.get(at);
            int next = hide ? hidden.nextClearBit(at) : hidden.nextSetBit(at);
            int end = next < 0 ? text.length() : Math.min(next, text.length());
            result.append(hide ? HIDDEN : text.substring(at, end));
            at = end;
        }
        return result.toString();
    }
}
