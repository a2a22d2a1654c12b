package io.jobwatch.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompatibilityLevelTest {
    private static final Schema ONE = SchemaBuilder.record("R").fields().requiredInt("a").endRecord();
    private static final Schema ADDS_OPTIONAL = SchemaBuilder.record("R").fields().requiredInt("a").optionalInt("b").endRecord();
    private static final Schema ADDS_REQUIRED = SchemaBuilder.record("R").fields().requiredInt("a").requiredInt("b").endRecord();
    private static final Schema DROPS_REQUIRED = SchemaBuilder.record("R").fields().optionalInt("c").endRecord();
    private static final Schema OTHER_TYPE = SchemaBuilder.record("R").fields().requiredString("a").endRecord();

    private static Schema named(String name) {
        return switch (name) {
            case "same" -> ONE;
            case "adds optional" -> ADDS_OPTIONAL;
            case "adds required" -> ADDS_REQUIRED;
            case "drops required" -> DROPS_REQUIRED;
            default -> OTHER_TYPE;
        };
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, other type, true",
        "BACKWARD, same, true", "BACKWARD, adds optional, true", "BACKWARD, adds required, false",
        "BACKWARD, drops required, true", "BACKWARD, other type, false",
        "FORWARD, same, true", "FORWARD, adds optional, true", "FORWARD, adds required, true",
        "FORWARD, drops required, false", "FORWARD, other type, false",
        "FULL, same, true", "FULL, adds optional, true", "FULL, adds required, false", "FULL, drops required, false",
    })
    void shouldJudgeAChange(CompatibilityLevel level, String change, boolean compatible) {
        List<String> conflicts = level.conflicts(named(change), List.of(ONE));

        assertThat(conflicts.isEmpty()).as("%s", conflicts).isEqualTo(compatible);
    }

    @ParameterizedTest
    @CsvSource({
        "BACKWARD, true", "BACKWARD_TRANSITIVE, false", "FORWARD, true", "FORWARD_TRANSITIVE, false",
        "FULL, true", "FULL_TRANSITIVE, false"})
    void shouldCompareWithTheLatestAloneUnlessTransitive(CompatibilityLevel level, boolean compatible) {
        assertThat(level.conflicts(ONE, List.of(OTHER_TYPE, ONE)).isEmpty()).isEqualTo(compatible);
    }

    @ParameterizedTest
    @CsvSource({"NONE", "FULL", "FULL_TRANSITIVE"})
    void shouldAcceptAnythingAsTheFirstVersion(CompatibilityLevel level) {
        assertThat(level.conflicts(ONE, List.of())).isEmpty();
    }

    @Test
    void shouldSayWhatIsWrongAndInWhichDirection() {
        assertThat(CompatibilityLevel.FULL.conflicts(ADDS_REQUIRED, List.of(ONE))).singleElement().asString()
                .contains("the new schema cannot read data of an earlier one", "READER_FIELD_MISSING_DEFAULT_VALUE", "b");
        assertThat(CompatibilityLevel.FULL.conflicts(DROPS_REQUIRED, List.of(ONE))).singleElement().asString()
                .contains("an earlier schema cannot read data of the new one", "a");
    }

    @Test
    void shouldKnowNamesInEveryCase() {
        assertThat(CompatibilityLevel.named("full_Transitive")).contains(CompatibilityLevel.FULL_TRANSITIVE);
        assertThat(CompatibilityLevel.named("SOME")).isEmpty();
    }
}
