package io.jobwatch.cli;

import io.jobwatch.embedded.simulator.JobHistory;
import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobTransition;
import io.jobwatch.event.Task;
import io.jobwatch.job.JobStates;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Holds what the topics say against what the simulator knows: same final states, one report a stop with the errors that happened, every
 * published path a part of the true one.
 */
final class DemoTruth {

    private DemoTruth() {
    }

    /**
     * {@return what disagrees, a sentence each; empty when all is well}
     *
     * @param truth       what happened to each job
     * @param transitions by job id, in the order of the topic
     * @param reports     by job id
     */
    static List<String> disagreements(List<JobHistory> truth, Map<String, List<JobTransition>> transitions,
                                      Map<String, List<JobErrorReport>> reports) {
        List<String> found = new ArrayList<>();
        Map<String, List<JobTransition>> unexplained = new HashMap<>(transitions);
        for (JobHistory job : truth) {
            unexplained.remove(job.jobId());
            checkPath(job, transitions.getOrDefault(job.jobId(), List.of()), found);
            checkReports(job, reports.getOrDefault(job.jobId(), List.of()), found);
        }
        unexplained.keySet().forEach(jobId -> found.add(jobId + " has transitions and was never a job of the simulator"));
        return found;
    }

    private static void checkPath(JobHistory job, List<JobTransition> transitions, List<String> found) {
        if (transitions.isEmpty()) {
            found.add(job.jobId() + " has no transition");
            return;
        }
        JobState last = transitions.get(transitions.size() - 1).getCurrentState();
        if (last != job.state()) {
            found.add(job.jobId() + " ended " + last + " in the topic, " + job.state() + " in the simulator");
        }
        List<JobState> path = transitions.stream().map(JobTransition::getCurrentState).toList();
        if (!isPart(path, job.path())) {
            found.add(job.jobId() + " went " + path + " in the topic, " + job.path() + " in the simulator");
        }
        for (int i = 1; i < transitions.size(); i++) {
            if (transitions.get(i).getSequence() != transitions.get(i - 1).getSequence() + 1) {
                found.add(job.jobId() + " has sequence " + transitions.get(i).getSequence() + " after "
                        + transitions.get(i - 1).getSequence());
            }
        }
    }

    private static void checkReports(JobHistory job, List<JobErrorReport> reports, List<String> found) {
        int due = JobStates.isStopped(job.state()) ? 1 : 0;
        if (reports.size() != due) {
            found.add(job.jobId() + " (" + job.state() + ") has " + reports.size() + " reports instead of " + due);
            return;
        }
        for (JobErrorReport report : reports) {
            List<JobHistory.TaskError> errors = new ArrayList<>();
            for (Task task : report.getTasks()) {
                for (ErrorDetail error : task.getErrors()) {
                    errors.add(new JobHistory.TaskError(task.getTaskId(), error.getCode(), error.getMessage()));
                }
            }
            if (report.getState() != job.state() || report.getDetailsAvailable() && !errors.equals(job.errors())) {
                found.add(job.jobId() + " is reported as " + report.getState() + " with " + errors + ", the simulator says " + job.state()
                        + " with " + job.errors());
            }
        }
    }

    private static boolean isPart(List<JobState> path, List<JobState> whole) {
        Iterator<JobState> rest = whole.iterator();
        for (JobState state : path) {
            do {
                if (!rest.hasNext()) {
                    return false;
                }
            } while (rest.next() != state);
        }
        return true;
    }
}
