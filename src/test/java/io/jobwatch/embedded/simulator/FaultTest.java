package io.jobwatch.embedded.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultTest {

    @Test
    void shouldReadEveryWordOfAList() {
        assertThat(Fault.parse("503, 500,cut,SLOW,bad-items")).containsExactlyInAnyOrder(Fault.values());
        assertThat(Fault.parse("all")).containsExactlyInAnyOrder(Fault.values());
        assertThat(Fault.parse(" ")).isEmpty();
    }

    @Test
    void shouldNameTheWordThatIsNoFaultAndWhatIsAllowed() {
        assertThatThrownBy(() -> Fault.parse("503,fire")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no such fault: \"fire\"; allowed are 503, 500, cut, slow, bad-items and all");
    }

    @Test
    void shouldExplainEveryFaultInTheHelp() {
        assertThat(Fault.HELP.lines().map(String::strip).map(line -> line.split(" ")[0]))
                .containsAll(Stream.of(Fault.values()).map(Fault::word).toList());
    }

    @Test
    void shouldStrikeTheSameRequestsForTheSameSeed() {
        assertThat(fates(1)).isEqualTo(fates(1)).isNotEqualTo(fates(2));
    }

    @Test
    void shouldStrikeWithEachFaultTheFractionOfRequestsThatIsAskedFor() {
        List<Optional<Fault>> fates = fates(4);
        assertThat(Fault.values()).allSatisfy(fault ->
                assertThat(fates.stream().filter(Optional.of(fault)::equals).count()).isBetween(150L, 250L));
    }

    @Test
    void shouldRefuseRatesThatCannotAllBeKept() {
        SimulatorSettings settings = SimulatorSettings.of(1, 1, 1);
        Set<Fault> all = EnumSet.allOf(Fault.class);
        assertThatThrownBy(() -> settings.withFaults(all, 0.5)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("0.5");
        assertThat(settings.withFaults(all, 0.2).faultRate()).isEqualTo(0.2);
    }

    private static List<Optional<Fault>> fates(long seed) {
        try (FaultyWire wire = new FaultyWire(SimulatorSettings.of(1, seed, 1).withFaults(EnumSet.allOf(Fault.class), 0.1))) {
            return Stream.generate(wire::next).limit(2000).toList();
        }
    }
}
