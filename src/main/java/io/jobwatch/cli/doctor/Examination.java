package io.jobwatch.cli.doctor;

/** Looks at one thing. It writes nothing, there or here. */
public interface Examination {

    /** {@return what is looked at, in a word or two} */
    String subject();

    /**
     * {@return what was found}
     *
     * @throws Exception if there was no looking; it becomes a finding
     */
    Result examine() throws Exception;
}
