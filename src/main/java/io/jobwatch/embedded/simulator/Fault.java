package io.jobwatch.embedded.simulator;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What the simulator can do wrong on the wire. A fault strikes single answers and never changes what happens to the jobs. */
public enum Fault {
    /** Status 503 with {@code Retry-After} and the service's own words. */
    UNAVAILABLE("503"),
    /** Status 500. */
    SERVER_ERROR("500"),
    /** The connection is closed in the middle of the body. */
    CUT("cut"),
    /** The body arrives in drops, over three seconds. */
    SLOW("slow"),
    /** An entity that is no job stands among the good ones of a listing; all good ones are there too. */
    BAD_ITEMS("bad-items");

    /** The text of {@code --faults} in the command line help. */
    public static final String HELP = """
            Faults on the wire, a comma-separated list; each strikes one request in ten, chosen by the seed. None of them changes
            what happens to the jobs, so jobwatch must publish the same as without them.
              503        answers "Server is busy" with Retry-After: 1
              500        answers an internal error
              cut        closes the connection in the middle of the body
              slow       lets the body drip for three seconds
              bad-items  puts an entity without an id, or with values of wrong types, into a listing
              all        all of these""";

    private final String word;

    Fault(String word) {
        this.word = word;
    }

    /** {@return the fault's name on the command line} */
    public String word() {
        return word;
    }

    /**
     * Reads a list as in {@link #HELP}.
     *
     * @param list words with commas between; blank for no faults
     * @throws IllegalArgumentException if a word is no fault; the message says which word, and what is allowed
     */
    public static Set<Fault> parse(String list) {
        Set<Fault> faults = EnumSet.noneOf(Fault.class);
        for (String part : list.split(",")) {
            String wanted = part.strip().toLowerCase(Locale.ROOT);
            if (wanted.equals("all")) {
                faults.addAll(EnumSet.allOf(Fault.class));
            } else if (!wanted.isEmpty()) {
                faults.add(of(wanted));
            }
        }
        return faults;
    }

    private static Fault of(String wanted) {
        return Arrays.stream(values()).filter(fault -> fault.word.equals(wanted)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such fault: \"" + wanted + "\"; allowed are "
                        + Arrays.stream(values()).map(Fault::word).collect(Collectors.joining(", ")) + " and all"));
    }
}
