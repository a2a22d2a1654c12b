package io.jobwatch.cli.screen;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/** The terminal of this process, if it has one. */
public final class Terminal {
    private static final int NARROWEST = 40;

    private Terminal() {
    }

    /** {@return the screen of a command: a terminal where input and output are one, plain otherwise} */
    public static Screen screen(CommandSpec command) {
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        if (!attached()) {
            return Screen.plain(out, err);
        }
        return new Screen(out, err, OptionalInt.of(width(command, System::getenv)),
                obeys(System::getenv) && Ansi.AUTO.enabled());
    }

    /** {@return the name of the charset that standard output is read in} */
    public static String charset() {
        // The first is of Java 19 and later, the second of earlier ones at a terminal.
        return System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding", Charset.defaultCharset().name()));
    }

    /** {@return whether input and output are a terminal} */
    public static boolean attached() {
        Console console = System.console();
        return console != null && isTerminal(console);
    }

    /**
     * Asks for a line that does not appear on the terminal while it is typed.
     *
     * @return the line, empty at the end of the input
     * @throws IllegalStateException if there is no terminal; see {@link #attached}
     */
    public static String secret(String prompt) {
        if (!attached()) {
            throw new IllegalStateException("there is no terminal to ask at");
        }
        char[] typed = System.console().readPassword("%s", prompt);
        return typed == null ? "" : new String(typed);
    }

    /** {@return whether the terminal obeys escape sequences; TERM=dumb says that it does not} */
    public static boolean obeys(UnaryOperator<String> environment) {
        String type = environment.apply("TERM");
        return type != null && !type.isEmpty() && !type.equals("dumb");
    }

    /** {@return how many columns there are: COLUMNS where that is set, else what the terminal says} */
    public static int width(CommandSpec command, UnaryOperator<String> environment) {
        String columns = environment.apply("COLUMNS");
        if (columns != null && columns.matches("[1-9][0-9]{0,4}")) {
            return Math.max(NARROWEST, Integer.parseInt(columns));
        }
        boolean before = command.usageMessage().autoWidth();
        int width = command.usageMessage().autoWidth(true).width();   // picocli asks stty; 80 where there is none
        command.usageMessage().autoWidth(before);
        return width;
    }

    /** Since Java 22 a process has a console without a terminal, too, and a method that tells. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;   // an older Java: there is a console only at a terminal
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Console.isTerminal throws nothing", e);
        }
    }
}
