package io.jobwatch.topic.access;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;

/**
 * What a cluster tells of its user's rights. Immutable.
 *
 * @param missing the rights that the user has not, each with what it has in their place, in the order in which they were asked for
 * @param untold  those that it may or may not have, each with why that is not told, in the same order
 */
public record RightsAnswer(Map<Right, String> missing, Map<Right, String> untold) {
    public RightsAnswer {
        missing = Collections.unmodifiableMap(new LinkedHashMap<>(missing));
        untold = Collections.unmodifiableMap(new LinkedHashMap<>(untold));
    }

    /** {@return the rights that are missing} */
    public List<Right> lacking() {
        return List.copyOf(missing.keySet());
    }

    /** {@return what was not told and why, such as {@code READ on group jobwatch-poll (it does not exist yet)}; empty if all was} */
    public String untoldText() {
        return Right.byResource(untold.keySet()).entrySet().stream()
                .map(of -> Right.operations(of.getValue()).stream().map(AclOperation::name).collect(Collectors.joining(", ")) + " on "
                        + of.getKey() + " (" + untold.get(of.getValue().get(0)) + ")")
                .collect(Collectors.joining("; "));
    }
}
