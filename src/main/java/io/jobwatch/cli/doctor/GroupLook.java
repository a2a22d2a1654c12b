package io.jobwatch.cli.doctor;

import java.util.Set;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.acl.AclOperation;

/**
 * A group as it is at one moment, whichever protocol its members speak.
 *
 * @param exists  whether the brokers know it
 * @param state   of a group that is not known {@code DEAD}
 * @param members how many there are
 * @param allowed what this user may do to it; empty where the group is not known
 */
record GroupLook(boolean exists, GroupState state, int members, Set<AclOperation> allowed) {
    static final GroupLook ABSENT = new GroupLook(false, GroupState.DEAD, 0, Set.of());
    /** Of a group that this user may not describe. */
    static final GroupLook DENIED = new GroupLook(false, GroupState.UNKNOWN, 0, Set.of());

    GroupLook {
        allowed = allowed == null ? Set.of() : Set.copyOf(allowed);
    }

    /** {@return whether its members have their partitions} */
    boolean settled() {
        return state == GroupState.STABLE;
    }
}
