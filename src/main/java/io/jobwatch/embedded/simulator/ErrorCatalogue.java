package io.jobwatch.embedded.simulator;

import io.jobwatch.embedded.simulator.ScriptedJob.ScriptedError;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Errors as an encoder tells them. The codes are those of Media Services v2's ErrorDetail; the messages hold on purpose what breaks
 * careless readers: quotes, markup, backslashes, letters beyond ASCII and line breaks.
 */
final class ErrorCatalogue {

    /** Before the encoder runs: fetching the input. */
    private static final List<ScriptedError> FETCHING = List.of(
            new ScriptedError("ErrorDownloadingInputAssetMalformedContent",
                    "The input \"Grüße aus Köln.mp4\" could not be read: moov atom not found"),
            new ScriptedError("ErrorDownloadingInputAssetServiceFailure", "The storage account did not answer within 30 seconds."),
            new ScriptedError("ErrorParsingConfiguration", "The preset is not valid XML:\nline 14: element 'Bitrate' is not closed."));

    private static final List<ScriptedError> RUNNING = List.of(
            new ScriptedError("ErrorProcessingTask", "the input is malformed"),
            new ScriptedError("ErrorProcessingTask",
                    "An error has occurred. Stage: ApplyEncodeCommand.\nCode: System.NullReferenceException.\r\n   at Encoder.Run()"),
            new ScriptedError("ErrorExecutingTaskMalformedContent", "Frame 1042 of stream 0 has no key frame before it"),
            new ScriptedError("ErrorExecutingTaskUnsupportedFormat",
                    "Codec 'wmv9' in \"D:\\media\\Übersicht.wmv\" is not supported by <Preset>H264 Multiple Bitrate 1080p</Preset>"),
            new ScriptedError("ErrorUploadingOutputAsset", "The output container was deleted while the task ran."),
            new ScriptedError("TransientError", "Server is busy. Please try again – später."),
            new ScriptedError("Unknown", ""));

    private ErrorCatalogue() {
    }

    static ScriptedError fetching(RandomGenerator random) {
        return FETCHING.get(random.nextInt(FETCHING.size()));
    }

    static ScriptedError running(RandomGenerator random) {
        return RUNNING.get(random.nextInt(RUNNING.size()));
    }
}
