package io.jobwatch.cli.doctor;

import org.apache.kafka.common.GroupState;

/**
 * A group as it is at one moment, whichever protocol its members speak.
 *
 * @param exists  whether the brokers know it
 * @param state   of a group that is not known {@code DEAD}
 * @param members how many there are
 */
record GroupLook(boolean exists, GroupState state, int members) {
    static final GroupLook ABSENT = new GroupLook(false, GroupState.DEAD, 0);
    /** Of a group that this user may not describe. */
    static final GroupLook DENIED = new GroupLook(false, GroupState.UNKNOWN, 0);

    /** {@return whether its members have their partitions} */
    boolean settled() {
        return state == GroupState.STABLE;
    }
}
