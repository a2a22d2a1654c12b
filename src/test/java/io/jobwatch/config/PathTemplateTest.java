package io.jobwatch.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathTemplateTest {

    @Test
    void shouldEncodeWhatStandsForAVariable() {
        PathTemplate template = PathTemplate.parse("jobs/{id}/x?since={since}&a=b%20c").orElseThrow();
        Map<String, String> values = Map.of("id", "a/../b ?#%$1", "since", ">=2026-11-22T10:15:30+01:00&x=y");
        assertThat(template.path(values)).isEqualTo("jobs/a%2F..%2Fb%20%3F%23%25%241/x");
        assertThat(template.query(values)).isEqualTo("since=%3E%3D2026-11-22T10%3A15%3A30%2B01%3A00%26x%3Dy&a=b%20c");
        assertThat(template.variables()).containsExactlyInAnyOrder("id", "since");
    }

    @Test
    void shouldLeaveOutAParameterWithoutAValue() {
        PathTemplate template = PathTemplate.parse("jobs?a=1&page={token}&b=2").orElseThrow();
        assertThat(template.query(Map.of())).isEqualTo("a=1&b=2");
        assertThat(template.query(Map.of("token", ""))).isEqualTo("a=1&page=&b=2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/jobs", "?a=b", "../jobs", "a/../b", "a/./b", "a//b", "jobs#x", "a b", "jobs/{ID}", "jobs/{", "a%zz"})
    void shouldRefuseWhatIsNoPathBelowAnAddress(String text) {
        assertThat(PathTemplate.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {".", ".."})
    void shouldRefuseAValueThatWouldLeadElsewhere(String id) {
        PathTemplate template = PathTemplate.parse("jobs/{id}").orElseThrow();
        assertThatThrownBy(() -> template.path(Map.of("id", id))).isInstanceOf(IllegalArgumentException.class);
        assertThat(PathTemplate.parse("jobs/x{id}").orElseThrow().path(Map.of("id", id))).isEqualTo("jobs/x" + id);
    }

    @Property(tries = 200)
    void shouldNeverLeaveItsPlaceWhateverTheIdIs(@ForAll String id) {
        PathTemplate template = PathTemplate.parse("jobs/{id}/tasks").orElseThrow();
        if (id.equals(".") || id.equals("..")) {
            return;
        }
        String path = "/" + template.path(Map.of("id", id));
        URI uri = URI.create("http://host" + path);
        assertThat(uri.getRawPath()).isEqualTo(path);
        assertThat(uri.getRawQuery()).isNull();
        assertThat(path.chars().filter(c -> c == '/').count()).isEqualTo(3);
        assertThat(path).startsWith("/jobs/").endsWith("/tasks");
    }
}
