/**
 * What a line of the log is about, for those who search logs by it, and what is not logged. Beside the flow, and knows nothing of it.
 */
package io.jobwatch.log;
