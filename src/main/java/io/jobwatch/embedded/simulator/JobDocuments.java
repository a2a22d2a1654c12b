package io.jobwatch.embedded.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jobwatch.event.JobState;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Jobs, tasks and errors in the service's two JSON shapes: OData 3's light one and the verbose one. Immutable and thread-safe. */
final class JobDocuments {

    /** Which of the two JSON shapes a client accepts. */
    enum Shape {
        LIGHT("application/json;odata=minimalmetadata;streaming=true;charset=utf-8"),
        VERBOSE("application/json;odata=verbose;charset=utf-8");

        private final String contentType;

        Shape(String contentType) {
            this.contentType = contentType;
        }

        String contentType() {
            return contentType;
        }
    }

    private static final String MODELS = "Microsoft.Cloud.Media.Vod.Rest.Data.Models.";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** As .NET writes an Edm.DateTime: no zone, and no zeros at the end of the fraction. */
    private static final DateTimeFormatter DATE = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss").appendFraction(ChronoField.NANO_OF_SECOND, 0, 7, true).toFormatter();

    private final URI account;
    private final Shape shape;

    /** @param account the address that the links of the verbose shape begin with, ending in a slash */
    JobDocuments(URI account, Shape shape) {
        this.account = account;
        this.shape = shape;
    }

    /** {@return the number that the service gives a state} */
    static int code(JobState state) {
        return switch (state) {
            case QUEUED -> 0;
            case SCHEDULED -> 1;
            case PROCESSING -> 2;
            case FINISHED -> 3;
            case ERROR -> 4;
            case CANCELED -> 5;
            case CANCELING -> 6;
            case UNKNOWN -> throw new IllegalArgumentException("the simulator has no unknown states");
        };
    }

    ObjectNode job(JobView view, Optional<Set<String>> select) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("Id", view.job().id());
        node.put("Name", view.job().name());
        node.put("Created", date(view.createdAt()));
        node.put("LastModified", date(view.lastModified()));
        node.put("EndTime", date(view.endedAt()));
        node.put("Priority", view.job().priority());
        node.put("RunningDuration", (double) view.runningMillis());
        node.put("StartTime", date(view.startedAt()));
        node.put("State", code(view.state()));
        node.putNull("TemplateId");
        node.set("JobNotificationSubscriptions", collection("JobNotificationSubscription", List.of()));
        select.ifPresent(node::retain);
        return shape == Shape.LIGHT ? node : withMetadata(node, "Jobs", view.job().id(), "Job");
    }

    ObjectNode task(JobView.TaskView view, Optional<Set<String>> select) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("Id", view.task().id());
        node.put("Name", view.task().name());
        node.put("State", code(view.state()));
        node.put("Progress", view.progress());
        node.put("StartTime", date(view.startedAt()));
        node.put("EndTime", date(view.endedAt()));
        node.put("RunningDuration", view.startedAt().isPresent() && view.endedAt().isPresent()
                ? (double) view.endedAt().get().toEpochMilli() - view.startedAt().get().toEpochMilli() : 0.0);
        node.set("ErrorDetails", collection("ErrorDetail", view.state() != JobState.ERROR ? List.of()
                : view.task().errors().stream().map(error -> {
                    ObjectNode detail = JsonNodeFactory.instance.objectNode();
                    detail.put("Code", error.code());
                    detail.put("Message", error.message());
                    return detail;
                }).toList()));
        node.set("HistoricalEvents", collection("TaskHistoricalEvent", List.of()));
        node.putNull("PerfMessage");
        select.ifPresent(node::retain);
        return shape == Shape.LIGHT ? node : withMetadata(node, "Tasks", view.task().id(), "Task");
    }

    byte[] feed(String set, List<ObjectNode> entities) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        if (shape == Shape.LIGHT) {
            root.put("odata.metadata", account + "$metadata#" + set);
            root.putArray("value").addAll(entities);
        } else {
            root.putObject("d").putArray("results").addAll(entities);
        }
        return bytes(root);
    }

    byte[] entity(String set, ObjectNode entity) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        if (shape == Shape.LIGHT) {
            root.put("odata.metadata", account + "$metadata#" + set + "/@Element");
            root.setAll(entity);
        } else {
            root.set("d", entity);
        }
        return bytes(root);
    }

    byte[] error(String code, String message) {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.put("code", code);
        error.putObject("message").put("lang", "en-US").put("value", message);
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.set(shape == Shape.LIGHT ? "odata.error" : "error", error);
        return bytes(root);
    }

    private ObjectNode withMetadata(ObjectNode node, String set, String id, String type) {
        ObjectNode verbose = JsonNodeFactory.instance.objectNode();
        String uri = account + set + "('" + id.replace(":", "%3A") + "')";
        verbose.putObject("__metadata").put("id", uri).put("uri", uri).put("type", MODELS + type);
        return verbose.setAll(node);
    }

    private JsonNode collection(String type, List<ObjectNode> items) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode().addAll(items);
        if (shape == Shape.LIGHT) {
            return array;
        }
        ObjectNode verbose = JsonNodeFactory.instance.objectNode();
        verbose.putObject("__metadata").put("type", "Collection(" + MODELS + type + ")");
        verbose.set("results", array);
        return verbose;
    }

    private static String date(Optional<Instant> instant) {
        return instant.map(JobDocuments::date).orElse(null);
    }

    private static String date(Instant instant) {
        return DATE.format(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
    }

    private static byte[] bytes(ObjectNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values is always written", e);
        }
    }
}
