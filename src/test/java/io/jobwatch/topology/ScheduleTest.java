package io.jobwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task that is suspended closes its processors and initialises them again when it is resumed, but forgets none of their schedules. */
class ScheduleTest {
    private final MockProcessorContext<byte[], byte[]> context;

    ScheduleTest(@TempDir Path stateDir) {
        context = new MockProcessorContext<>(new Properties(), new TaskId(0, 0), stateDir.toFile());
        context.setCurrentSystemTimeMs(0);
    }

    @Test
    void shouldLookAtJobsOnceEachTimeAfterATaskIsResumed() {
        JobTimers timers = new JobTimers(null, null, null, null, null, null, null, null);
        timers.init(context, null);
        timers.close();
        timers.init(context, null);

        assertThat(context.scheduledPunctuators()).extracting(CapturedPunctuator::cancelled).containsExactly(true, false);
    }

    @Test
    void shouldLookAtSourcesOnceEachTimeAfterATaskIsResumed() {
        SourceWatch sources = new SourceWatch(null, null, null, null, null, null, null);
        sources.init(context);
        sources.close();
        sources.init(context);

        assertThat(context.scheduledPunctuators()).extracting(CapturedPunctuator::cancelled).containsExactly(true, false);
    }
}
