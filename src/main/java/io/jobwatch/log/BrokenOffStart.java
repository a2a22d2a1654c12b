package io.jobwatch.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/**
 * Lets the embedded broker not tell, with all of the request, that its own controller has ended before it: that is how a start ends that is
 * broken off. Whatever else the controller could not do is told.
 */
public final class BrokenOffStart extends Filter<ILoggingEvent> {
    private static final String LOGGER = "kafka.server.ControllerApis";
    private static final String NO_CONTROLLER = "org.apache.kafka.common.errors.NotControllerException";

    @Override
    public FilterReply decide(ILoggingEvent event) {
        if (event.getLoggerName().equals(LOGGER)) {
            for (IThrowableProxy cause = event.getThrowableProxy(); cause != null; cause = cause.getCause()) {
                if (cause.getClassName().equals(NO_CONTROLLER)) {
                    return FilterReply.DENY;
                }
            }
        }
        return FilterReply.NEUTRAL;
    }
}
