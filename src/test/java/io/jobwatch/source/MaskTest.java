package io.jobwatch.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskTest {
    private static final String LONG = "eyJhbGciOi.J9+s3cret/of=the \"house\"&<ü>.signature-0123456789";

    private final Mask mask = new Mask();

    @ParameterizedTest
    @ValueSource(strings = {LONG, "pa ss/+ö"})
    void shouldHideASecretInEveryForm(String secret) {
        mask.add("token", secret);
        String url = URLEncoder.encode(secret, StandardCharsets.UTF_8);

        assertThat(mask.apply("before " + secret + " after")).isEqualTo("before ****** after");
        assertThat(mask.apply("x=" + url + "&y")).isEqualTo("x=******&y");
        assertThat(mask.apply("x=" + url.replace("+", "%20") + "&y")).isEqualTo("x=******&y");
        assertThat(mask.apply("x=" + url.replaceAll("%C3", "%c3").replaceAll("%2F", "%2f").replaceAll("%2B", "%2b").replaceAll("%B6", "%b6")
                .replaceAll("%3D", "%3d").replaceAll("%BC", "%bc").replaceAll("%3C", "%3c").replaceAll("%3E", "%3e") + "&y"))
                .isEqualTo("x=******&y");
        assertThat(mask.apply("\"" + secret.replace("\"", "\\\"") + "\"")).isEqualTo("\"******\"");
        assertThat(mask.apply("\"" + secret.replace("\"", "\\\"").replace("/", "\\/") + "\"")).isEqualTo("\"******\"");
    }

    @Test
    void shouldHideBase64OfASecretAndOfTextsThatItIsAPartOf() {
        mask.add("token", LONG);
        for (String before : new String[] {"", "a", "ab", "abc", "Bearer "}) {
            for (String after : new String[] {"", "x", "xy", "\r\nHost: h"}) {
                byte[] text = (before + LONG + after).getBytes(StandardCharsets.UTF_8);
                for (Base64.Encoder encoder : new Base64.Encoder[] {Base64.getEncoder(), Base64.getUrlEncoder()}) {
                    String masked = mask.apply(encoder.encodeToString(text));
                    assertThat(masked).contains("******").hasSizeLessThan(Base64.getEncoder().encodeToString(
                            (before + after).getBytes(StandardCharsets.UTF_8)).length() + 14);
                }
            }
        }
    }

    @Test
    void shouldHideWhatIsLeftOfASecretThatWasCutOff() {
        mask.add("token", LONG);

        assertThat(mask.apply("said: " + LONG.substring(0, 30))).isEqualTo("said: ******");
        assertThat(mask.apply(LONG.substring(20) + "…")).isEqualTo("******…");
        assertThat(mask.apply(LONG.substring(3, 9))).isEqualTo(LONG.substring(3, 9));
    }

    @Test
    void shouldHideAShortSecretAsAWholeOnly() {
        mask.add("password", "pass");

        assertThat(mask.apply("pas pass passes")).isEqualTo("pas ****** ******es");
    }

    @Test
    void shouldLeaveOtherTextsAlone() {
        mask.add("token", LONG);
        mask.add("password", "");

        assertThat(mask.apply("no connection: check the source's url")).isEqualTo("no connection: check the source's url");
        assertThat(mask.apply("")).isEmpty();
        assertThat(new Mask().apply(LONG)).isEqualTo(LONG);
    }

    @Test
    void shouldHideSecretsThatHaveBeenReplaced() {
        mask.add("client secret", "the-secret-of-the-client");
        for (int i = 10; i < 60; i++) {
            mask.add("token", "token-number-" + i);
        }

        assertThat(mask.apply("the-secret-of-the-client token-number-59 token-number-52")).isEqualTo("****** ****** ******");
    }

    @Test
    void shouldKeepLongSecretsOutOfTheDataOfJobs() {
        byte[] clean = "{\"Name\":\"finished\"}".getBytes(StandardCharsets.UTF_8);
        mask.add("token", LONG);
        mask.add("password", "finished");

        assertThat(mask.apply(clean)).isSameAs(clean);
        assertThat(new String(mask.apply(("{\"Name\":\"ö " + LONG + "\",\"b\":\"" + Base64.getEncoder().encodeToString(
                LONG.getBytes(StandardCharsets.UTF_8)) + "\"}").getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8))
                .startsWith("{\"Name\":\"ö ******\",\"b\":\"******");
    }

    @Test
    void shouldKeepAFailureUnlessItTellsASecret() {
        mask.add("token", LONG);
        IOException harmless = new IOException("cut", new IOException("off"));
        IOException telling = new IOException("cut", new IOException("Invalid status line: " + LONG));

        assertThat(mask.apply(harmless)).isSameAs(harmless);
        assertThat(mask.apply(telling)).hasMessage("java.io.IOException: cut").hasNoCause();
        assertThat(mask.apply(telling).getStackTrace()).isEqualTo(telling.getStackTrace());
    }
}
