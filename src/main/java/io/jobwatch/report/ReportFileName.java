package io.jobwatch.report;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Where the report of a job's attempt stands below the reports folder.
 *
 * <p>Two different (source, id, attempt) never share a name, and no name leaves the folder: of an id only {@code A-Za-z0-9.-} stand for
 * themselves, {@code :} becomes {@code _}, and every other byte of its UTF-8 form, {@code _} and a leading dot included, becomes {@code
 * %XX}. That can be undone, hence no two ids meet. What is too long for a file name is cut and ends in {@code ~sha256-} and the hash of the
 * whole; as {@code ~} itself would be encoded, no shorter id can look like that, nor like the mark of an attempt.
 */
public final class ReportFileName {
    /** What file systems allow in one name, in bytes; every character of our names is one byte. */
    private static final int MAX_NAME = 255;
    private static final String PREFIX = "JobStop-";
    private static final String SUFFIX = ".txt";
    private static final String ATTEMPT = "~attempt-";
    private static final String HASH = "~sha256-";
    private static final int MAX_ATTEMPT_LENGTH = ATTEMPT.length() + String.valueOf(Integer.MAX_VALUE).length();
    private static final int MAX_ID = MAX_NAME - PREFIX.length() - MAX_ATTEMPT_LENGTH - SUFFIX.length();

    private ReportFileName() {
    }

    /**
     * {@return the name of the file for an attempt of a job}
     *
     * @param jobId   well-formed text, as everything decoded from UTF-8 is
     * @param attempt from 1; the first is not mentioned in the name
     */
    public static String of(String jobId, int attempt) {
        return PREFIX + encode(jobId, MAX_ID) + (attempt > 1 ? ATTEMPT + attempt : "") + SUFFIX;
    }

    /** {@return the name of the folder for a source: the source's own name where that is one that the configuration allows} */
    public static String folder(String source) {
        return encode(source, MAX_NAME);
    }

    private static String encode(String text, int max) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        StringBuilder result = new StringBuilder(bytes.length + 16);
        // Where to cut, should the whole turn out too long: after the last character that leaves room for the hash.
        int roomBeforeHash = max - HASH.length() - 64;
        int cut = 0;
        for (int i = 0; i < bytes.length; i++) {
            append(result, bytes[i] & 0xff, i == 0);
            if (result.length() <= roomBeforeHash) {
                cut = result.length();
            }
        }
        if (result.length() <= max) {
            return result.toString();
        }
        result.setLength(cut);
        return result.append(HASH).append(sha256(bytes)).toString();
    }

    private static void append(StringBuilder result, int octet, boolean first) {
        if (octet == ':') {
            result.append('_');
        } else if (isPlain(octet) && !(first && octet == '.')) {
            result.append((char) octet);
        } else {
            result.append('%').append(hexDigit(octet >> 4)).append(hexDigit(octet & 0xf));
        }
    }

    private static boolean isPlain(int octet) {
        return octet >= 'A' && octet <= 'Z' || octet >= 'a' && octet <= 'z' || octet >= '0' && octet <= '9' || octet == '.' || octet == '-';
    }

    private static char hexDigit(int digit) {
        return (char) (digit < 10 ? '0' + digit : 'A' + digit - 10);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
