import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Takes the jar apart for an image: the native libraries of this platform beside it, those of all platforms out of it. They are more than
 * half of it, and a library within a jar has to be unpacked at each start, into a folder that allows programs: the data folder may not.
 *
 * <p>{@code java Layout.java JAR FOLDER} writes FOLDER/jobwatch.jar and FOLDER/lib.
 */
public final class Layout {
    private static final Pattern NATIVE = Pattern.compile(".*\\.(so|dll|dylib|jnilib|a)");

    private Layout() {
    }

    /** Where the jar has the libraries of a platform, and by what names they are found in a folder. */
    private record Platform(String rocksdb, String snappy, String others) {
        static Platform current() {
            String name = System.getProperty("os.arch");
            return switch (name) {
                case "amd64" -> new Platform("linux64", "x86_64", "amd64");
                case "aarch64" -> new Platform("linux-aarch64", "aarch64", "aarch64");
                default -> throw new IllegalStateException("expected amd64 or aarch64, found " + name
                        + ": say in Layout.java where the jar has its libraries");
            };
        }

        Map<String, String> libraries(String zstd) {
            return Map.of("/librocksdbjni-" + rocksdb + ".so", "librocksdbjni-" + rocksdb + ".so",
                    "/org/xerial/snappy/native/Linux/" + snappy + "/libsnappyjava.so", "libsnappyjava.so",
                    "/net/jpountz/util/linux/" + others + "/liblz4-java.so", "liblz4-java.so",
                    "/linux/" + others + "/" + zstd, "libzstd-jni.so");
        }
    }

    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            System.err.println("usage: java Layout.java JAR FOLDER");
            System.exit(2);
        }
        Path jar = Path.of(args[1], "jobwatch.jar");
        Path lib = Files.createDirectories(Path.of(args[1], "lib"));
        Files.copy(Path.of(args[0]), jar, StandardCopyOption.REPLACE_EXISTING);
        // What is left is copied as it is, without being packed anew.
        try (FileSystem inside = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of())) {
            List<Path> natives;
            try (Stream<Path> all = Files.walk(inside.getPath("/"))) {
                natives = all.filter(path -> NATIVE.matcher(path.toString()).matches()).toList();
            }
            String zstd = natives.stream().map(path -> path.getFileName().toString()).filter(name -> name.startsWith("libzstd-jni-"))
                    .filter(name -> name.endsWith(".so")).findFirst()
                    .orElseThrow(() -> new IllegalStateException("there is no libzstd-jni in " + args[0]));
            for (Map.Entry<String, String> library : Platform.current().libraries(zstd).entrySet()) {
                Files.copy(inside.getPath(library.getKey()), lib.resolve(library.getValue()), StandardCopyOption.REPLACE_EXISTING);
            }
            for (Path path : natives) {
                Files.delete(path);
            }
        }
    }
}
