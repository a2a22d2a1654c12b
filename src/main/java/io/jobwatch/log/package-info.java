/**
 * What a line of the log is about, for those who search logs by it. Beside the flow, and knows nothing of it.
 */
package io.jobwatch.log;
