package io.jobwatch.cli.client;

import io.jobwatch.cli.client.ClientException.Kind;
import io.jobwatch.config.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads bearer tokens. No message shows what was read. */
public final class Token {
    private static final int MOST_BYTES = 8 * 1024;

    private Token() {
    }

    /**
     * {@return the token that a file holds, without the white space around it}
     *
     * @throws ClientException if the file holds none
     */
    public static Secret fromFile(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES);
            return of(new String(bytes, StandardCharsets.UTF_8), "the file " + file);
        } catch (IOException e) {
            throw new ClientException(Kind.USAGE, "--token-file: cannot read " + file + ": " + e.getClass().getSimpleName());
        }
    }

    /**
     * {@return the token that a text holds}
     *
     * @param place where the text is, for people
     * @throws ClientException if it is none
     */
    public static Secret of(String text, String place) {
        String token = text.strip();
        if (!token.matches("[\\x21-\\x7e]{1,4096}")) {   // what can stand in a header
            throw new ClientException(Kind.USAGE, place + " must hold a token of visible ASCII characters, and nothing else");
        }
        return new Secret(token);
    }
}
