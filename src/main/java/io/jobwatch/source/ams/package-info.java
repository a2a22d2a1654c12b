/**
 * Sources of the Azure Media Services family. Version 2 speaks OData 3 over REST; the service itself was retired on 2024-06-30, its
 * protocol lives on in servers that speak it. Version 3 is an API of Azure Resource Manager, which MK.IO took over. Facts are from the
 * services' REST references.
 */
package io.jobwatch.source.ams;
