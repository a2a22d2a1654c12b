package io.jobwatch.cli;

import io.jobwatch.topic.JobKey;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads keys of jobs. */
final class JobKeyConverter implements ITypeConverter<JobKey> {
    @Override
    public JobKey convert(String text) {
        return JobKey.parse(text)
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is no key: expected the source, a slash and the job's id"));
    }
}
