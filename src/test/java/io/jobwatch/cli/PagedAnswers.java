package io.jobwatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.cli.QueriedInstance.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/**
 * All pages of a list, read one after the other.
 *
 * @param endedAt when the last one was there, by {@link System#nanoTime()}
 */
record PagedAnswers(List<Answer> pages, long endedAt) {

    /**
     * Reads the pages.
     *
     * @param path    with a question mark in it
     * @param pause   between two pages, in nanoseconds
     * @param stopped ends the reading
     * @return empty where a page was refused, or the reading was ended
     */
    static Optional<PagedAnswers> ask(QueriedInstance instance, String path, long pause, BooleanSupplier stopped)
            throws InterruptedException {
        List<Answer> pages = new ArrayList<>();
        String cursor = null;
        do {
            Optional<Answer> answer = instance.ask(path + (cursor == null ? "" : "&cursor=" + cursor));
            if (answer.isEmpty() || stopped.getAsBoolean()) {
                return Optional.empty();
            }
            pages.add(answer.get());
            cursor = answer.get().json().get("nextCursor").textValue();
            LockSupport.parkNanos(pause);
        } while (cursor != null);
        return Optional.of(new PagedAnswers(pages, System.nanoTime()));
    }

    /** {@return everything that was committed by then and did not change while the pages were read must be in them} */
    long knownAt() {
        return pages.get(0).freshAt();
    }

    /** Tells each item with the answer that holds it. */
    void forEach(BiConsumer<JsonNode, Answer> item) {
        pages.forEach(page -> page.json().get("items").forEach(each -> item.accept(each, page)));
    }
}
