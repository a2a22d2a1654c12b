/**
 * The Schema Registry: what jobwatch needs of one, a client for Confluent's REST API, and Avro in the Confluent wire format.
 * Knows no topic and no stage of the flow.
 */
package io.jobwatch.registry;
