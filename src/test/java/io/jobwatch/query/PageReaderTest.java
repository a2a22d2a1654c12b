package io.jobwatch.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PageReaderTest {
    private static final List<Place> PLACES = IntStream.range(0, 10).mapToObj(i -> new Place(1_000 - i, Integer.toString(i))).toList();
    private static final Optional<Position> END = Optional.of(PLACES.get(9).position());

    @Test
    void shouldEndAPageThatGrowsTooLargeAndGoOnAfterItsLastRecord() {
        PageReader<Integer> reader = reader(350);

        List<List<Integer>> pages = new ArrayList<>();
        Optional<Position> next = Optional.empty();
        do {
            Page<Integer> page = reader.read(new Page<>(after(next), END), any -> true);
            pages.add(page.items());
            next = page.next();
        } while (!next.equals(END));

        assertThat(pages).containsExactly(List.of(0, 1, 2, 3), List.of(4, 5, 6, 7), List.of(8, 9));
    }

    @Test
    void shouldReadAtLeastOneRecord() {
        Page<Integer> page = reader(1).read(new Page<>(PLACES, END), any -> true);

        assertThat(page).isEqualTo(new Page<>(List.of(0), Optional.of(PLACES.get(0).position())));
    }

    @Test
    void shouldCountWhatIsReadAndLeftOut() {
        Page<Integer> page = reader(350).read(new Page<>(PLACES, END), number -> number % 2 == 1);

        assertThat(page).isEqualTo(new Page<>(List.of(1, 3), Optional.of(PLACES.get(3).position())));
    }

    @Test
    void shouldKeepTheEndOfAListThatFits() {
        assertThat(reader(1_000).read(new Page<>(PLACES, Optional.empty()), any -> true).next()).isEmpty();
        assertThat(reader(1_000).read(new Page<>(PLACES, Optional.empty()), any -> true).items()).hasSize(10);
    }

    /** Each record has a hundred bytes, of which the first is its number. */
    private static PageReader<Integer> reader(long mostBytes) {
        return new PageReader<>(key -> {
            byte[] value = new byte[100];
            value[0] = Byte.parseByte(key);
            return value;
        }, value -> (int) value[0], mostBytes);
    }

    private static List<Place> after(Optional<Position> position) {
        return PLACES.stream().filter(place -> position.isEmpty() || place.compareTo(Place.of(position.get())) > 0).toList();
    }
}
