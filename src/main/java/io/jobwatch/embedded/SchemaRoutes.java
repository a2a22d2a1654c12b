package io.jobwatch.embedded;

import static io.jobwatch.embedded.RegistryExchange.JSON;
import static io.jobwatch.embedded.RegistryExchange.answer;
import static io.jobwatch.embedded.RegistryExchange.flag;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** {@code /schemas}: what is behind an id. A deleted schema still answers here, as records may still need it. */
final class SchemaRoutes {
    private final SchemaStore store;

    SchemaRoutes(SchemaStore store) {
        this.store = store;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/schemas/types", context -> answer(context, JSON.arrayNode().add("AVRO")));
        // Some clients take a missing type for an unknown one, although Confluent's registry leaves AVRO out.
        routes.get("/schemas/ids/{id}", context ->
                answer(context, JSON.objectNode().put("schemaType", "AVRO").put("schema", schema(context))));
        routes.get("/schemas/ids/{id}/schema", context -> answer(context, schema(context)));
        routes.get("/schemas/ids/{id}/versions", this::versions);
        routes.get("/schemas/ids/{id}/subjects", this::subjects);
    }

    private void versions(Context context) {
        ArrayNode found = JSON.arrayNode();
        all(context).forEach(version -> found.addObject().put("subject", version.subject()).put("version", version.version()));
        answer(context, found);
    }

    private void subjects(Context context) {
        Set<String> names = new LinkedHashSet<>();
        all(context).forEach(version -> names.add(version.subject()));
        ArrayNode found = JSON.arrayNode();
        names.forEach(found::add);
        answer(context, found);
    }

    private List<SchemaVersion> all(Context context) {
        schema(context);
        return store.state().versionsOf(id(context), flag(context, "deleted"));
    }

    private String schema(Context context) {
        return store.state().schema(id(context)).orElseThrow(() ->
                new RegistryFailure(404, 40403, "Schema " + context.pathParam("id") + " not found"));
    }

    private static int id(Context context) {
        try {
            return Integer.parseInt(context.pathParam("id"));
        } catch (NumberFormatException e) {
            throw new RegistryFailure(404, 404, "HTTP 404 Not Found: an id is a number");
        }
    }
}
