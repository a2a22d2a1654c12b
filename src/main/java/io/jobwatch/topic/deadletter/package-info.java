/**
 * Reading the topic of dead letters, and putting records back from it.
 */
package io.jobwatch.topic.deadletter;
