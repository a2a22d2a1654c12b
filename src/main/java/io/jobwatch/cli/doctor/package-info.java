/**
 * Finds what is wrong with a deployment while it runs: each examination looks at one thing from outside, writes nothing, and says of each
 * trouble what was found, what was expected and what to do. What can be found is {@link io.jobwatch.cli.doctor.Ailment}.
 */
package io.jobwatch.cli.doctor;
