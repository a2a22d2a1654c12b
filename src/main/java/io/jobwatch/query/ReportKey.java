package io.jobwatch.query;

import io.jobwatch.event.JobErrorReport;
import io.jobwatch.topic.JobKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import org.apache.kafka.common.utils.Bytes;

/**
 * Names a report. In the store its key is the job's key, a zero byte, the attempt in four bytes (big endian), so that the attempts of a job
 * lie side by side. Another job's reports lie between them only where its id continues this one with a zero character; whoever reads a range
 * has to look. In lists it is the job's key, a slash and the attempt; the last slash splits.
 *
 * @param job     {@code source/jobId}
 * @param attempt from 1
 */
record ReportKey(String job, int attempt) implements Comparable<ReportKey> {
    private static final Comparator<ReportKey> ORDER = Comparator.comparing(ReportKey::job).thenComparing(ReportKey::attempt);

    static ReportKey of(JobErrorReport report) {
        return new ReportKey(new JobKey(report.getSource(), report.getJobId()).toString(), report.getAttempt());
    }

    /** {@return the key that became this text} */
    static ReportKey parse(String text) {
        int slash = text.lastIndexOf('/');
        return new ReportKey(text.substring(0, slash), Integer.parseInt(text.substring(slash + 1)));
    }

    Bytes bytes() {
        byte[] key = job.getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(ByteBuffer.allocate(key.length + 1 + Integer.BYTES).put(key).put((byte) 0).putInt(attempt).array());
    }

    @Override
    public int compareTo(ReportKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return job + "/" + attempt;
    }
}
