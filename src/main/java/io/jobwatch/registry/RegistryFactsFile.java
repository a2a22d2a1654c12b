package io.jobwatch.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jobwatch.registry.RegistryFacts.Registration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;

/**
 * The facts of one registry in a file: JSON with a format number, the registry's address and a digest, replaced as a whole. A schema with
 * one wrong character could still be a schema and let records be misread: hence the digest.
 */
final class RegistryFactsFile {
    private static final int FORMAT = 1;
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Path path;
    private final String registry;

    RegistryFactsFile(Path path, String registry) {
        this.path = path;
        this.registry = registry;
    }

    Path path() {
        return path;
    }

    /**
     * {@return the facts, or empty where there is no file or it is another registry's}
     *
     * @throws IOException if there is a file that cannot be used; the message says why
     */
    Optional<RegistryFacts> read() throws IOException {
        JsonNode json;
        try {
            json = MAPPER.readTree(Files.readAllBytes(path));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            throw new IOException("it is no JSON: " + e.getOriginalMessage(), e);
        }
        if (json.path("format").asInt() != FORMAT) {
            throw new IOException("expected format " + FORMAT + ", found " + json.path("format"));
        }
        JsonNode facts = json.path("facts");
        if (!json.path("sha256").asText().equals(digest(facts))) {
            throw new IOException("its digest does not fit");
        }
        if (!json.path("registry").asText().equals(registry)) {
            return Optional.empty();
        }
        return Optional.of(facts(facts));
    }

    private static RegistryFacts facts(JsonNode json) throws IOException {
        RegistryFacts facts = RegistryFacts.none();
        try {
            for (Map.Entry<String, JsonNode> schema : json.path("schemas").properties()) {
                PublishedSchema.parse(schema.getValue().asText());
                facts.schemas().put(Integer.valueOf(schema.getKey()), schema.getValue().asText());
            }
            for (JsonNode id : json.path("ids")) {
                facts.ids().put(new Registration(id.path("subject").asText(), id.path("schema").asText()), id.path("id").asInt());
            }
            for (Map.Entry<String, JsonNode> subject : json.path("versions").properties()) {
                List<Integer> ids = new ArrayList<>();
                subject.getValue().forEach(id -> ids.add(id.asInt()));
                facts.versions().put(subject.getKey(), List.copyOf(ids));
            }
            return facts;
        } catch (AvroRuntimeException | NumberFormatException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Replaces the file; a crash leaves the old one or the new one. */
    void write(RegistryFacts facts) throws IOException {
        ObjectNode content = JSON.objectNode();
        ObjectNode schemas = content.putObject("schemas");
        facts.schemas().forEach((id, text) -> schemas.put(id.toString(), text));
        facts.ids().forEach((registration, id) -> content.withArray("ids").addObject()
                .put("subject", registration.subject()).put("schema", registration.schema()).put("id", id));
        ObjectNode versions = content.putObject("versions");
        facts.versions().forEach((subject, ids) -> ids.forEach(versions.putArray(subject)::add));
        ObjectNode json = JSON.objectNode().put("format", FORMAT).put("registry", registry).put("sha256", digest(content));
        json.set("facts", content);
        Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(MAPPER.writeValueAsBytes(json));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String digest(JsonNode facts) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(facts.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
