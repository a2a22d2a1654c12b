package io.jobwatch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Keeps tests that change the networks of this machine, as containers do, from tests that cannot bear it, whichever process runs them: Chromium
 * ends all its requests with ERR_NETWORK_CHANGED whenever an interface comes or goes (its issue 41465264). A lock on a file in the folder for
 * temporary files, shared by those that change, exclusive to those that need stillness; {@code .ci/networks.py} takes it for scripts.
 */
public abstract class MachineNetworks implements BeforeAllCallback, AfterAllCallback {
    private static final Path LOCK = Path.of(System.getProperty("java.io.tmpdir"), "jobwatch-networks.lock");

    private final boolean shared;
    private FileChannel channel;

    private MachineNetworks(boolean shared) {
        this.shared = shared;
    }

    /** For a class that starts containers. */
    public static final class Change extends MachineNetworks {
        public Change() {
            super(true);
        }
    }

    /** For a class with a browser. */
    public static final class Stay extends MachineNetworks {
        public Stay() {
            super(false);
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        channel = FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        channel.lock(0, Long.MAX_VALUE, shared);
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        channel.close();
    }
}
