package io.jobwatch.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A token that opens the queries, as the configuration has it: by its hash, so that who reads the configuration cannot ask.
 *
 * <p>The hash is a plain SHA-256. What makes hashes of passwords slow and salted is that passwords can be guessed; a token that was drawn
 * from 2^256 cannot, and each request has to be checked at once.
 *
 * @param name   says in the configuration, in metrics and in the debug log whose token it is; never a secret
 * @param sha256 the hash of the token's characters, as 64 hexadecimal digits in lower case
 */
public record AccessToken(String name, String sha256) {
    /** What RFC 6750 lets a token be, and long enough not to be guessed. */
    public static final String EXPECTED_TOKEN = "a token of 32 to 512 of the characters A-Z a-z 0-9 - . _ ~ + /, with = only at its end";
    /** What a name may be: it stands in a metric and in YAML. */
    public static final String NAME = "[A-Za-z0-9._-]{1,100}";
    private static final Pattern TOKEN = Pattern.compile("(?=.{32,512}$)[A-Za-z0-9._~+/-]+=*");
    private static final int RANDOM_BYTES = 32;

    public AccessToken {
        sha256 = sha256.toLowerCase(Locale.ROOT);
    }

    /** {@return the entry of the configuration for a token} */
    public static AccessToken of(String name, String token) {
        return new AccessToken(name, HexFormat.of().formatHex(digest(token)));
    }

    /** {@return a new token: {@code jw_} and 256 random bits} */
    public static String make(SecureRandom random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return "jw_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** {@return whether a text can be a token: no other is worth a look} */
    public static boolean isToken(String text) {
        return TOKEN.matcher(text).matches();
    }

    /** {@return the SHA-256 of a token} */
    public static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** {@return whether this is the entry of the token with this digest} Takes the same time whatever the digest. */
    public boolean matches(byte[] digest) {
        return MessageDigest.isEqual(HexFormat.of().parseHex(sha256), digest);
    }
}
