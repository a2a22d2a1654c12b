package io.jobwatch.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file with a secret, which others may replace while jobwatch runs, as Kubernetes does with projected tokens. White space at its end does
 * not belong to the secret. Immutable; each reading goes to the file.
 */
public final class SecretFile {
    private static final int MAX_BYTES = 64 * 1024;

    private final Path path;
    private final Kind<String> kind;

    SecretFile(Path path, Kind<String> kind) {
        this.path = path;
        this.kind = kind;
    }

    /** The file holds no secret now. The message says why and shows nothing of what it does hold. */
    public static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableException(String message) {
            super(message);
        }
    }

    /** {@return the secret that the file holds now} */
    public Secret read() throws UnreadableException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new UnreadableException("cannot read " + path + ": " + e.getClass().getSimpleName());
        }
        if (bytes.length > MAX_BYTES) {
            throw new UnreadableException("expected a file of at most " + MAX_BYTES + " bytes, found " + path + " to be larger");
        }
        return text(bytes).flatMap(kind.parser()).map(value -> new Secret(value, Optional.of(this)))
                .orElseThrow(() -> new UnreadableException("expected " + kind.expected() + " in " + path));
    }

    private static Optional<String> text(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString().stripTrailing());
        } catch (CharacterCodingException e) {
            return Optional.empty(); // no text at all: not what was expected
        }
    }

    /** {@return the path of the file} */
    @Override
    public String toString() {
        return path.toString();
    }
}
