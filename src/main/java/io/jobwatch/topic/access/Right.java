package io.jobwatch.topic.access;

import java.util.Locale;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What someone must be allowed to do on the cluster.
 *
 * @param holder    who needs it, such as {@code role poll}
 * @param type      TOPIC, GROUP or TRANSACTIONAL_ID
 * @param name      of the resource, or what its name begins with
 * @param pattern   LITERAL or PREFIXED
 * @param operation READ and WRITE imply DESCRIBE
 */
public record Right(String holder, ResourceType type, String name, PatternType pattern, AclOperation operation) {

    public static Right onTopic(String holder, String name, AclOperation operation) {
        return new Right(holder, ResourceType.TOPIC, name, PatternType.LITERAL, operation);
    }

    static Right onGroup(String holder, String name, AclOperation operation) {
        return new Right(holder, ResourceType.GROUP, name, PatternType.LITERAL, operation);
    }

    static Right onTransactionalId(String holder, String name, PatternType pattern) {
        return new Right(holder, ResourceType.TRANSACTIONAL_ID, name, pattern, AclOperation.WRITE);
    }

    boolean isOn(Resource resource) {
        return type == resource.resourceType()
                && (pattern == PatternType.PREFIXED ? resource.name().startsWith(name) : resource.name().equals(name));
    }

    /** {@return such as {@code topic jobwatch.job-status}} */
    String resource() {
        return type.name().toLowerCase(Locale.ROOT).replace('_', ' ') + (pattern == PatternType.PREFIXED ? "s " + name + "*" : " " + name);
    }

    /** {@return the options by which kafka-acls.sh names the resource} */
    String option() {
        return (pattern == PatternType.PREFIXED ? "--resource-pattern-type prefixed " : "")
                + "--" + type.name().toLowerCase(Locale.ROOT).replace('_', '-') + " " + name;
    }
}
