package io.jobwatch.query.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.event.SourceStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The OpenAPI document: what people wrote, and the schemas of the records, made from the Avro schemas so that the two cannot differ. */
final class OpenApi {
    private static final String FILE = "openapi.yaml";

    private OpenApi() {
    }

    /** {@return the document as JSON} */
    static byte[] document() {
        JsonMapper mapper = new JsonMapper();
        ObjectNode document = mapper.valueToTree(prose());
        ObjectNode schemas = (ObjectNode) document.at("/components/schemas");
        AvroJsonSchema records = new AvroJsonSchema(schemas);
        Stream.of(JobStatus.getClassSchema(), JobErrorReport.getClassSchema(), SourceStatus.getClassSchema(), JobAlert.getClassSchema(),
                JobTransition.getClassSchema(), JobStateEvent.getClassSchema()).forEach(records::add);
        addAnswer(schemas, "JobStatus");
        addAnswer(schemas, "JobErrorReport");
        try {
            return mapper.writeValueAsBytes(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON can be written", e);
        }
    }

    /** A record that is an answer by itself may say that it is stale. */
    private static void addAnswer(ObjectNode schemas, String name) {
        ObjectNode answer = schemas.get(name).deepCopy();
        ((ObjectNode) answer.get("properties")).putObject("stale").put("$ref", "#/components/schemas/Stale");
        schemas.set(name + "Answer", answer);
    }

    private static Object prose() {
        try (InputStream file = OpenApi.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException("the jar lacks the file " + FILE);
            }
            return new Load(LoadSettings.builder().setLabel(FILE).build()).loadFromInputStream(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + FILE + " from the jar", e);
        }
    }
}
