import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;

/** Reads the values of a topic into the generated class, whichever release wrote them. One thread. */
final class Values<T extends SpecificRecord> {
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final Map<Integer, SpecificDatumReader<T>> readers = new HashMap<>();
    private final String registryUrl;
    private final Schema readerSchema;

    Values(String registryUrl, Schema readerSchema) {
        this.registryUrl = registryUrl;
        this.readerSchema = readerSchema;
    }

    T read(byte[] value) throws IOException, InterruptedException {
        ByteBuffer header = ByteBuffer.wrap(value, 0, 5);
        if (header.get() != 0) {
            throw new IOException("expected a zero byte and the id of a schema, found " + value[0]);
        }
        SpecificDatumReader<T> reader = reader(header.getInt());
        return reader.read(null, DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, null));
    }

    private SpecificDatumReader<T> reader(int id) throws IOException, InterruptedException {
        SpecificDatumReader<T> known = readers.get(id);
        if (known == null) {
            known = new SpecificDatumReader<>(writerSchema(id), readerSchema);
            readers.put(id, known);
        }
        return known;
    }

    private Schema writerSchema(int id) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(registryUrl + "/schemas/ids/" + id)).build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("the registry answers " + answer.statusCode() + " for schema " + id);
        }
        return new Schema.Parser().parse(json.readTree(answer.body()).get("schema").asText());
    }
}
