/** The rights that jobwatch needs on a Kafka cluster, which of them are missing, and what to say when the cluster refuses. */
package io.jobwatch.topic.access;
