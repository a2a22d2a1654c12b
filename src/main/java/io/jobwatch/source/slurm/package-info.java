/**
 * Slurm, read through the REST API of slurmrestd. Written against Slurm 22.05 (openapi v0.0.38), whose answers are recorded in
 * {@code src/test/resources/slurm}; the shapes that later versions gave to states, numbers and exit codes are understood too.
 */
package io.jobwatch.source.slurm;
