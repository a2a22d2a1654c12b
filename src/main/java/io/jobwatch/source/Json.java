package io.jobwatch.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** How sources read JSON: strictly, and with limits on what a hostile document may cost. */
public final class Json {

    /** Deeper than any answer of a job service, and shallow enough for recursive code. */
    static final int MAX_DEPTH = 64;

    /** Thread-safe. A string may be as long as a body, since cutting long texts is the reader's part: one of them must not spoil a page. */
    public static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(Bounds.BODY_BYTES)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {
    }

    /** {@return what is wrong with a document, and where, in one line} */
    public static String problem(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        return "not valid JSON: " + Printable.quote(e.getOriginalMessage()) + where;
    }
}
