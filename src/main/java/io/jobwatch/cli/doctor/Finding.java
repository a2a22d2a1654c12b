package io.jobwatch.cli.doctor;

/**
 * Something that is wrong. The texts may quote names and messages of others, of any characters: make them harmless before they are shown.
 *
 * @param severity how bad it is
 * @param ailment  what kind of trouble; has a section in ops/doctor.md
 * @param subject  what it is about, such as a topic's name
 * @param found    what is so
 * @param expected what should be so
 * @param remedy   what to do: a command to be given, or a page to be read
 */
public record Finding(Severity severity, Ailment ailment, String subject, String found, String expected, String remedy) {

    static Finding warn(Ailment ailment, String subject, String found, String expected, String remedy) {
        return new Finding(Severity.WARN, ailment, subject, found, expected, remedy);
    }

    static Finding fail(Ailment ailment, String subject, String found, String expected, String remedy) {
        return new Finding(Severity.FAIL, ailment, subject, found, expected, remedy);
    }
}
