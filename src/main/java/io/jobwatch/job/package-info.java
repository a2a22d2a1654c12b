/**
 * The domain: what the states of a job mean, and the step from a status and an observation to a new status and a transition.
 *
 * <p>Pure code: no Kafka, no clock, no input or output. Its data are the generated event classes themselves; a second set of classes for
 * the same facts would only be copied to and fro.
 */
package io.jobwatch.job;
