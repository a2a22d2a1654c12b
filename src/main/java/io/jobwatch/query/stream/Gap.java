package io.jobwatch.query.stream;

/**
 * Records of a partition that cannot be read any more.
 *
 * @param from the offset that a reader had come to
 * @param to   the offset with which it goes on; smaller than {@code from} where the partition was made anew, or lost its end
 */
record Gap(int partition, long from, long to) {
}
