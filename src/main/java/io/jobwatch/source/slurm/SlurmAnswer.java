package io.jobwatch.source.slurm;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import io.jobwatch.source.BadItem;
import io.jobwatch.source.HttpAnswer;
import io.jobwatch.source.Json;
import io.jobwatch.source.SourceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What slurmrestd answered to a question for jobs.
 *
 * @param records those that could be read
 * @param bad     those that could not
 * @param errors  what Slurm says went wrong; its {@code warnings} are not among them
 */
record SlurmAnswer(List<SlurmRecord> records, List<BadItem> bad, List<Error> errors) {

    /** For a value within a document, after which of course more follows. */
    private static final ObjectReader ELEMENT = Json.MAPPER.readerFor(JsonNode.class)
            .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** Slurm's ESLURM_INVALID_JOB_ID, the only number that says that there is no such job. */
    private static final long INVALID_JOB_ID = 2017;

    /** @param number Slurm's own, or -1, which says nothing */
    record Error(long number, String text) {
    }

    SlurmAnswer {
        records = List.copyOf(records);
        bad = List.copyOf(bad);
        errors = List.copyOf(errors);
    }

    /**
     * Reads a body of any status. A record takes 3 to 5 kB and a cluster may list tens of thousands: they are read one by one, so that
     * the body is never a tree as a whole.
     *
     * @throws SourceException if the body is not the JSON object that slurmrestd sends
     */
    static SlurmAnswer read(HttpAnswer answer) throws SourceException {
        answer.requireJson();
        List<SlurmRecord> records = new ArrayList<>();
        List<BadItem> bad = new ArrayList<>();
        List<Error> errors = new ArrayList<>();
        boolean recognised = false;
        try (JsonParser parser = Json.MAPPER.createParser(answer.body())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw answer.unusable("JSON, but not an object; is this the address of a slurmrestd?");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                boolean list = parser.nextToken() == JsonToken.START_ARRAY;
                if (list && field.equals("jobs")) {
                    readJobs(parser, records, bad);
                    recognised = true;
                } else if (list && field.equals("errors")) {
                    readErrors(parser, errors);
                    recognised |= !errors.isEmpty();
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw answer.unusable("more than one JSON document");
            }
        } catch (JsonProcessingException e) {
            throw answer.unusable(Json.problem(e));
        } catch (IOException e) {
            throw answer.unusable("not readable: " + e.getMessage());
        }
        if (!recognised) {
            throw answer.unusable("JSON without a list of jobs; is this the address of a slurmrestd?");
        }
        return new SlurmAnswer(records, bad, errors);
    }

    boolean saysNoSuchJob() {
        return errors.stream().anyMatch(error -> error.number() == INVALID_JOB_ID);
    }

    private static void readJobs(JsonParser parser, List<SlurmRecord> records, List<BadItem> bad) throws IOException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            JsonNode job = ELEMENT.readTree(parser);
            try {
                records.add(SlurmRecord.read(job));
            } catch (MalformedRecordException e) {
                bad.add(new BadItem(job.toString().getBytes(StandardCharsets.UTF_8), e.getMessage()));
            }
        }
    }

    private static void readErrors(JsonParser parser, List<Error> errors) throws IOException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            JsonNode error = ELEMENT.readTree(parser);
            errors.add(new Error(error.path("error_number").asLong(-1),
                    error.path("error").asText("") + ": " + error.path("description").asText("")));
        }
    }
}
