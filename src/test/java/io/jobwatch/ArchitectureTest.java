package io.jobwatch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;

/** Packages follow the flow of data, and each knows only those before it. */
@AnalyzeClasses(packages = "io.jobwatch", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String KAFKA = "org.apache.kafka..";
    /** What stands beside the flow and may be known to each part of it that talks to the cluster. */
    private static final String[] BESIDE = {"config", "log", "registry", "topic", "event"};

    @ArchTest
    static final ArchRule JOB_IS_PURE = classes().that().resideInAPackage(of("job"))
            .should().onlyDependOnClassesThat().resideInAnyPackage(of("job"), of("event"), "java..");

    @ArchTest
    static final ArchRule SOURCE_KNOWS_SERVICES_ONLY = onlyKnows("source", "job", "config", "event");

    @ArchTest
    static final ArchRule SOURCE_KNOWS_NO_KAFKA = noClasses().that().resideInAPackage(of("source"))
            .should().dependOnClassesThat().resideInAPackage(KAFKA);

    @ArchTest
    static final ArchRule POLL_COMES_AFTER_SOURCE = onlyKnows("poll", andBeside("job", "source"));

    @ArchTest
    static final ArchRule TOPOLOGY_COMES_AFTER_POLL = onlyKnows("topology", andBeside("job", "source", "poll"));

    @ArchTest
    static final ArchRule REPORT_COMES_AFTER_TOPOLOGY = onlyKnows("report", andBeside("job", "source", "poll", "topology"));

    @ArchTest
    static final ArchRule QUERY_COMES_LAST = onlyKnows("query",
            andBeside("job", "source", "poll", "topology", "report")).allowEmptyShould(true);

    /** It writes what the topology restores its stores from, by the names of the topics alone; no part of the flow knows of it. */
    @ArchTest
    static final ArchRule SEED_KNOWS_NO_PART_OF_THE_FLOW = onlyKnows("seed", andBeside());

    @ArchTest
    static final ArchRule CONFIG_KNOWS_EVENTS_ONLY = onlyKnows("config", "event");

    @ArchTest
    static final ArchRule LOG_KNOWS_NOTHING = onlyKnows("log");

    @ArchTest
    static final ArchRule REGISTRY_KNOWS_NO_TOPICS = onlyKnows("registry", "config", "event");

    @ArchTest
    static final ArchRule TOPIC_KNOWS_NOTHING_OF_THE_FLOW = onlyKnows("topic", "config", "registry", "event");

    @ArchTest
    static final ArchRule EMBEDDED_KNOWS_NOTHING_OF_THE_FLOW = onlyKnows("embedded", "config", "event");

    @ArchTest
    static final ArchRule EVENTS_ARE_FOR_EVERYONE = onlyKnows("event");

    @ArchTest
    static final ArchRule ONLY_THE_COMMANDS_EMBED = noClasses().that().resideOutsideOfPackages(of("cli"), of("embedded"))
            .should().dependOnClassesThat().resideInAPackage(of("embedded"));

    @ArchTest
    static final ArchRule ONLY_THE_MAIN_CLASS_KNOWS_THE_COMMANDS = noClasses().that().resideOutsideOfPackage(of("cli"))
            .and().doNotHaveFullyQualifiedName(Jobwatch.class.getName())
            .should().dependOnClassesThat().resideInAPackage(of("cli"));

    /** Another program than the server, as far as it goes: what it knows of it is the HTTP API. */
    @ArchTest
    static final ArchRule THE_CLIENT_KNOWS_NOTHING_OF_THE_SERVER = onlyKnows("cli.client", "config", "source");

    @ArchTest
    static final ArchRule SCREENS_KNOW_STATES_ONLY = onlyKnows("cli.screen", "job", "event");

    @ArchTest
    static final ArchRule LOGGING_IS_SLF4J = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

    /** What prints for people is given a stream. */
    @ArchTest
    static final ArchRule ONLY_THE_COMMANDS_OWN_THE_CONSOLE = noClasses().that().resideOutsideOfPackage(of("cli"))
            .and().doNotHaveFullyQualifiedName(Jobwatch.class.getName())
            .should(ACCESS_STANDARD_STREAMS);

    private static ArchRule onlyKnows(String name, String... others) {
        String[] allowed = Arrays.copyOf(Arrays.stream(others).map(ArchitectureTest::of).toArray(String[]::new), others.length + 1);
        allowed[others.length] = of(name);
        DescribedPredicate<JavaClass> foreign = JavaClass.Predicates.resideInAPackage("io.jobwatch..")
                .and(JavaClass.Predicates.resideOutsideOfPackages(allowed)).as("other parts of jobwatch than " + Arrays.toString(allowed));
        return noClasses().that().resideInAPackage(of(name)).should().dependOnClassesThat(foreign);
    }

    private static String[] andBeside(String... before) {
        String[] all = Arrays.copyOf(before, before.length + BESIDE.length);
        System.arraycopy(BESIDE, 0, all, before.length, BESIDE.length);
        return all;
    }

    private static String of(String name) {
        return "io.jobwatch." + name + "..";
    }
}
