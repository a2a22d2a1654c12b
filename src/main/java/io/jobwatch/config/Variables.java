package io.jobwatch.config;

import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts variables into texts: {@code ${NAME}}, {@code ${NAME:-default}} where NAME is unset or empty, and {@code $${} for <code>${</code>
 * itself.
 */
final class Variables {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)(}?)");
    private static final Pattern INSIDE = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(:-(.*))?", Pattern.DOTALL);

    private final Function<String, String> environment;

    /** @param environment gives null for a variable that is not set */
    Variables(Function<String, String> environment) {
        this.environment = environment;
    }

    /** A text cannot be resolved; the message says why and shows no value. */
    static final class UnresolvedException extends Exception {
        private static final long serialVersionUID = 1L;

        UnresolvedException(String message) {
            super(message);
        }
    }

    /** {@return the text with its variables} What they hold is taken as it is, and not searched for variables again. */
    String resolve(String text) throws UnresolvedException {
        StringBuilder result = new StringBuilder();
        Matcher matcher = REFERENCE.matcher(text);
        int end = 0;
        while (matcher.find()) {
            result.append(text, end, matcher.start());
            end = matcher.end();
            if (matcher.group(1) == null) {
                result.append("${");
            } else {
                result.append(value(matcher));
            }
        }
        return result.append(text, end, text.length()).toString();
    }

    private String value(Matcher reference) throws UnresolvedException {
        Matcher inside = INSIDE.matcher(reference.group(1));
        if (reference.group(2).isEmpty() || !inside.matches()) {
            throw new UnresolvedException(
                    "expected ${NAME} or ${NAME:-default} where a dollar sign and a brace stand; write $${ for the two themselves");
        }
        String name = inside.group(1);
        String fallback = inside.group(3);
        String value = environment.apply(name);
        if (fallback != null) {
            return value == null || value.isEmpty() ? fallback : value;
        }
        if (value == null) {
            throw new UnresolvedException("the environment variable " + name + " is not set; set it, or write ${" + name + ":-default}");
        }
        return value;
    }
}
