package io.jobwatch.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What ops/metrics.md says, by its tables. */
final class MetricsPage {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** @param labels names of labels, in alphabetical order */
    record Metric(String name, String type, Set<String> labels, Set<String> roles, String meaning) {
    }

    /**
     * The values of a label.
     *
     * @param metrics  whose label it is; empty for all that are not named elsewhere
     * @param literals those that are told word for word
     * @param open     whether there are others, which are described
     */
    private record Label(String name, Set<String> metrics, Set<String> literals, boolean open) {
    }

    private final Map<String, Metric> metrics = new LinkedHashMap<>();
    private final List<Label> labels = new ArrayList<>();
    private final Set<String> kafka = new LinkedHashSet<>();
    private final Map<String, List<Double>> buckets = new LinkedHashMap<>();

    private MetricsPage() {
    }

    static MetricsPage read(Path page) throws IOException {
        MetricsPage result = new MetricsPage();
        List<String> header = List.of();
        for (String line : Files.readAllLines(page)) {
            if (!line.startsWith("|")) {
                header = List.of();
                continue;
            }
            List<String> cells = Arrays.stream(line.substring(1, line.length() - 1).split("\\|")).map(String::strip).toList();
            if (header.isEmpty()) {
                header = cells;
            } else if (!line.startsWith("|---")) {
                result.row(header, cells);
            }
        }
        return result;
    }

    private void row(List<String> header, List<String> cells) {
        switch (header.get(0)) {
            case "name" -> {
                if (header.size() == 2) {
                    kafka.addAll(codes(cells.get(0)));
                    return;
                }
                String name = codes(cells.get(0)).get(0);
                Metric metric = new Metric(name, cells.get(1), new LinkedHashSet<>(codes(cells.get(2)).stream().sorted().toList()),
                        Set.of(cells.get(3).split(", ")), cells.get(4));
                if (metrics.put(name, metric) != null) {
                    throw new AssertionError(name + " is there twice");
                }
            }
            case "label" -> {
                boolean open = !CODE.matcher(cells.get(2)).replaceAll("").replaceAll("[, ]", "").isEmpty();
                labels.add(new Label(codes(cells.get(0)).get(0), Set.copyOf(codes(cells.get(1))), Set.copyOf(codes(cells.get(2))), open));
            }
            case "histogram" -> codes(cells.get(0)).forEach(name -> buckets.put(name,
                    Arrays.stream(cells.get(1).split(", ")).map(Double::valueOf).toList()));
            default -> {
                // a table about something else
            }
        }
    }

    private static List<String> codes(String cell) {
        List<String> found = new ArrayList<>();
        Matcher matcher = CODE.matcher(cell);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    Map<String, Metric> metrics() {
        return metrics;
    }

    Set<String> kafka() {
        return kafka;
    }

    /** {@return the upper bounds of a histogram, ascending} */
    List<Double> buckets(String histogram) {
        return buckets.getOrDefault(histogram, List.of());
    }

    /** {@return whether the page says that a label of a metric can have the value} */
    boolean allows(String metric, String label, String value) {
        Label found = label(metric, label);
        return found.open() || found.literals().contains(value);
    }

    /** {@return the labels that the page describes and no metric on it has} */
    Set<String> unusedLabels() {
        return labels.stream().flatMap(label -> label.metrics().stream().map(metric -> metric + " " + label.name()))
                .filter(use -> {
                    Metric metric = metrics.get(use.split(" ")[0]);
                    return metric == null || !metric.labels().contains(use.split(" ")[1]);
                }).collect(Collectors.toSet());
    }

    private Label label(String metric, String name) {
        return labels.stream().filter(label -> label.name().equals(name) && label.metrics().contains(metric)).findFirst()
                .or(() -> labels.stream().filter(label -> label.name().equals(name) && label.metrics().isEmpty()).findFirst())
                .orElseThrow(() -> new AssertionError("the page does not say which values the label " + name + " of " + metric + " has"));
    }
}
