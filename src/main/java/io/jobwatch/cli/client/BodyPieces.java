package io.jobwatch.cli.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A body that is taken piece by piece by one thread, which may wait for the next one with a limit. No more than one piece is held. */
final class BodyPieces implements BodySubscriber<BodyPieces> {

    /** One or the other: the next bytes, or why there are no more. */
    private record Piece(List<ByteBuffer> bytes, Throwable end) {
    }

    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();

    /** The body is there before its first byte: it may take a while. */
    @Override
    public CompletionStage<BodyPieces> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscribed.complete(subscription);
        subscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
        pieces.add(new Piece(bytes, null));
    }

    @Override
    public void onError(Throwable failure) {
        pieces.add(new Piece(List.of(), failure));
    }

    @Override
    public void onComplete() {
        pieces.add(new Piece(List.of(), new EOFException("it ended the stream")));
    }

    /**
     * {@return the next bytes, or empty where none came in time}
     *
     * @throws IOException if there are no more
     */
    Optional<List<ByteBuffer>> next(Duration within) throws IOException, InterruptedException {
        Piece piece = pieces.poll(within.toMillis(), TimeUnit.MILLISECONDS);
        if (piece == null) {
            return Optional.empty();
        }
        if (piece.end() != null) {
            pieces.add(piece);   // it stays the end
            throw piece.end() instanceof IOException failure ? failure : new IOException(piece.end());
        }
        subscribed.join().request(1);
        return Optional.of(piece.bytes());
    }

    /** Drops the connection. */
    void cancel() {
        subscribed.thenAccept(Flow.Subscription::cancel);
    }
}
