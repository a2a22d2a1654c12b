package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the pages of this repository point at is there. Looks at files alone. */
class DocumentationLinksTest {
    private static final Pattern LINK = Pattern.compile("!?\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern CODE_SPAN = Pattern.compile("(`+)[^`].*?\\1");
    private static final Pattern HEADING = Pattern.compile("#{1,6}\\s+(.*?)\\s*#*");
    /** A page in a message or a comment, with its anchor if it has one, and what looks like the words of a heading behind it. */
    private static final Pattern NAMED_PAGE = Pattern.compile("\\b((?:ops|schemas)/[\\w./-]*\\.md(?:#[\\w-]*)?)(, (?:[A-Z]|\" *$))?");
    /** Messages name pages by their paths from where this one is. */
    private static final Path ROOT_PAGE = Path.of("README.md");

    @Test
    void shouldPointAtFilesAndHeadingsThatAreThere() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path page : DocumentationPages.all()) {
            for (DocumentationPages.Line line : DocumentationPages.lines(page)) {
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

    @Test
    void shouldNameOnlyPagesAndHeadingsThatAreThereInWhatTheProgramSays() throws IOException {
        List<String> broken = new ArrayList<>();
        int named = 0;
        for (Path source : DocumentationPages.files(Path.of("src/main/java"), ".java")) {
            int number = 0;
            for (String text : Files.readAllLines(source)) {
                number++;
                Matcher name = NAMED_PAGE.matcher(text);
                while (name.find()) {
                    named++;
                    String at = source + ":" + number;
                    missing(ROOT_PAGE, name.group(1)).ifPresent(why -> broken.add(at + ": " + why));
                    if (name.group(2) != null) {
                        broken.add(at + ": names a heading of " + name.group(1) + " by its words: name it by its anchor, PAGE#ANCHOR");
                    }
                }
            }
        }
        assertThat(named).isPositive();
        assertThat(broken).isEmpty();
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
        for (DocumentationPages.Line line : DocumentationPages.lines(file)) {
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
}
