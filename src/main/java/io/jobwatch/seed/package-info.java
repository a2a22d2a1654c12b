/**
 * Carries what a deployment knows over to a new one: other topics, another number of partitions, another cluster, another registry. The
 * new one then goes on where the old one stopped. Neither may run meanwhile; of the old one nothing is changed.
 */
package io.jobwatch.seed;
