package io.jobwatch.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What {@code /metrics} shows, read as strictly as Prometheus' text format 0.0.4 is written. */
final class Exposition {
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (NaN|[+-]?Inf|[-+0-9.eE]+)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\n\"])*)\"(?:,|$)");

    private final Map<String, Family> families = new LinkedHashMap<>();

    /** One metric, by the name that its TYPE line has. */
    record Family(String name, String type, String help, List<Sample> samples) {
    }

    /** @param name with the end that tells what it is, such as {@code _count} */
    record Sample(String name, Map<String, String> labels, double value) {
    }

    private Exposition() {
    }

    /** @throws AssertionError where the text does not follow the format */
    static Exposition parse(String text) {
        Exposition exposition = new Exposition();
        Map<String, String> helps = new HashMap<>();
        Set<String> seen = new HashSet<>();
        Family current = null;
        for (String line : text.split("\n")) {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# HELP ")) {
                helps.put(words[2], words.length == 4 ? words[3] : "");
            } else if (line.startsWith("# TYPE ")) {
                current = new Family(words[2], words[3], helps.getOrDefault(words[2], ""), new ArrayList<>());
                require(exposition.families.put(words[2], current) == null, "twice: " + line);
            } else if (!line.startsWith("#")) {
                Sample sample = sample(line);
                require(current != null && belongs(sample.name(), current), "without a TYPE of its own: " + line);
                require(seen.add(sample.name() + new TreeMap<>(sample.labels())), "twice: " + line);
                current.samples().add(sample);
            }
        }
        return exposition;
    }

    private static Sample sample(String line) {
        Matcher matcher = SAMPLE.matcher(line);
        require(matcher.matches(), "no sample: " + line);
        Map<String, String> labels = new LinkedHashMap<>();
        String list = Optional.ofNullable(matcher.group(2)).orElse("");
        Matcher label = LABEL.matcher(list);
        int end = 0;
        while (label.find() && label.start() == end) {
            require(labels.put(label.group(1), label.group(2)) == null, "a label twice: " + line);
            end = label.end();
        }
        require(end == list.length(), "labels that cannot be read: " + line);
        return new Sample(matcher.group(1), labels, Double.parseDouble(matcher.group(3).replace("Inf", "Infinity")));
    }

    private static boolean belongs(String sample, Family family) {
        return switch (family.type()) {
            case "histogram" -> sample.equals(family.name() + "_bucket") || isSum(sample, family);
            case "summary" -> isSum(sample, family);
            default -> sample.equals(family.name());
        };
    }

    private static boolean isSum(String sample, Family family) {
        return sample.equals(family.name() + "_count") || sample.equals(family.name() + "_sum");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    Map<String, Family> families() {
        return families;
    }

    long series() {
        return families.values().stream().mapToLong(family -> family.samples().size()).sum();
    }

    Stream<Sample> samples(String name) {
        return families.values().stream().flatMap(family -> family.samples().stream()).filter(sample -> sample.name().equals(name));
    }

    /** {@return the sum over the series that have these labels, given as name and value in turn} */
    double sum(String name, String... labels) {
        return samples(name).filter(sample -> {
            for (int i = 0; i < labels.length; i += 2) {
                if (!labels[i + 1].equals(sample.labels().get(labels[i]))) {
                    return false;
                }
            }
            return true;
        }).mapToDouble(Sample::value).sum();
    }

    /** {@return the samples of a name that are not zero, by the values of some labels, with a slash between} */
    Map<String, Long> counts(String name, String... labels) {
        Map<String, Long> counts = new TreeMap<>();
        samples(name).filter(sample -> sample.value() != 0).forEach(sample -> counts.merge(String.join("/",
                Stream.of(labels).map(sample.labels()::get).toList()), (long) sample.value(), Long::sum));
        return counts;
    }
}
