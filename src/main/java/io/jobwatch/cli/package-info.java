/**
 * The command line, and the assembly of an instance from its parts. The only package that knows all the others.
 */
package io.jobwatch.cli;
