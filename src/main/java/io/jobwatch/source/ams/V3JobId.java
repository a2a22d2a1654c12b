package io.jobwatch.source.ams;

import io.jobwatch.source.ServiceAddress;
import java.util.Optional;

/**
 * Which job: the name of a job is unique within its transform only. As text it is {@code transform/job}, which people type, the API's own
 * paths are made of, and stays what it is wherever the account is moved to. The full id of Azure Resource Manager would be none of these:
 * it begins with some hundred characters that are the same for all jobs of a source, and its case differs from answer to answer.
 *
 * @param transform the transform's name
 * @param job       the job's name
 */
record V3JobId(String transform, String job) {

    /** {@return whether a text can be the name of a transform or job} What a path takes for a step up or down can not. */
    static boolean isName(String text) {
        return !text.isEmpty() && !text.equals(".") && !text.equals("..");
    }

    /** {@return the id that {@link #text} wrote, or empty where it is none} */
    static Optional<V3JobId> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        V3JobId id = new V3JobId(plain(text.substring(0, slash)), plain(text.substring(slash + 1)));
        return isName(id.transform) && isName(id.job) && id.text().equals(text) ? Optional.of(id) : Optional.empty();
    }

    /** {@return the id as text; no two have the same, since a slash and a percent sign within a name are encoded} */
    String text() {
        return escaped(transform) + "/" + escaped(job);
    }

    /** {@return the path of the job below the account} */
    String resource() {
        return jobsOf(transform) + "/" + ServiceAddress.encode(job);
    }

    /** {@return the path of a transform's jobs below the account} */
    static String jobsOf(String transform) {
        return "transforms/" + ServiceAddress.encode(transform) + "/jobs";
    }

    private static String escaped(String name) {
        return name.replace("%", "%25").replace("/", "%2F");
    }

    private static String plain(String part) {
        return part.replace("%2F", "/").replace("%25", "%");
    }
}
