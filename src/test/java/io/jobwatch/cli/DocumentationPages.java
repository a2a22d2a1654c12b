package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The pages of this repository, by their lines. */
final class DocumentationPages {
    /** Built, downloaded, or none of ours. */
    private static final Set<String> NOT_OURS = Set.of("target", ".git", "node_modules");

    private DocumentationPages() {
    }

    /** A line of a page, and whether it is within a block of code. */
    record Line(Path page, int number, String text, boolean code) {
        @Override
        public String toString() {
            return page + ":" + number;
        }
    }

    static Set<Path> all() throws IOException {
        Set<Path> pages = files(Path.of(""), ".md");
        assertThat(pages).contains(Path.of("README.md"), Path.of("ops/README.md"));
        return pages;
    }

    /** {@return the files of ours below a folder} */
    static Set<Path> files(Path top, String ending) throws IOException {
        Set<Path> files = new TreeSet<>();
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return NOT_OURS.contains(folder.getFileName().toString()) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(ending)) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    static List<Line> lines(Path page) throws IOException {
        return lines(page, Files.readAllLines(page));
    }

    /** {@return the lines of a page with this text, without those that begin and end a block of code} */
    static List<Line> lines(Path page, List<String> texts) {
        List<Line> lines = new ArrayList<>();
        String fence = null;
        int number = 0;
        for (String text : texts) {
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
}
