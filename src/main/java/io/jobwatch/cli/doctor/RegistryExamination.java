package io.jobwatch.cli.doctor;

import io.jobwatch.registry.RegistryException;
import io.jobwatch.registry.SchemaRegistries;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.SchemaSetup;
import io.jobwatch.topic.SchemaSetup.Found;
import io.jobwatch.topic.TopicSchemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether the registry answers and has the schemas of this release. Asks what {@code check} asks. */
final class RegistryExamination implements Examination {
    private static final int MOST_CONFLICTS = 3;

    private final Deployment deployment;

    RegistryExamination(Deployment deployment) {
        this.deployment = deployment;
    }

    @Override
    public String subject() {
        return "registry";
    }

    @Override
    public Result examine() {
        SchemaRegistries registries = SchemaRegistries.of(deployment.config().schemaRegistry());
        List<Found> subjects;
        try (SchemaRegistry registry = registries.open()) {
            subjects = new SchemaSetup(registry, deployment.specs()).find();
        } catch (RegistryException e) {
            return new Result(registries.address() + " does not answer", List.of(unreachable(registries.address(), e)));
        }
        List<Finding> findings = new ArrayList<>();
        subjects.forEach(subject -> judge(subject).ifPresent(findings::add));
        return new Result(registries.address() + ", " + subjects.stream().filter(subject -> subject.id().isPresent()).count() + " of "
                + subjects.size() + " schemas are registered", findings);
    }

    private static Finding unreachable(String address, RegistryException failure) {
        boolean refused = failure.kind() == RegistryException.Kind.UNAUTHORIZED;
        return Finding.fail(Ailment.REGISTRY_UNREACHABLE, address, Troubles.reason(failure), "a registry that answers"
                + (refused ? " this user" : ""), (refused ? "see schema-registry.properties: basic.auth.user.info, bearer.auth.token; "
                : "see that it is up and schema-registry.url is right; ") + "what runs goes on with the schemas it knows, a first start "
                + "fails: ops/schema-registry.md");
    }

    private static Optional<Finding> judge(Found subject) {
        if (subject.id().isPresent()) {
            return !subject.wrongLevel() ? Optional.empty() : Optional.of(Finding.warn(Ailment.COMPATIBILITY_LEVEL, subject.subject(),
                    "the compatibility level is " + subject.level().orElseThrow() + ": a schema that breaks readers could be registered",
                    TopicSchemas.COMPATIBILITY, "jobwatch setup -c FILE sets it"));
        }
        if (!subject.conflicts().isEmpty()) {
            return Optional.of(Finding.fail(Ailment.SCHEMA_INCOMPATIBLE, subject.subject(), "the schema of this release is not registered, "
                    + "and not compatible with what is: " + subject.conflicts().stream().limit(MOST_CONFLICTS)
                    .collect(Collectors.joining("; ")), "the schema of this release, or one that is compatible with it",
                    "is this release older than the topics, or the prefix another application's? ops/schema-registry.md"));
        }
        return Optional.of(Finding.fail(Ailment.SCHEMA_NOT_REGISTERED, subject.subject(), "the schema of this release is not registered"
                + subject.unasked().map(why -> " (whether it is compatible is not told: " + why + ")").orElse(""), "it is registered",
                "jobwatch setup -c FILE, or the registry's administrator: jobwatch setup -c FILE --write-schemas DIR"));
    }
}
