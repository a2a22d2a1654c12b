package io.jobwatch.config;

import com.fasterxml.jackson.core.JsonPointer;
import io.jobwatch.config.HttpJsonOptions.ErrorFields;
import io.jobwatch.config.HttpJsonOptions.ItemRequest;
import io.jobwatch.config.HttpJsonOptions.JobFields;
import io.jobwatch.config.HttpJsonOptions.ListRequest;
import io.jobwatch.config.HttpJsonOptions.StateTable;
import io.jobwatch.config.HttpJsonOptions.TaskFields;
import io.jobwatch.config.HttpJsonOptions.TaskRequest;
import io.jobwatch.event.JobState;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** Reads what only sources of type {@value #TYPE} have. */
final class HttpJsonReader {
    static final String TYPE = "http-json";

    /** A job has room for 32, some of which are jobwatch's own. */
    private static final int MAX_ATTRIBUTES = 30;

    private static final Kind<Reading> READING = Kind.oneOf(Reading.class, Reading::word);
    private static final Kind<JobState> STATE = Kind.oneOf(JobState.class, Enum::name);
    private static final Kind<JsonPointer> POINTER =
            new Kind<>("a JSON pointer, such as /status or /run/id, or \"\" for the whole", HttpJsonReader::pointer);
    /** Those that say something of the request or of the moment say nothing of the job. */
    private static final Set<Integer> NOT_OF_THE_JOB = Set.of(401, 403, 407, 408, 429);
    private static final Kind<Integer> STATUS = new Kind<>("a status from 400 to 499, but none of 401, 403, 407, 408 and 429",
            text -> Kind.integer(400, 499).parser().apply(text).filter(status -> !NOT_OF_THE_JOB.contains(status)));
    private static final Kind<DateForm> DATES = new Kind<>(
            "iso, epoch-seconds, epoch-millis, or a pattern such as yyyy-MM-dd HH:mm:ss", HttpJsonReader::dates);

    private HttpJsonReader() {
    }

    /** {@return what is configured, or empty where it is wrong} */
    static Optional<HttpJsonOptions> read(Fields source) {
        Reading reading = source.optional("reading", READING).orElse(Reading.SNAPSHOT);
        boolean timed = reading != Reading.SNAPSHOT;
        Optional<ListRequest> list = list(source, "list", timed ? Set.of("since") : Set.of(), Set.of());
        List<ListRequest> active = reading == Reading.ACTIVE_SET ? active(source) : List.of();
        Optional<ListRequest> later = Optional.empty();
        Duration overlap = HttpJsonOptions.DEFAULT_OVERLAP;
        Duration lookBack = HttpJsonOptions.DEFAULT_LOOK_BACK;
        if (timed) {
            String key = reading == Reading.FEED ? "changed" : "recent";
            boolean listTells = list.filter(request -> request.path().variables().contains("since")).isPresent();
            if (source.get(key).isPresent() || !listTells) {
                later = list(source, key, Set.of(), Set.of("since"));
            }
            overlap = source.optional("overlap", Kinds.DURATION).orElse(overlap);
            if (listTells) {
                lookBack = source.optional("look-back", Kinds.DURATION).orElse(lookBack);
            }
        }
        Optional<Fields> jobSection = source.requiredCursor("job", "how one job is asked for, such as {path: \"jobs/{id}\"}")
                .flatMap(Cursor::fields);
        Set<Integer> gone = new HashSet<>(Set.of(404));
        Optional<ItemRequest> job = jobSection.flatMap(section -> item(section, gone));
        Optional<TaskRequest> tasks = source.section("tasks").flatMap(HttpJsonReader::tasks);
        Optional<JobFields> fields = source.requiredCursor("fields", "a mapping of fields to JSON pointers").flatMap(Cursor::fields)
                .map(section -> jobFields(section, reading, source.get("tasks").isPresent()));
        Optional<StateTable> states = source.requiredCursor("states", "a mapping of the service's states to " + STATE.expected())
                .flatMap(Cursor::fields).map(HttpJsonReader::states);
        DateForm dates = source.optional("dates", DATES).orElseGet(DateForm.Iso::new);
        if (list.isEmpty() || job.isEmpty() || fields.isEmpty() || states.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new HttpJsonOptions(reading, list.get(), active, later, overlap, lookBack, job.get(), gone, tasks, fields.get(),
                states.get(), dates));
    }

    private static Optional<ListRequest> list(Fields parent, String key, Set<String> may, Set<String> must) {
        return parent.requiredCursor(key, "how the list is asked for, such as {path: \"jobs\", items: /jobs}")
                .flatMap(Cursor::fields).flatMap(section -> {
                    Optional<ListRequest> request = list(section, may, must);
                    section.finish();
                    return request;
                });
    }

    private static Optional<ListRequest> list(Fields section, Set<String> may, Set<String> must) {
        Optional<JsonPointer> items = section.required("items", POINTER);
        Optional<Paging> paging = section.get("paging").map(place -> place.fields().flatMap(HttpJsonReader::paging))
                .orElseGet(() -> Optional.of(new Paging.None()));
        Set<String> allowed = new HashSet<>(may);
        Set<String> needed = new HashSet<>(must);
        paging.ifPresent(how -> {
            if (how instanceof Paging.Page) {
                needed.add("page");
            } else if (how instanceof Paging.Offset) {
                needed.add("offset");
            } else if (how instanceof Paging.Token) {
                allowed.add("token");
            }
        });
        Optional<PathTemplate> path = section.required("path", path(allowed, needed));
        return path.isPresent() && items.isPresent() && paging.isPresent()
                ? Optional.of(new ListRequest(path.get(), items.get(), paging.get())) : Optional.empty();
    }

    private static Optional<Paging> paging(Fields paging) {
        Optional<Paging> how = paging.required("type", Kind.matching("one of none, link-header, page, offset, token",
                "none|link-header|page|offset|token")).flatMap(type -> switch (type) {
                    case "link-header" -> Optional.of(new Paging.LinkHeader());
                    case "page" -> Optional.of(new Paging.Page(paging.optional("first", Kind.integer(0, 1)).orElse(1), size(paging)));
                    case "offset" -> Optional.of(new Paging.Offset(size(paging)));
                    case "token" -> paging.required("next", POINTER).map(Paging.Token::new);
                    default -> Optional.of(new Paging.None());
                });
        if (how.isPresent()) {
            paging.finish();
        }
        return how;
    }

    private static OptionalInt size(Fields paging) {
        return paging.optional("size", Kind.integer(1, 100_000)).map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    /** One list, or several, for a service that tells only one state at a time. */
    private static List<ListRequest> active(Fields source) {
        List<ListRequest> active = new ArrayList<>();
        source.requiredCursor("active", "how the list of live jobs is asked for, or several such lists").ifPresent(place -> {
            List<Cursor> places = place.isList() ? place.items().orElse(List.of()) : List.of(place);
            if (places.isEmpty()) {
                place.problem("expected at least one list, found none");
            }
            for (Cursor each : places) {
                each.fields().ifPresent(section -> {
                    list(section, Set.of(), Set.of()).ifPresent(active::add);
                    section.finish();
                });
            }
        });
        return active;
    }

    private static Optional<ItemRequest> item(Fields section, Set<Integer> gone) {
        Optional<PathTemplate> path = section.required("path", path(Set.of(), Set.of("id")));
        JsonPointer item = section.optional("item", POINTER).orElse(JsonPointer.empty());
        section.get("gone").flatMap(Cursor::items).ifPresent(items -> items.forEach(each -> each.value(STATUS).ifPresent(gone::add)));
        section.finish();
        return path.map(found -> new ItemRequest(found, item));
    }

    private static Optional<TaskRequest> tasks(Fields section) {
        Optional<ListRequest> list = list(section, Set.of("attempt"), Set.of("id"));
        Optional<TaskFields> fields = section.requiredCursor("fields", "a mapping of fields to JSON pointers").flatMap(Cursor::fields)
                .map(HttpJsonReader::taskFields);
        section.finish();
        return list.isPresent() && fields.isPresent() ? Optional.of(new TaskRequest(list.get(), fields.get())) : Optional.empty();
    }

    private static JobFields jobFields(Fields fields, Reading reading, boolean hasTasks) {
        Map<String, Pointers> attributes = new HashMap<>();
        fields.section("attributes").ifPresent(section -> section.all().forEach((name, place) -> {
            if (name.startsWith("jobwatch.")) {
                place.problem("expected another name: those that begin with jobwatch. are jobwatch's own");
            }
            attributes.put(name, pointers(place));
        }));
        if (attributes.size() > MAX_ATTRIBUTES) {
            fields.get("attributes").ifPresent(place ->
                    place.problem("expected at most " + MAX_ATTRIBUTES + " attributes, found " + attributes.size()));
        }
        ErrorFields error = hasTasks ? ErrorFields.NONE : error(fields);
        JobFields read = new JobFields(required(fields, "id"), optional(fields, "name"), required(fields, "state"),
                optional(fields, "attempt"),
                reading == Reading.ACTIVE_SET ? required(fields, "created") : optional(fields, "created"),
                optional(fields, "started"), optional(fields, "ended"),
                reading == Reading.FEED ? required(fields, "changed") : Pointers.NONE,
                optional(fields, "progress"), optional(fields, "reason"), attributes, error);
        fields.finish();
        return read;
    }

    private static TaskFields taskFields(Fields fields) {
        TaskFields read = new TaskFields(required(fields, "id"), optional(fields, "name"), required(fields, "state"),
                optional(fields, "started"), optional(fields, "ended"), optional(fields, "progress"), error(fields));
        fields.finish();
        return read;
    }

    private static ErrorFields error(Fields fields) {
        return fields.section("error").map(section -> {
            ErrorFields error = new ErrorFields(section.optional("items", POINTER), optional(section, "code"),
                    optional(section, "message"));
            section.finish();
            return error;
        }).orElse(ErrorFields.NONE);
    }

    private static Pointers required(Fields fields, String key) {
        return fields.requiredCursor(key, POINTER.expected()).map(HttpJsonReader::pointers).orElse(Pointers.NONE);
    }

    private static Pointers optional(Fields fields, String key) {
        return fields.get(key).map(HttpJsonReader::pointers).orElse(Pointers.NONE);
    }

    private static Pointers pointers(Cursor place) {
        List<Cursor> places = place.isList() ? place.items().orElse(List.of()) : List.of(place);
        if (places.isEmpty()) {
            place.problem("expected " + POINTER.expected() + ", or a list of such, found an empty list");
        }
        return new Pointers(places.stream().flatMap(each -> each.value(POINTER).stream()).toList());
    }

    private static StateTable states(Fields states) {
        Map<String, JobState> table = new HashMap<>();
        JobState fallback = states.optional("default", STATE).orElse(JobState.UNKNOWN);
        states.all().forEach((word, place) -> {
            if (!word.equals("default")) {
                place.value(STATE).ifPresent(state -> table.put(word, state));
            }
        });
        return new StateTable(table, fallback);
    }

    private static Kind<PathTemplate> path(Set<String> may, Set<String> must) {
        Set<String> known = new TreeSet<>(may);
        known.addAll(must);
        String names = String.join(", ", known.stream().map(name -> "{" + name + "}").toList());
        String needed = String.join(" and ", new TreeSet<>(must).stream().map(name -> "{" + name + "}").toList());
        return new Kind<>("a path below url, percent-encoded, without a slash at its beginning"
                + (needed.isEmpty() ? "" : ", with " + needed)
                + (known.isEmpty() ? ", without variables here" : "; variables here: " + names),
                text -> PathTemplate.parse(text).filter(path -> known.containsAll(path.variables()) && path.variables().containsAll(must)));
    }

    private static Optional<JsonPointer> pointer(String text) {
        try {
            return Optional.of(JsonPointer.compile(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // the error says what is expected
        }
    }

    private static Optional<DateForm> dates(String text) {
        return switch (text) {
            case "iso" -> Optional.of(new DateForm.Iso());
            case "epoch-seconds" -> Optional.of(new DateForm.EpochSeconds());
            case "epoch-millis" -> Optional.of(new DateForm.EpochMillis());
            default -> pattern(text);
        };
    }

    private static Optional<DateForm> pattern(String text) {
        try {
            DateTimeFormatter.ofPattern(text, Locale.ROOT);
            // Without a day it says no date, and hardly anything but a word that was misspelt is such a pattern.
            return text.contains("d") && text.matches(".*[yu].*") && text.matches(".*[ML].*") ? Optional.of(new DateForm.Pattern(text))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // the error says what is expected
        }
    }
}
