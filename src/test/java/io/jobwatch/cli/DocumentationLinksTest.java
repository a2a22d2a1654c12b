package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the pages of this repository point at is there, and what they tell people to type is understood. Looks at files alone. */
class DocumentationLinksTest {
    private static final Pattern LINK = Pattern.compile("!?\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern CODE_SPAN = Pattern.compile("(`+)[^`].*?\\1");
    /** A comment, a character, or (1) a text. */
    private static final Pattern TOKEN = Pattern.compile("/\\*(?s:.*?)\\*/|//[^\n]*|'(?:\\\\.|[^'\\\\])++'"
            + "|(\"\"\"(?s:.*?)\"\"\"|\"[^\"\\\\\n]*+(?:\\\\.[^\"\\\\\n]*+)*+\")");
    private static final Pattern NAMED_PAGE = Pattern.compile("(?<![/.\\w])((?:[\\w-]+/)+[\\w-]+\\.md)(#[\\w-]+)?");
    private static final Pattern HEADING = Pattern.compile("#{1,6}\\s+(.*?)\\s*#*");
    /** Built, downloaded, or none of ours. */
    private static final Set<String> NOT_OURS = Set.of("target", ".git", "node_modules");

    /** A line of a page, and whether it is within a block of code. */
    private record Line(Path page, int number, String text, boolean code) {
        @Override
        public String toString() {
            return page + ":" + number;
        }
    }

    @Test
    void shouldPointAtFilesAndHeadingsThatAreThere() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path page : pages()) {
            for (Line line : lines(page)) {
                Matcher link = LINK.matcher(line.code() ? "" : CODE_SPAN.matcher(line.text()).replaceAll("code"));
                while (link.find()) {
                    links++;
                    missing(page, link.group(1)).ifPresent(why -> broken.add(line + ": " + why));
                }
            }
        }
        assertThat(links).isPositive();
        assertThat(broken).isEmpty();
    }

    /** Such as those in the findings of doctor. */
    @Test
    void shouldPointFromMessagesAtPagesAndHeadingsThatAreThere() throws IOException {
        List<String> broken = new ArrayList<>();
        int headings = 0;
        for (Path source : sources()) {
            // A text that was too long for its line is one again.
            String text = Files.readString(source).replaceAll("\"\\s*\\+\\s*\"", "");
            Matcher token = TOKEN.matcher(text);
            while (token.find()) {
                String literal = token.group(1) == null ? "" : token.group(1);
                Matcher page = NAMED_PAGE.matcher(literal);
                while (page.find()) {
                    headings += page.group(2) == null ? 0 : 1;
                    missing(Path.of("none.md"), page.group()).ifPresent(why -> broken.add(source + ": " + why));
                    if (page.group(2) == null && literal.startsWith(", ", page.end())) {
                        broken.add(source + ": " + literal + " names a section of " + page.group() + " other than by #its-heading");
                    }
                }
            }
        }
        assertThat(headings).isPositive();
        assertThat(broken).isEmpty();
    }

    @Test
    void shouldTellOnlyCommandsThatAreUnderstood() throws IOException {
        CommandLine commands = CommandLineInterface.commandLine();
        List<String> wrong = new ArrayList<>();
        int told = 0;
        for (Path page : pages()) {
            for (Line line : lines(page)) {
                String text = line.text().strip().replaceFirst("^\\$ ", "");
                if (!line.code() || !text.matches("(\\./)?jobwatch( .*)?")) {
                    continue;
                }
                told++;
                String[] words = words(text);
                try {
                    commands.parseArgs(words);
                } catch (CommandLine.ParameterException e) {
                    wrong.add(line + ": " + text + ": " + e.getMessage());
                }
            }
        }
        assertThat(told).isPositive();
        assertThat(wrong).isEmpty();
    }

    /** {@return the arguments of a command as a shell would give them, without what is for people: comments, and choices by a bar} */
    private static String[] words(String command) {
        String bare = command.replaceFirst("\\s+#.*", "").replaceFirst("\\s[|>&;].*", "");
        List<String> words = new ArrayList<>();
        Matcher word = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)").matcher(bare);
        while (word.find()) {
            String found = word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : word.group(3);
            words.add(found.contains("|") && found.matches("[a-z|-]+") ? found.substring(0, found.indexOf('|')) : found);
        }
        return words.subList(1, words.size()).toArray(String[]::new);
    }

    private static Optional<String> missing(Path page, String target) throws IOException {
        if (target.matches("[a-z][a-z0-9+.-]*:.*")) {
            return Optional.empty();   // elsewhere: the network is no part of a test
        }
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        if (!Files.exists(file)) {
            return Optional.of("points at " + file + ", which is not there");
        }
        if (parts.length == 2 && file.toString().endsWith(".md") && !anchors(file).contains(parts[1])) {
            return Optional.of("points at the heading #" + parts[1] + " of " + file + ", which has " + anchors(file));
        }
        return Optional.empty();
    }

    /** As GitHub makes them of headings. */
    private static Set<String> anchors(Path file) throws IOException {
        Set<String> anchors = new LinkedHashSet<>();
        Map<String, Integer> seen = new HashMap<>();
        for (Line line : lines(file)) {
            Matcher heading = HEADING.matcher(line.text());
            if (!line.code() && heading.matches()) {
                String anchor = heading.group(1).replaceAll("\\[([^\\]]*)]\\([^)]*\\)", "$1").toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-');
                int before = seen.merge(anchor, 1, Integer::sum) - 1;
                anchors.add(before == 0 ? anchor : anchor + "-" + before);
            }
        }
        return anchors;
    }

    private static List<Line> lines(Path page) throws IOException {
        List<Line> lines = new ArrayList<>();
        String fence = null;
        int number = 0;
        for (String text : Files.readAllLines(page)) {
            number++;
            String stripped = text.strip();
            if (fence == null && stripped.startsWith("```")) {
                fence = stripped.replaceFirst("[^`].*", "");
            } else if (fence != null && stripped.equals(fence)) {
                fence = null;
            } else {
                lines.add(new Line(page, number, text, fence != null));
            }
        }
        return lines;
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
        }
    }

    private static Set<Path> pages() throws IOException {
        Set<Path> pages = new TreeSet<>();
        Files.walkFileTree(Path.of(""), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return NOT_OURS.contains(folder.getFileName().toString()) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".md")) {
                    pages.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        assertThat(pages).contains(Path.of("README.md"), Path.of("ops/README.md"));
        return pages;
    }
}
