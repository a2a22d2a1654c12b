/**
 * What a job service is to jobwatch: {@link io.jobwatch.source.JobSource}, one implementation for each kind of service, and the HTTP
 * exchange that they share. Knows the domain and the configuration; knows nothing of Kafka, cursors or schedules.
 *
 * <p>What a source is made of: {@link io.jobwatch.source.Listing} and {@link io.jobwatch.source.Lookup} are what it may answer,
 * {@link io.jobwatch.source.Watermark} where a listing goes on from, {@link io.jobwatch.source.JobBounds} how large anything may be.
 * {@link io.jobwatch.source.HttpExchange} asks: {@code Credentials} (and {@code AccessTokens}, {@code LiveSecret}) say who asks,
 * {@code Mask} hides what nobody may read, {@code HttpClients} keeps TLS up to date, and {@link io.jobwatch.source.RequestLimits} how often
 * it asks. A new kind of service is a package of its own beside {@code ams}, {@code slurm} and {@code http}, a line in
 * {@link io.jobwatch.source.JobSources}, options in {@link io.jobwatch.config.SourceOptions}, and a subclass of the tests'
 * {@code SourceContract}.
 */
package io.jobwatch.source;
