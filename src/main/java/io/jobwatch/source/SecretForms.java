package io.jobwatch.source;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** The forms in which a service may repeat a secret. */
final class SecretForms {

    /** Shorter pieces of Base64 could be a part of any word. */
    private static final int MIN_BASE64 = 8;

    private SecretForms() {
    }

    /**
     * {@return the secret itself, as it stands in a URL or form, in JSON, in HTML, and in Base64, also of a text that it is a part of} None
     * is empty, unless the secret is.
     */
    static Set<String> of(String secret) {
        Set<String> forms = new LinkedHashSet<>();
        forms.add(secret);
        String form = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        for (String encoded : new String[] {form, form.replace("+", "%20")}) {
            forms.add(encoded);
            forms.add(lowerCaseHex(encoded));
        }
        String json = new String(JsonStringEncoder.getInstance().quoteAsString(secret));
        forms.add(json);
        forms.add(json.replace("/", "\\/"));
        forms.add(secret.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;"));
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        for (int before = 0; before < 3; before++) {
            String base64 = base64(bytes, before);
            if (base64.length() >= MIN_BASE64) {
                forms.add(base64);
                forms.add(base64.replace('+', '-').replace('/', '_'));
            }
        }
        return forms;
    }

    private static String lowerCaseHex(String encoded) {
        StringBuilder result = new StringBuilder(encoded);
        for (int i = encoded.indexOf('%'); i >= 0; i = encoded.indexOf('%', i + 3)) {
            result.replace(i, i + 3, encoded.substring(i, i + 3).toLowerCase(Locale.ROOT));
        }
        return result.toString();
    }

    /** The characters of Base64 that depend on nothing but the secret, if so many bytes (modulo 3) precede it. */
    private static String base64(byte[] secret, int before) {
        byte[] shifted = new byte[before + secret.length];
        System.arraycopy(secret, 0, shifted, before, secret.length);
        String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
        int from = before == 0 ? 0 : before + 1;
        int to = shifted.length % 3 == 0 ? encoded.length() : encoded.length() - 1;
        return from < to ? encoded.substring(from, to) : "";
    }
}
