/**
 * Sources of the Azure Media Services family. Version 2 speaks OData 3 over REST; the service itself was retired on 2024-06-30, its
 * protocol lives on in servers that speak it. Facts are from the service's REST reference.
 */
package io.jobwatch.source.ams;
