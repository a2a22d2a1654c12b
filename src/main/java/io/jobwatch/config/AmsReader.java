package io.jobwatch.config;

import io.jobwatch.config.AmsV3Options.Dialect;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what only sources of the Azure Media Services family have. */
final class AmsReader {
    private static final Kind<Reading> READING = Kind.oneOf(List.of(Reading.SNAPSHOT, Reading.ACTIVE_SET), Reading::word);
    private static final Kind<Dialect> DIALECT = Kind.oneOf(Dialect.class, Dialect::word);
    private static final Kind<String> API_VERSION =
            Kind.matching("a version of the API such as 2022-07-01", "[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?");
    /** Neither service allows these characters in a name; what has one of them is rather an address. */
    private static final Kind<String> TRANSFORM =
            Kind.matching("the name of a transform, without the path before it", "(?!\\.{1,2}$)[^/?#%\\p{Cntrl}]{1,260}");

    private AmsReader() {
    }

    static SourceOptions v2(Fields source) {
        Optional<Reading> reading = source.optional("reading", READING);
        return reading.isPresent() ? new AmsV2Options(reading.get()) : new SourceOptions.None();
    }

    /** @param url the source's, where it is readable: it usually shows the dialect */
    static SourceOptions v3(Fields source, Optional<URI> url) {
        List<String> transforms = source.get("transforms").map(AmsReader::transforms).orElse(List.of());
        Optional<Cursor> word = source.get("dialect");
        Optional<Dialect> dialect = word.isPresent() ? source.optional("dialect", DIALECT) : url.flatMap(Dialect::at);
        if (word.isEmpty() && url.isPresent() && dialect.isEmpty()) {
            source.missing("dialect", DIALECT.expected() + ", as the url does not show which it is");
        }
        boolean versioned = !dialect.equals(Optional.of(Dialect.MKIO));
        Optional<String> version = source.optional("api-version", API_VERSION);
        if (!versioned && version.isPresent()) {
            source.get("api-version").ifPresent(place -> place.problem("expected only where the dialect is arm, as MK.IO has no such key"));
        }
        return new AmsV3Options(dialect.orElse(Dialect.ARM), transforms,
                versioned ? version.or(() -> Optional.of(AmsV3Options.DEFAULT_API_VERSION)) : Optional.empty(),
                source.optional("reading", READING).orElse(AmsV3Options.DEFAULT_READING));
    }

    private static List<String> transforms(Cursor list) {
        List<String> names = new ArrayList<>();
        list.items().ifPresent(items -> {
            if (items.isEmpty()) {
                list.problem("expected at least one transform, or no such key to watch all of them");
            }
            items.forEach(item -> item.value(TRANSFORM).ifPresent(name -> add(names, name, item)));
        });
        return names;
    }

    private static void add(List<String> names, String name, Cursor place) {
        if (names.contains(name)) {
            place.problem("expected each transform once, found \"" + name + "\" again");
        }
        names.add(name);
    }
}
