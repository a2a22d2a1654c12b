package io.jobwatch.query.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", value = {
        "none                                   | false",
        "''                                     | false",
        "*/*                                    | false",
        "application/json                       | true",
        "Application/JSON; charset=utf-8        | true",
        "application/*                          | true",
        "text/plain, application/json           | false",
        "text/plain;q=0.4, application/json;q=0.5 | true",
        "application/json;q=0.1, */*            | false",
        "application/json, */*;q=0.1            | true",
        "application/json;q=0                   | false",
        "application/json;q=x                   | false",
        "text/html                              | false",
    })
    void shouldPreferJsonOnlyWhereItIsAskedForMoreThanText(String header, boolean expected) {
        assertThat(Accept.prefersJson(header)).isEqualTo(expected);
    }
}
