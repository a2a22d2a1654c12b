/**
 * jobwatch: watches the jobs of remote services. Here is the main class alone; the packages follow the flow of what is seen: {@code job},
 * {@code source}, {@code poll}, {@code topology}, {@code report}, {@code query}, and beside them {@code config}, {@code topic},
 * {@code registry}, {@code embedded} and {@code cli}.
 */
package io.jobwatch;
