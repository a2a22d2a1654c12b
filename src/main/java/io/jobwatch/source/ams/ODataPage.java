package io.jobwatch.source.ams;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.jobwatch.source.HttpAnswer;
import io.jobwatch.source.Json;
import io.jobwatch.source.SourceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One page of entities, in any of OData's JSON shapes: {@code {"value":[…]}}, {@code {"d":{"results":[…]}}} and {@code {"d":[…]}}.
 *
 * @param next         the link to the next page as the service wrote it; without one a full page may be followed by another too
 * @param supplemental what MK.IO tells beside the entities; missing where there is none
 */
record ODataPage(List<Entity> entities, Optional<String> next, JsonNode supplemental) {

    /** An entity, and where in the page its bytes are; {@code end} is 0 where that is not known. */
    record Entity(JsonNode node, byte[] page, int start, int end) {

        /** {@return the entity as it was sent, or, where its place is not known, written anew} */
        byte[] raw() {
            return end > 0 ? Arrays.copyOfRange(page, start, end) : node.toString().getBytes(StandardCharsets.UTF_8);
        }
    }

    private static final Set<String> LINKS = Set.of("odata.nextLink", "__next", "@odata.nextLink");

    private static final ObjectReader ENTITY = Json.MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** @throws SourceException if the body is not one whole JSON document with a list of entities where OData has it */
    static ODataPage read(HttpAnswer answer) throws SourceException {
        answer.requireJson();
        try (JsonParser parser = Json.MAPPER.createParser(answer.body())) {
            Walk walk = new Walk(parser, answer.body());
            walk.root();
            if (!walk.found) {
                throw answer.unusable("no list of entities in it (expected \"value\", or \"d\" with \"results\")");
            }
            return new ODataPage(List.copyOf(walk.entities), Optional.ofNullable(walk.next), walk.supplemental);
        } catch (JsonProcessingException e) {
            throw answer.unusable(Json.problem(e));
        } catch (IOException e) {
            throw answer.unusable("not readable: " + e.getMessage());
        }
    }

    /** {@return how many entities lie before those of the next page, where the page counts them (MK.IO) and there are more} */
    OptionalInt goesOnAt() {
        JsonNode end = supplemental.path("pagination").path("end");
        JsonNode total = supplemental.path("pagination").path("total");
        // An empty page is the last one, whatever the total says: it may be the number of entities without the filter.
        boolean more = !entities.isEmpty() && end.isInt() && total.isInt() && end.intValue() < total.intValue();
        return more ? OptionalInt.of(end.intValue()) : OptionalInt.empty();
    }

    /** Walks through a document once; a tree of the whole would not tell which bytes an entity came from. */
    private static final class Walk {
        private final JsonParser parser;
        private final byte[] body;
        private final List<Entity> entities = new ArrayList<>();
        private boolean found;
        private String next;
        private JsonNode supplemental = MissingNode.getInstance();

        Walk(JsonParser parser, byte[] body) {
            this.parser = parser;
            this.body = body;
        }

        void root() throws IOException {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                object(0);
            } else {
                parser.skipChildren();
            }
            // Reading to the end proves that nothing was cut off.
            while (parser.nextToken() != null) {
                parser.skipChildren();
            }
        }

        private void object(int depth) throws IOException {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                boolean list = depth == 0 ? name.equals("value") || name.equals("d") : name.equals("results");
                if (list && value == JsonToken.START_ARRAY) {
                    array();
                } else if (depth == 0 && name.equals("d") && value == JsonToken.START_OBJECT) {
                    object(1);
                } else if (depth == 0 && name.equals("supplemental") && value == JsonToken.START_OBJECT) {
                    supplemental = ENTITY.readTree(parser);
                } else {
                    if (value == JsonToken.VALUE_STRING && LINKS.contains(name)) {
                        next = parser.getText();
                    }
                    parser.skipChildren();
                }
            }
        }

        private void array() throws IOException {
            found = true;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                long start = parser.currentTokenLocation().getByteOffset();
                JsonNode node = ENTITY.readTree(parser);
                entities.add(entity(node, start, parser.currentLocation().getByteOffset()));
            }
        }

        /** The parser's offsets are exact for objects in UTF-8, which is what every entity of a sane service is. */
        private Entity entity(JsonNode node, long start, long end) {
            boolean exact = node.isObject() && start >= 0 && end > start && end <= body.length && body[(int) start] == '{'
                    && body[(int) end - 1] == '}';
            return exact ? new Entity(node, body, (int) start, (int) end) : new Entity(node, body, 0, 0);
        }
    }
}
