package io.jobwatch.report;

import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.Task;
import io.jobwatch.job.JobStates;

/**
 * The text of a report, the same on the console, in files and over HTTP. Its form is that of the event handler that clients of Media
 * Services used to write for themselves, so what reads their files can read these.
 */
public final class ReportText {
    private static final String STARS = "***************************\n";

    private ReportText() {
    }

    /** {@return the report as lines that end in {@code \n}, beginning and ending with a blank one} */
    public static String render(JobErrorReport report) {
        StringBuilder text = new StringBuilder(512);
        text.append("\nThe job stopped due to cancellation or an error.\n").append(STARS);
        field(text, "Job ID", PlainText.line(report.getJobId()));
        field(text, "Job Name", PlainText.line(report.getJobName()));
        field(text, "Job State", JobStates.label(report.getState()));
        field(text, "Job started (server UTC time)", PlainText.time(report.getStartedAt()));
        String account = isMediaServices(report.getSourceType()) ? "Media Services account" : "Account";
        field(text, account + " name", PlainText.line(report.getAccount()));
        field(text, account + " location", PlainText.line(report.getLocation()));
        if (report.getState() == JobState.ERROR) {
            text.append("Error Details: \n");
            appendDetails(text, report);
        }
        return text.append(STARS).append('\n').toString();
    }

    private static void appendDetails(StringBuilder text, JobErrorReport report) {
        if (!report.getDetailsAvailable()) {
            text.append("(details not available)\n");
            return;
        }
        for (Task task : report.getTasks()) {
            for (ErrorDetail error : task.getErrors()) {
                field(text, "  Task Id", PlainText.line(task.getTaskId()));
                field(text, "    Error Code", PlainText.line(error.getCode()));
                field(text, "    Error Message", PlainText.line(error.getMessage()));
                text.append('\n');
            }
        }
    }

    private static void field(StringBuilder text, String name, String value) {
        text.append(name).append(": ").append(value).append('\n');
    }

    private static boolean isMediaServices(String sourceType) {
        return sourceType.equals("ams-v2") || sourceType.equals("ams-v3");
    }
}
