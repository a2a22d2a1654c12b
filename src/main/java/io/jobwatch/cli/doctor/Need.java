package io.jobwatch.cli.doctor;

import io.jobwatch.config.Role;
import java.util.Objects;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A right that a role needs.
 *
 * @param name     of the resource; of a transactional id its prefix
 */
record Need(Role role, ResourceType type, String name, AclOperation operation) {
    Need {
        Objects.requireNonNull(name);
    }

    /** {@return the options of kafka-acls.sh that name the resource} */
    String option() {
        return switch (type) {
            case GROUP -> "--group " + name;
            case TRANSACTIONAL_ID -> "--transactional-id " + name + " --resource-pattern-type prefixed";
            default -> "--topic " + name;
        };
    }
}
