package io.jobwatch.embedded;

import static io.jobwatch.embedded.RegistryExchange.JSON;
import static io.jobwatch.embedded.RegistryExchange.answer;
import static io.jobwatch.embedded.RegistryExchange.body;
import static io.jobwatch.embedded.RegistryExchange.flag;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Optional;

/** {@code /config} and {@code /mode}, of one subject or of all that have none of their own. */
final class SettingRoutes {
    private final SchemaStore store;

    SettingRoutes(SchemaStore store) {
        this.store = store;
    }

    void addTo(RoutesConfig routes) {
        for (String path : new String[] {"/config", "/config/{subject}"}) {
            routes.get(path, this::level);
            routes.put(path, this::setLevel);
            routes.delete(path, this::deleteLevel);
        }
        for (String path : new String[] {"/mode", "/mode/{subject}"}) {
            routes.get(path, this::mode);
            routes.put(path, this::setMode);
            routes.delete(path, this::deleteMode);
        }
    }

    private void level(Context context) {
        String subject = subject(context);
        if (subject != null && !flag(context, "defaultToGlobal") && store.state().level(subject).isEmpty()) {
            throw levelNotFound(subject);
        }
        answer(context, JSON.objectNode().put("compatibilityLevel", store.state().effectiveLevel(subject).name()));
    }

    private void setLevel(Context context) {
        CompatibilityLevel level = CompatibilityLevel.named(body(context).path("compatibility").asText()).orElseThrow(() ->
                new RegistryFailure(422, 42203, "Invalid compatibility level. Valid values are none, backward, forward, full, "
                        + "backward_transitive, forward_transitive, and full_transitive"));
        store.write(LogRecords.configKey(subject(context)), LogRecords.configValue(level));
        answer(context, JSON.objectNode().put("compatibility", level.name()));
    }

    private void deleteLevel(Context context) {
        String subject = subject(context);
        Optional<CompatibilityLevel> level = store.state().level(subject);
        if (subject != null && level.isEmpty()) {
            throw levelNotFound(subject);
        }
        store.write(LogRecords.configKey(subject), null);
        answer(context, JSON.objectNode().put("compatibilityLevel", level.orElse(CompatibilityLevel.BACKWARD).name()));
    }

    private void mode(Context context) {
        String subject = subject(context);
        if (subject != null && !flag(context, "defaultToGlobal") && store.state().mode(subject).isEmpty()) {
            throw modeNotFound(subject);
        }
        answer(context, JSON.objectNode().put("mode", store.state().effectiveMode(subject)));
    }

    private void setMode(Context context) {
        String mode = RegistryModes.checked(body(context).path("mode").asText());
        store.write(LogRecords.modeKey(subject(context)), LogRecords.modeValue(mode));
        answer(context, JSON.objectNode().put("mode", mode));
    }

    private void deleteMode(Context context) {
        String subject = subject(context);
        Optional<String> mode = store.state().mode(subject);
        if (subject != null && mode.isEmpty()) {
            throw modeNotFound(subject);
        }
        store.write(LogRecords.modeKey(subject), null);
        answer(context, JSON.objectNode().put("mode", mode.orElse(RegistryModes.READWRITE)));
    }

    private static RegistryFailure levelNotFound(String subject) {
        return new RegistryFailure(404, 40408, "Subject '" + subject + "' does not have subject-level compatibility configured");
    }

    private static RegistryFailure modeNotFound(String subject) {
        return new RegistryFailure(404, 40409, "Subject '" + subject + "' does not have subject-level mode configured");
    }

    /** {@return the subject, or null where the path names none} */
    private static String subject(Context context) {
        return context.pathParamMap().get("subject");
    }
}
