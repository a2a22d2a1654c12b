package io.jobwatch.embedded;

import static io.jobwatch.embedded.RegistryExchange.JSON;
import static io.jobwatch.embedded.RegistryExchange.answer;
import static io.jobwatch.embedded.RegistryExchange.flag;
import static io.jobwatch.embedded.RegistryExchange.schema;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** {@code /subjects} and {@code /compatibility}. */
final class SubjectRoutes {
    private final SchemaStore store;
    private final Subjects subjects;

    SubjectRoutes(SchemaStore store) {
        this.store = store;
        this.subjects = new Subjects(store);
    }

    void addTo(RoutesConfig routes) {
        routes.get("/subjects", this::list);
        routes.post("/subjects/{subject}", this::lookup);
        routes.delete("/subjects/{subject}", this::delete);
        routes.get("/subjects/{subject}/versions", this::versions);
        routes.post("/subjects/{subject}/versions", this::register);
        routes.get("/subjects/{subject}/versions/{version}", context -> answer(context, json(version(context))));
        routes.get("/subjects/{subject}/versions/{version}/schema", context -> answer(context, version(context).schema()));
        routes.get("/subjects/{subject}/versions/{version}/referencedby", context -> {
            version(context);
            answer(context, JSON.arrayNode());
        });
        routes.delete("/subjects/{subject}/versions/{version}", this::deleteVersion);
        routes.post("/compatibility/subjects/{subject}/versions",
                context -> answerConflicts(context, subjects.conflicts(subject(context), schema(context), Optional.empty())));
        routes.post("/compatibility/subjects/{subject}/versions/{version}",
                context -> answerConflicts(context, subjects.conflicts(subject(context), schema(context),
                        Optional.of(context.pathParam("version")))));
    }

    private void list(Context context) {
        String prefix = Objects.requireNonNullElse(context.queryParam("subjectPrefix"), "");
        ArrayNode names = JSON.arrayNode();
        store.state().subjects(flag(context, "deleted")).stream().filter(name -> name.startsWith(prefix)).forEach(names::add);
        answer(context, names);
    }

    private void lookup(Context context) {
        answer(context, json(subjects.lookup(subject(context), schema(context), flag(context, "deleted"))));
    }

    private void register(Context context) {
        answer(context, JSON.objectNode().put("id", subjects.register(subject(context), schema(context))));
    }

    private void versions(Context context) {
        ArrayNode numbers = JSON.arrayNode();
        subjects.existing(subject(context), flag(context, "deleted")).forEach(version -> numbers.add(version.version()));
        answer(context, numbers);
    }

    private void delete(Context context) {
        ArrayNode numbers = JSON.arrayNode();
        subjects.delete(subject(context), flag(context, "permanent")).forEach(numbers::add);
        answer(context, numbers);
    }

    private void deleteVersion(Context context) {
        int deleted = subjects.deleteVersion(subject(context), context.pathParam("version"), flag(context, "permanent"));
        answer(context, JSON.numberNode(deleted));
    }

    private static void answerConflicts(Context context, List<String> conflicts) {
        ObjectNode json = JSON.objectNode().put("is_compatible", conflicts.isEmpty());
        if (flag(context, "verbose")) {
            conflicts.forEach(json.putArray("messages")::add);
        }
        answer(context, json);
    }

    private SchemaVersion version(Context context) {
        return subjects.version(subject(context), context.pathParam("version"), flag(context, "deleted"));
    }

    private static ObjectNode json(SchemaVersion version) {
        return JSON.objectNode().put("subject", version.subject()).put("version", version.version()).put("id", version.id())
                .put("schemaType", "AVRO").put("schema", version.schema());
    }

    private static String subject(Context context) {
        return context.pathParam("subject");
    }
}
