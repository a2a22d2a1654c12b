package io.jobwatch.query;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import org.apache.kafka.common.utils.Bytes;

/**
 * The key of a report in the store: the job's key, a zero byte, the attempt in four bytes (big endian), so that the attempts of a job lie
 * side by side. Another job's reports lie between them only where its id continues this one with a zero character; whoever reads a range
 * has to look.
 *
 * @param job     {@code source/jobId}
 * @param attempt from 1
 */
record ReportKey(String job, int attempt) implements Comparable<ReportKey> {
    private static final Comparator<ReportKey> ORDER = Comparator.comparing(ReportKey::job).thenComparing(ReportKey::attempt);

    Bytes bytes() {
        byte[] key = job.getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(ByteBuffer.allocate(key.length + 1 + Integer.BYTES).put(key).put((byte) 0).putInt(attempt).array());
    }

    @Override
    public int compareTo(ReportKey other) {
        return ORDER.compare(this, other);
    }
}
