package io.jobwatch.registry;

import io.jobwatch.event.JobState;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Lets Avro load the generated event classes. Since 1.12.2 its readers, writers and generated builders refuse every class that a schema
 * names unless the process trusts it (AVRO-4189), an application's own generated classes included.
 *
 * <p>The trust is Avro's, global to the process. This adds one package to it and takes nothing away, so the order of initialisation does
 * not matter.
 */
public final class TrustedEvents {
    static {
        String generated = JobState.class.getPackageName();
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                type -> type.getPackageName().equals(generated), ClassSecurityValidator.getGlobal()));
    }

    private TrustedEvents() {
    }

    /** Has the effect once it has been called, however often. {@link AvroEncoder} and {@link AvroDecoder} call it by themselves. */
    public static void allow() {
        // The work is done when the class is initialised: once, and before this returns.
    }
}
