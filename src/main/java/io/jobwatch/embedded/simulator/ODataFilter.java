package io.jobwatch.embedded.simulator;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of OData 3's {@code $filter} that the simulator understands: comparisons of a property with a literal, {@code and}, {@code or}
 * and brackets. {@code and} binds closer. As in OData 3, a comparison with an absent value holds for {@code ne} only, and for
 * {@code eq null}.
 */
final class ODataFilter {

    private static final Pattern TOKEN =
            Pattern.compile("\\s*(datetime'[^']*'|'(?:[^']|'')*'|-?\\d+(?:\\.\\d+)?|[A-Za-z]+|[()])\\s*");

    /** What a job says of a property: a number, a text, an instant or nothing. */
    private static final Map<String, Function<JobView, Optional<?>>> PROPERTIES = Map.of(
            "Id", view -> Optional.of(view.job().id()),
            "Name", view -> Optional.of(view.job().name()),
            "State", view -> Optional.of(BigDecimal.valueOf(JobDocuments.code(view.state()))),
            "Priority", view -> Optional.of(BigDecimal.valueOf(view.job().priority())),
            "RunningDuration", view -> Optional.of(BigDecimal.valueOf(view.runningMillis())),
            "Created", view -> Optional.of(view.createdAt()),
            "LastModified", view -> Optional.of(view.lastModified()),
            "StartTime", JobView::startedAt,
            "EndTime", JobView::endedAt);

    private static final Map<String, IntPredicate> OPERATORS = Map.of(
            "eq", sign -> sign == 0, "ne", sign -> sign != 0,
            "gt", sign -> sign > 0, "ge", sign -> sign >= 0,
            "lt", sign -> sign < 0, "le", sign -> sign <= 0);

    private final List<String> tokens;
    private int next;

    private ODataFilter(List<String> tokens) {
        this.tokens = tokens;
    }

    /**
     * @param text the decoded value of {@code $filter}
     * @throws ODataException with status 400 if the text is not understood
     */
    static Predicate<JobView> parse(String text) {
        ODataFilter parser = new ODataFilter(tokens(text));
        Predicate<JobView> predicate = parser.or();
        if (parser.next < parser.tokens.size()) {
            throw ODataException.badRequest("$filter: did not expect \"" + parser.tokens.get(parser.next) + "\"");
        }
        return predicate;
    }

    private static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw ODataException.badRequest("$filter: syntax error at position " + at);
            }
            tokens.add(matcher.group(1));
            at = matcher.end();
        }
        return tokens;
    }

    private Predicate<JobView> or() {
        Predicate<JobView> left = and();
        while (accept("or")) {
            left = left.or(and());
        }
        return left;
    }

    private Predicate<JobView> and() {
        Predicate<JobView> left = term();
        while (accept("and")) {
            left = left.and(term());
        }
        return left;
    }

    private Predicate<JobView> term() {
        if (accept("(")) {
            Predicate<JobView> inner = or();
            if (!accept(")")) {
                throw ODataException.badRequest("$filter: a closing bracket is missing");
            }
            return inner;
        }
        String name = take("a property");
        Function<JobView, Optional<?>> property = PROPERTIES.get(name);
        if (property == null) {
            throw ODataException.badRequest("$filter: no property \"" + name + "\" to filter by");
        }
        String operator = take("an operator");
        IntPredicate wanted = OPERATORS.get(operator);
        if (wanted == null) {
            throw ODataException.badRequest("$filter: operator \"" + operator + "\" is not supported");
        }
        Optional<Object> literal = literal(take("a value"));
        return view -> holds(property.apply(view), operator, wanted, literal);
    }

    private static boolean holds(Optional<?> value, String operator, IntPredicate wanted, Optional<Object> literal) {
        if (value.isEmpty() || literal.isEmpty()) {
            boolean bothAbsent = value.isEmpty() && literal.isEmpty();
            return operator.equals("eq") && bothAbsent || operator.equals("ne") && !bothAbsent;
        }
        if (value.get().getClass() != literal.get().getClass()) {
            throw ODataException.badRequest("$filter: the two sides of \"" + operator + "\" are of different types");
        }
        @SuppressWarnings("unchecked") // the classes are equal, and numbers, texts and instants each compare with their own kind
        Comparable<Object> left = (Comparable<Object>) value.get();
        return wanted.test(left.compareTo(literal.get()));
    }

    private static Optional<Object> literal(String token) {
        if (token.equals("null")) {
            return Optional.empty();
        }
        if (token.startsWith("'")) {
            return Optional.of(token.substring(1, token.length() - 1).replace("''", "'"));
        }
        try {
            if (token.startsWith("datetime'")) {
                String time = token.substring("datetime'".length(), token.length() - 1).replaceFirst("Z$", "");
                return Optional.of(LocalDateTime.parse(time).toInstant(ZoneOffset.UTC));
            }
            return Optional.of(new BigDecimal(token));
        } catch (DateTimeException | NumberFormatException e) {
            throw ODataException.badRequest("$filter: cannot read the value " + token);
        }
    }

    private boolean accept(String word) {
        if (next < tokens.size() && tokens.get(next).equals(word)) {
            next++;
            return true;
        }
        return false;
    }

    private String take(String what) {
        if (next == tokens.size()) {
            throw ODataException.badRequest("$filter: expected " + what + " at the end");
        }
        return tokens.get(next++);
    }
}
