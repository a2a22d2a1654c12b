/**
 * A simulator of an encoding service: it speaks the Azure Media Services v2 REST protocol (OData 3) over HTTP and plays a script of jobs
 * that a seed determines wholly, on demand with faults on the wire. It keeps the truth, so that what jobwatch published can be held
 * against it. Its parts: the script, the clock that plays it, the documents, the protocol, and the faults between protocol and wire.
 */
package io.jobwatch.embedded.simulator;
