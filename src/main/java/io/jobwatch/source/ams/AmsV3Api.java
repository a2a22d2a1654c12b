package io.jobwatch.source.ams;

import io.jobwatch.config.AmsV3Options;
import io.jobwatch.config.AmsV3Options.Dialect;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.source.HttpAnswer;
import io.jobwatch.source.HttpExchange;
import io.jobwatch.source.RequestLimits;
import io.jobwatch.source.ServiceAddress;
import io.jobwatch.source.SourceException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * The requests of the v3 API in its two dialects. Both page by {@code @odata.nextLink}; of MK.IO a list is also read on where it is
 * only counted ({@code supplemental.pagination}) and not linked. MK.IO's documentation: docs.mediakind.com, Pagination and filtering.
 */
final class AmsV3Api implements AutoCloseable {

    /** What MK.IO is asked for in a page; Azure's pages are as long as it likes. */
    static final int MKIO_PAGE = 100;

    /** Azure allows a page that is empty though others follow; a list of nothing but such pages has no end. */
    private static final int MAX_PAGES_WITHOUT_NEWS = 10;

    private static final Map<String, String> HEADERS = Map.of("Accept", "application/json", "User-Agent", "jobwatch");

    private final HttpExchange http;
    private final ServiceAddress address;
    private final AmsV3Options options;

    /** @throws io.jobwatch.config.ConfigException if the source's url or auth cannot be used */
    AmsV3Api(SourceConfig config, AmsV3Options options, Clock clock, RequestLimits limits) {
        this.address = ServiceAddress.of(config);
        this.options = options;
        this.http = new HttpExchange(config, clock, limits);
    }

    /** {@return the answer for a single resource, whatever its status} */
    HttpAnswer get(String resource) throws SourceException, InterruptedException {
        return http.get(address.resolve(resource, query(List.of())), HEADERS);
    }

    /**
     * Reads a list to its end.
     *
     * @param parameters of the query, each with its name, percent-encoded
     * @param limit      how many entities it may have
     * @param taker      takes an entity and returns what tells it from the others of the list
     * @return when the first page was answered by the service's clock, where it tells
     */
    Optional<Instant> list(String resource, List<String> parameters, int limit, Function<ODataPage.Entity, Object> taker)
            throws SourceException, InterruptedException {
        List<String> paged = new ArrayList<>(parameters);
        if (options.dialect() == Dialect.MKIO) {
            paged.add("$top=" + MKIO_PAGE);
        }
        Set<URI> asked = new HashSet<>();
        Set<Object> seen = new HashSet<>();
        Optional<Instant> began = Optional.empty();
        int entities = 0;
        int withoutNews = 0;
        Optional<URI> next = Optional.of(address.resolve(resource, query(paged)));
        while (next.isPresent()) {
            asked.add(next.get());
            HttpAnswer answer = accepted(http.get(next.get(), HEADERS));
            began = began.or(answer::date);
            ODataPage page = ODataPage.read(answer);
            boolean news = false;
            for (ODataPage.Entity entity : page.entities()) {
                news |= seen.add(taker.apply(entity));
            }
            next = next(answer, page, resource, paged);
            if (next.filter(asked::contains).isPresent()) {
                throw answer.unusable("its link to the next page is one that was followed before");
            }
            withoutNews = news ? 0 : withoutNews + 1;
            if (next.isPresent() && withoutNews >= MAX_PAGES_WITHOUT_NEWS) {
                throw answer.unusable("the last " + withoutNews + " pages brought nothing new but announce more");
            }
            entities += page.entities().size();
            if (entities > limit) {
                throw answer.unusable("more than " + limit + " entities in the list");
            }
        }
        return began;
    }

    private Optional<URI> next(HttpAnswer answer, ODataPage page, String resource, List<String> parameters) throws SourceException {
        if (page.next().isPresent()) {
            return Optional.of(answer.link(page.next().get(), "the link to the next page"));
        }
        OptionalInt place = options.dialect() == Dialect.MKIO ? page.goesOnAt() : OptionalInt.empty();
        if (place.isEmpty()) {
            return Optional.empty();
        }
        List<String> further = new ArrayList<>(parameters);
        further.add("$skiptoken=" + place.getAsInt());
        return Optional.of(address.resolve(resource, query(further)));
    }

    private String query(List<String> parameters) {
        List<String> all = new ArrayList<>();
        options.apiVersion().ifPresent(version -> all.add("api-version=" + ServiceAddress.encode(version)));
        all.addAll(parameters);
        return String.join("&", all);
    }

    private static HttpAnswer accepted(HttpAnswer answer) throws SourceException {
        if (answer.status() != 404) {
            return answer.requireOk();
        }
        SourceException refused = answer.refused();
        throw new SourceException(refused.getMessage() + " (check the source's url and transforms)", refused.retryAfter(), refused);
    }

    @Override
    public void close() {
        http.close();
    }
}
