package io.jobwatch.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.NotControllerException;
import org.junit.jupiter.api.Test;

class BrokenOffStartTest {

    @Test
    void shouldDenyTheControllersAbsenceAlone() {
        assertThat(reply("kafka.server.ControllerApis", new CompletionException(new NotControllerException("gone"))))
                .isEqualTo(FilterReply.DENY);
        assertThat(reply("kafka.server.ControllerApis", new CompletionException(new InvalidRequestException("another"))))
                .isEqualTo(FilterReply.NEUTRAL);
        assertThat(reply("kafka.server.ControllerApis", null)).isEqualTo(FilterReply.NEUTRAL);
        assertThat(reply("kafka.server.BrokerServer", new NotControllerException("gone"))).isEqualTo(FilterReply.NEUTRAL);
    }

    private static FilterReply reply(String logger, Throwable failure) {
        return new BrokenOffStart().decide(new LoggingEvent("", new LoggerContext().getLogger(logger), Level.ERROR, "message", failure, null));
    }
}
