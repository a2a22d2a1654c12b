/**
 * What lets jobwatch run alone: a Kafka broker and a Schema Registry in this process, and a simulator of an encoding service.
 * The rest of jobwatch meets them through their sockets only.
 */
package io.jobwatch.embedded;
