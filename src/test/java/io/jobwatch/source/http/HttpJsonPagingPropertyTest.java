package io.jobwatch.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.source.FakeService;
import io.jobwatch.source.FakeService.Reply;
import io.jobwatch.source.FakeService.Request;
import io.jobwatch.source.JobSource;
import io.jobwatch.source.JobSources;
import io.jobwatch.source.Listing;
import io.jobwatch.source.ObservedJob;
import io.jobwatch.source.SourceException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Every way of paging over a list that moves while it is read, against a service model on a real socket. */
class HttpJsonPagingPropertyTest {

    /** How the model pages. */
    enum Way {
        PAGE("path: \"jobs?page={page}\", items: /jobs, paging: {type: page}"),
        PAGE_FROM_0_WITH_SIZE("path: \"jobs?page={page}&size=%d\", items: /jobs, paging: {type: page, first: 0, size: %d}"),
        OFFSET("path: \"jobs?offset={offset}\", items: /jobs, paging: {type: offset}"),
        OFFSET_WITH_SIZE("path: \"jobs?offset={offset}\", items: /jobs, paging: {type: offset, size: %d}"),
        TOKEN("path: \"jobs?after={token}\", items: /jobs, paging: {type: token, next: /next}"),
        NEXT_ADDRESS("path: jobs, items: /jobs, paging: {type: token, next: /link}"),
        LINK_HEADER("path: jobs, items: /jobs, paging: {type: link-header}");

        private final String list;

        Way(String list) {
            this.list = list;
        }

        String options(int size) {
            return "list: {" + list.replace("%d", Integer.toString(size)) + "}\njob: {path: \"jobs/{id}\"}\n"
                    + HttpJson.FIELDS.formatted("");
        }
    }

    /** A list, the newest first, to which something may be added between two pages. Tokens name the last job of a page. */
    private static final class Model {
        private final List<Integer> jobs = new ArrayList<>();
        private final Way way;
        private final int size;
        private final int maxAdded;
        private final Random random;

        Model(Way way, int count, int size, int maxAdded, long seed) {
            this.way = way;
            this.size = size;
            this.maxAdded = maxAdded;
            this.random = new Random(seed);
            for (int i = 0; i < count; i++) {
                jobs.add(0, i);
            }
        }

        synchronized Reply answer(Request request) {
            int from = Math.min(from(request), jobs.size());
            List<Integer> page = List.copyOf(jobs.subList(from, Math.min(from + size, jobs.size())));
            boolean more = from + size < jobs.size();
            for (int added = more ? random.nextInt(maxAdded + 1) : 0; added > 0; added--) {
                jobs.add(0, jobs.size());
            }
            String last = page.isEmpty() ? "" : page.get(page.size() - 1).toString();
            String address = "/jobs?after=" + last;
            Reply reply = Reply.json(page.stream().map(id -> "{\"id\":" + id + ",\"state\":\"running\"}")
                    .collect(Collectors.joining(",", "{\"jobs\":[", "]"))
                    + (more ? ",\"next\":\"" + last + "\",\"link\":\"" + address + "\"}" : ",\"next\":\"\"}"));
            return more && way == Way.LINK_HEADER ? reply.with("Link", "<" + address + ">; rel=\"next\"") : reply;
        }

        private int from(Request request) {
            return switch (way) {
                case PAGE -> (number(request, "page") - 1) * size;
                case PAGE_FROM_0_WITH_SIZE -> number(request, "page") * size;
                case OFFSET, OFFSET_WITH_SIZE -> number(request, "offset");
                default -> request.parameter("after").map(last -> jobs.indexOf(Integer.valueOf(last)) + 1).orElse(0);
            };
        }

        private static int number(Request request, String name) {
            return Integer.parseInt(request.parameter(name).orElseThrow());
        }
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void shouldSeeEveryJobThatWasThereFromTheBeginningOnce(@ForAll Way way, @ForAll @IntRange(max = 40) int count,
            @ForAll @IntRange(min = 1, max = 7) int size, @ForAll long seed) throws Exception {
        // Fewer than a page are added at a time: more would push a whole page back, which looks as if paging were ignored.
        Model model = new Model(way, count, size, size - 1, seed);
        Set<String> before = model.jobs.stream().map(String::valueOf).collect(Collectors.toSet());
        List<String> seen = list(model);
        assertThat(seen).doesNotHaveDuplicates();
        assertThat(new HashSet<>(seen)).containsAll(before);
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void shouldFailRatherThanMissWhereTheListOutrunsTheReading(@ForAll Way way, @ForAll @IntRange(min = 1, max = 20) int count,
            @ForAll @IntRange(min = 1, max = 3) int size, @ForAll long seed) throws Exception {
        Model model = new Model(way, count, size, 2 * size, seed);
        Set<String> before = model.jobs.stream().map(String::valueOf).collect(Collectors.toSet());
        try {
            assertThat(new HashSet<>(list(model))).containsAll(before);
        } catch (SourceException e) {
            assertThat(e).hasMessageContaining("cannot be used");
        }
    }

    private static List<String> list(Model model) throws Exception {
        try (FakeService service = new FakeService(model::answer);
                JobSource source = JobSources.create(HttpJson.config(service.url(), model.way.options(model.size)), Clock.systemUTC())) {
            return ((Listing.Jobs) source.list(Optional.empty())).jobs().stream().map(ObservedJob::jobId).toList();
        }
    }
}
