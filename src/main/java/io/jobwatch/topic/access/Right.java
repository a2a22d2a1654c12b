package io.jobwatch.topic.access;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    public static Right onGroup(String holder, String name, AclOperation operation) {
        return new Right(holder, ResourceType.GROUP, name, PatternType.LITERAL, operation);
    }

    static Right onTransactionalId(String holder, String name, PatternType pattern) {
        return new Right(holder, ResourceType.TRANSACTIONAL_ID, name, pattern, AclOperation.WRITE);
    }

    boolean isOn(Resource resource) {
        return type == resource.resourceType()
                && (pattern == PatternType.PREFIXED ? resource.name().startsWith(name) : resource.name().equals(name));
    }

    /** {@return the rights on each resource, by {@link #resource}, in the order in which they come} */
    public static Map<String, List<Right>> byResource(Collection<Right> rights) {
        Map<String, List<Right>> result = new LinkedHashMap<>();
        rights.forEach(right -> result.computeIfAbsent(right.resource(), resource -> new ArrayList<>()).add(right));
        return result;
    }

    /** {@return the operations, without what others imply, of rights on one resource} */
    public static List<AclOperation> operations(List<Right> rights) {
        List<AclOperation> all = rights.stream().map(Right::operation).distinct().toList();
        boolean implied = all.contains(AclOperation.READ) || all.contains(AclOperation.WRITE);
        return all.stream().filter(operation -> !implied || operation != AclOperation.DESCRIBE).toList();
    }

    /** {@return such as {@code topic jobwatch.job-status}} */
    public String resource() {
        return type.name().toLowerCase(Locale.ROOT).replace('_', ' ') + (pattern == PatternType.PREFIXED ? "s " + name + "*" : " " + name);
    }

    /** {@return the options by which kafka-acls.sh names the resource} */
    String option() {
        return (pattern == PatternType.PREFIXED ? "--resource-pattern-type prefixed " : "")
                + "--" + type.name().toLowerCase(Locale.ROOT).replace('_', '-') + " " + name;
    }
}
