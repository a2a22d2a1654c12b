package io.jobwatch.example;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * Makes a line of text of a transition's or an error report's value. The schemas come from the registry by Confluent's client, which keeps
 * each; the values are Avro after five bytes, a zero and the schema's id. One thread.
 */
final class EventLines {
    private static final int HEADER_BYTES = 5;
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final SchemaRegistryClient registry;
    private BinaryDecoder decoder;

    /** A value that cannot be read, whoever tries. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    EventLines(SchemaRegistryClient registry) {
        this.registry = registry;
    }

    /**
     * {@return the fields of a record, with a tab between two}
     *
     * @throws Malformed if the bytes are no such record
     * @throws Failure   if the registry does not give the schema: that says nothing of the bytes, and leaving the record out would lose it
     */
    String line(byte[] value) throws Malformed {
        if (value == null || value.length < HEADER_BYTES || value[0] != 0) {
            throw new Malformed(value == null ? "the value is null" : "not in the Confluent wire format: " + value.length + " bytes"
                    + (value.length == 0 ? "" : ", the first is " + (value[0] & 0xff)));
        }
        Schema writer = schema(ByteBuffer.wrap(value, 1, 4).getInt());
        decoder = DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, decoder);
        try {
            // A program of your own gives the schema that it was written against as the second one.
            GenericRecord event = new GenericDatumReader<GenericRecord>(writer, writer).read(null, decoder);
            if (!decoder.isEnd()) {
                throw new Malformed("bytes go on after the end of the " + writer.getFullName());
            }
            return line(event);
        } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException | ClassCastException | UnsupportedOperationException e) {
            throw new Malformed("not a " + writer.getFullName() + ": " + e.getMessage());
        }
    }

    private Schema schema(int id) {
        try {
            return ((AvroSchema) registry.getSchemaById(id)).rawSchema();
        } catch (IOException | RestClientException e) {
            throw new Failure("the registry does not give schema " + id + " (" + e.getMessage() + "): is --registry the one that jobwatch"
                    + " writes with, does it run, and does it need credentials? Nothing is lost, start again when it answers");
        }
    }

    private static String line(GenericRecord event) throws Malformed {
        List<Object> fields = new ArrayList<>();
        switch (event.getSchema().getFullName()) {
            case "io.jobwatch.event.JobTransition" -> {
                fields.addAll(List.of("transition", moment(event, "occurredAt")));
                addJob(event, fields);
                fields.add("#" + event.get("sequence"));
                fields.add(orDash(event.get("previousState")) + " -> " + event.get("currentState"));
            }
            case "io.jobwatch.event.JobErrorReport" -> {
                fields.addAll(List.of("report", moment(event, "observedAt")));
                addJob(event, fields);
                fields.add(event.get("state"));
                for (Object task : (Iterable<?>) event.get("tasks")) {
                    for (Object error : (Iterable<?>) ((GenericRecord) task).get("errors")) {
                        fields.add(((GenericRecord) error).get("code") + ": " + ((GenericRecord) error).get("message"));
                    }
                }
            }
            default -> throw new Malformed("it is a " + event.getSchema().getFullName());
        }
        StringJoiner line = new StringJoiner("\t");
        fields.forEach(field -> line.add(shown(field.toString())));
        return line.toString();
    }

    private static void addJob(GenericRecord event, List<Object> fields) {
        fields.add(event.get("source") + "/" + event.get("jobId"));
        fields.add(orDash(event.get("jobName")));
        fields.add("attempt " + event.get("attempt"));
    }

    private static Object orDash(Object text) {
        return text == null || text.toString().isEmpty() ? "-" : text;
    }

    /** {@return the time} A generic reader leaves timestamp-millis as the number it is. */
    private static String moment(GenericRecord event, String field) {
        return MOMENT.format(Instant.ofEpochMilli((Long) event.get(field)));
    }

    /** {@return text that a service chose, made harmless} A terminal obeys control characters, and others hide or turn what people read. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (!hidden(c)) {
                shown.appendCodePoint(c);
                return;
            }
            switch (c) {
                case '\n' -> shown.append("\\n");
                case '\r' -> shown.append("\\r");
                case '\t' -> shown.append("\\t");
                default -> {
                    for (char unit : Character.toChars(c)) {
                        shown.append(String.format("\\u%04x", (int) unit));
                    }
                }
            }
        });
        return shown.toString();
    }

    private static boolean hidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> true;
            case Character.FORMAT -> c != 0x200c && c != 0x200d && c != 0xad;   // Persian and emoji need the joiners
            default -> false;
        };
    }
}
