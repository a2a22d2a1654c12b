package io.jobwatch.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/**
 * Where and of what something was measured: numbers mean nothing without.
 *
 * @param commit  of the sources, marked where they were changed since
 * @param machine its processors, memory and system
 * @param java    the virtual machine
 * @param load    how busy the machine was at the end, by the system's own average over a minute; the benchmark alone makes about 2
 */
record Surroundings(String commit, String machine, String java, String load) {

    static Surroundings here() {
        String machine = Runtime.getRuntime().availableProcessors() + " × " + lineOf("/proc/cpuinfo", "model name", "an unknown processor")
                + ", " + memory() + ", " + lineOf("/etc/os-release", "PRETTY_NAME", System.getProperty("os.name")).replace("\"", "")
                + " (" + System.getProperty("os.name") + " " + System.getProperty("os.version") + ")";
        String java = System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version");
        return new Surroundings(git("describe", "--always", "--dirty", "--abbrev=9", "--exclude=*"), machine, java, lastMinute());
    }

    String describe() {
        return LocalDate.now(ZoneOffset.UTC) + ", commit " + commit + ", on " + machine + ", " + java + ", load average " + load + ".";
    }

    private static String memory() {
        String kibibytes = lineOf("/proc/meminfo", "MemTotal", "").replaceAll("[^0-9]", "");
        return kibibytes.isEmpty() ? "unknown memory" : Math.round(Long.parseLong(kibibytes) / 1024.0 / 1024.0) + " GiB";
    }

    private static String lastMinute() {
        try {
            return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
        } catch (IOException e) {
            return "unknown";   // no Linux
        }
    }

    /** {@return what follows the name and its separator in the first line that begins with the name} */
    private static String lineOf(String file, String name, String otherwise) {
        try {
            return Files.readAllLines(Path.of(file)).stream().filter(line -> line.startsWith(name)).findFirst()
                    .map(line -> line.replaceFirst("^[^:=]*[:=]\\s*", "")).orElse(otherwise);
        } catch (IOException e) {
            return otherwise;   // no Linux
        }
    }

    private static String git(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "git";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        try {
            Process git = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String answer = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 ? answer : "unknown";
        } catch (IOException e) {
            return "unknown";   // no git
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }
}
