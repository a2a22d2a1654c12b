package io.jobwatch.event;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A released version as {@code schemas/release.sh} left it: schemas, and the sums that were taken of them. */
final class FrozenVersion {
    private static final String SUMS = "SHA256SUMS";
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) [ *](.+)");

    private FrozenVersion() {
    }

    /** {@return what was done to the folder since; empty where it is as it was released} */
    static List<String> problems(Path folder) throws IOException {
        Map<String, String> sums = sums(folder);
        Set<String> files;
        try (Stream<Path> found = Files.list(folder)) {
            files = found.map(path -> path.getFileName().toString()).filter(name -> !name.equals(SUMS))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        List<String> problems = new ArrayList<>();
        for (Map.Entry<String, String> frozen : sums.entrySet()) {
            String name = frozen.getKey();
            if (!files.remove(name)) {
                problems.add(folder.resolve(name) + " was released and is missing: restore it");
            } else if (!sha256(folder.resolve(name)).equals(frozen.getValue())) {
                problems.add(folder.resolve(name) + " was released and has changed: restore it, and change schemas/" + name + " instead");
            }
        }
        files.forEach(name -> problems.add(folder.resolve(name) + " was not released, it has no sum in " + SUMS + ": remove it"));
        return problems;
    }

    private static Map<String, String> sums(Path folder) throws IOException {
        Map<String, String> sums = new TreeMap<>();
        for (String line : Files.readAllLines(folder.resolve(SUMS))) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new IOException(folder.resolve(SUMS) + ": expected lines of sha256sum, found: " + line);
            }
            sums.put(matcher.group(2), matcher.group(1));
        }
        return sums;
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
