/**
 * The source for any API of JSON over HTTP: what to ask and what is where in the answers is configuration
 * ({@link io.jobwatch.config.HttpJsonOptions}).
 */
package io.jobwatch.source.http;
