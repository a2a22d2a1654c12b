/**
 * The topics: their names, keys, headers and settings, and how they are created and verified. Beside the flow, because every stage names
 * topics.
 */
package io.jobwatch.topic;
