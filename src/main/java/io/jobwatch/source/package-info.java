/**
 * What a job service is to jobwatch: {@link io.jobwatch.source.JobSource}, one implementation for each kind of service, and the HTTP
 * exchange that they share. Knows the domain and the configuration; knows nothing of Kafka, cursors or schedules.
 */
package io.jobwatch.source;
