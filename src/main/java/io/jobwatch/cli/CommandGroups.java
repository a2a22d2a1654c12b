package io.jobwatch.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Lists the commands in the help by what they are for. One that is in no group is listed last, so that none can be forgotten. */
final class CommandGroups {
    private static final List<String> ASK =
            List.of("summary", "jobs", "job", "explain", "failures", "alerts", "sources", "tail");
    private static final List<String> OPERATE =
            List.of("demo", "run", "check", "setup", "doctor", "seed", "dead-letters", "token", "simulate");
    private static final int NAME_COLUMNS = 16;

    private CommandGroups() {
    }

    static void showIn(CommandLine commands) {
        commands.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
        commands.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, CommandGroups::list);
    }

    private static String list(Help help) {
        Map<String, Help> left = new LinkedHashMap<>(help.subcommands());
        StringBuilder text = new StringBuilder();
        add(text, "%nRun it:%n", OPERATE, left, help);
        add(text, "%nAsk what runs:%n", ASK, left, help);
        add(text, "%nBeside it:%n", new ArrayList<>(left.keySet()), left, help);
        return text.toString();
    }

    private static void add(StringBuilder text, String heading, List<String> names, Map<String, Help> left, Help help) {
        CommandSpec spec = help.commandSpec();
        int width = spec.usageMessage().width();
        TextTable table = TextTable.forColumns(help.colorScheme(), new Column(NAME_COLUMNS, 2, Overflow.SPAN),
                new Column(width - NAME_COLUMNS, 2, Overflow.WRAP));
        table.setAdjustLineBreaksForWideCJKCharacters(spec.usageMessage().adjustLineBreaksForWideCJKCharacters());
        for (String name : names) {
            UsageMessageSpec usage = left.remove(name).commandSpec().usageMessage();
            String[] description = usage.header().length > 0 ? usage.header() : usage.description();
            table.addRowValues(help.colorScheme().commandText(name),
                    help.colorScheme().text(description.length == 0 ? "" : String.format(description[0])));
        }
        text.append(help.createHeading(heading)).append(table);
    }
}
