package io.jobwatch.cli.doctor;

import java.util.Locale;

/** Every kind of trouble that can be found. The word of each is a section of ops/doctor.md, and what scripts go by: it does not change. */
public enum Ailment {
    /** No instance holds the data folder of the embedded broker. */
    NOT_RUNNING,
    /** The embedded broker or registry listens at a port that the configuration does not tell. */
    PORT_UNKNOWN,
    BROKER_UNREACHABLE,
    BROKER_REFUSES_CREDENTIALS,
    BROKER_TLS,
    BROKER_OFFLINE,
    PARTITION_OFFLINE,
    UNDER_REPLICATED,
    /** Fewer replicas are in sync than a write must reach. */
    UNDER_MIN_ISR,
    /** One copy alone, on a cluster that could keep more. */
    NOT_REPLICATED,
    TOPIC_MISSING,
    PARTITION_COUNT,
    TOPIC_SETTING,
    INTERNAL_TOPIC_MISSING,
    INTERNAL_TOPIC_PARTITIONS,
    INTERNAL_TOPIC_NOT_COMPACTED,
    /** A group that a role of this configuration should be in has no members. */
    NO_MEMBERS,
    STUCK_REBALANCE,
    /** Records wait and nothing is committed. */
    STANDS_STILL,
    /** More records come than are done. */
    FALLS_BEHIND,
    /** What waits gets less. */
    CATCHING_UP,
    /** Retention removed records that the group has not read. */
    OFFSET_EXPIRED,
    /** The group has committed more than there is. */
    OFFSET_BEYOND_END,
    HANGING_TRANSACTION,
    MISSING_RIGHT,
    /** This user may not look; nothing is known of what is there. */
    LOOK_DENIED,
    /** There was no answer in time, or one that could not be understood. */
    LOOK_FAILED,
    REGISTRY_UNREACHABLE,
    SCHEMA_NOT_REGISTERED,
    SCHEMA_INCOMPATIBLE,
    COMPATIBILITY_LEVEL,
    SOURCE_FAILING,
    SOURCE_NEVER_POLLED,
    /** Its status is not told any more: no instance polls it. */
    SOURCE_NOT_POLLED,
    SOURCE_REMOVED,
    SOURCE_BAD_ITEMS,
    /** The status was written by a clock ahead of this one. */
    CLOCK_AHEAD,
    ALERT_ACTIVE,
    DEAD_LETTERS,
    DISK_SPACE,
    STATE_TOO_BIG,
    FOLDER_NOT_WRITABLE,
    FOLDER_OWNER,
    LEFTOVER_STATE,
    NO_EXEC,
    API_UNREACHABLE,
    API_NOT_READY,
    API_STALE,
    CERTIFICATE_EXPIRES,
    CERTIFICATE_DIFFERS,
    FEATURE_MISSING;

    /** {@return the name as people and scripts read it, such as {@code under-min-isr}} */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
