package io.jobwatch;

import io.jobwatch.cli.CommandLineInterface;

/** The main class. */
public final class Jobwatch {

    private Jobwatch() {
    }

    public static void main(String[] args) {
        System.exit(CommandLineInterface.run(args));
    }
}
