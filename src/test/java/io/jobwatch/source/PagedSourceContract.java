package io.jobwatch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.source.FakeService.Reply;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a source promises besides where its service lists in pages. */
public abstract class PagedSourceContract extends SourceContract {

    /** {@return how many items the service puts on a page, as {@link #answer} does} */
    protected abstract int pageSize();

    @Test
    void shouldListAllPages() throws Exception {
        int count = 2 * pageSize() + 1;
        try (FakeService service = service(jobs(count, i -> running()))) {
            assertThat(list(service).jobs()).hasSize(count).extracting(ObservedJob::jobId).doesNotHaveDuplicates();
            assertThat(service.requests()).hasSizeGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void shouldEndWhereTheLastPageIsJustFull() throws Exception {
        try (FakeService service = service(jobs(2 * pageSize(), i -> running()))) {
            assertThat(list(service).jobs()).hasSize(2 * pageSize());
        }
    }

    @Test
    void shouldFailTheListingWhenAnyPageFails() throws Exception {
        Jobs jobs = jobs(2 * pageSize() + 1, i -> running());
        int requests;
        try (FakeService service = service(jobs)) {
            list(service);
            requests = service.requests().size();
        }
        for (int failing = 0; failing < requests; failing++) {
            int bad = failing;
            AtomicInteger asked = new AtomicInteger();
            try (FakeService service = new FakeService(request ->
                    asked.getAndIncrement() == bad ? Reply.status(500, "{}") : answer(request, jobs))) {
                assertThatThrownBy(() -> list(service)).as("request %d fails", bad).isInstanceOf(SourceException.class)
                        .hasMessageContaining("HTTP 500");
            }
        }
    }

    @Test
    void shouldFailWhenTheServiceRepeatsAPageForEver() throws Exception {
        Jobs jobs = jobs(2 * pageSize() + 1, i -> running());
        AtomicReference<Reply> page = new AtomicReference<>();
        try (FakeService service = new FakeService(request -> {
            page.compareAndSet(null, answer(request, jobs));
            return page.get();
        })) {
            assertThatThrownBy(() -> list(service)).isInstanceOf(SourceException.class).hasMessageContaining("cannot be used");
            assertThat(service.requests()).hasSizeLessThan(5);
        }
    }

    @Test
    void shouldFailWhenTheListNeverEnds() throws Exception {
        Jobs endless = new Jobs(new Endless(), Map.of());
        try (FakeService service = service(endless)) {
            assertThatThrownBy(() -> list(service)).isInstanceOf(SourceException.class)
                    .hasMessageContaining("more than").hasMessageContaining("cannot be used");
        }
    }

    /** Jobs without an end, made when they are asked for. */
    private final class Endless extends AbstractList<String> implements RandomAccess {
        @Override
        public String get(int index) {
            return item(jobId(index), running());
        }

        @Override
        public int size() {
            return Integer.MAX_VALUE;
        }

        @Override
        public List<String> subList(int from, int to) {
            return IntStream.range(from, to).mapToObj(this::get).toList();
        }
    }
}
