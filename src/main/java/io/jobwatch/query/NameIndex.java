package io.jobwatch.query;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.roaringbitmap.RoaringBitmap;

/**
 * Finds what may have a text in its name, in any case: for each three characters in a row, a bitmap of the names that hold them. It may
 * find too much and never too little, so whoever asks looks at the names.
 *
 * <p>The characters are hashed into a fixed number of bitmaps, so that names made of ever new characters cost no more memory than others.
 * One thread writes, any number reads; bitmaps bear no reading while they are written, so a lock keeps the two apart, for microseconds.
 *
 * @param <E> what has a name
 */
final class NameIndex<E> {
    private static final int GRAM = 3;
    private static final int BITMAPS = 1 << 16;
    private static final int CHUNK_BITS = 14;
    private static final int CHUNK = 1 << CHUNK_BITS;
    /** The rarest say nearly all that there is to say; a long text would cost a look at each of its bitmaps. */
    private static final int MOST_GRAMS = 8;

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final RoaringBitmap[] byGram = new RoaringBitmap[BITMAPS];
    private final RoaringBitmap free = new RoaringBitmap();
    private final List<AtomicReferenceArray<E>> chunks = new CopyOnWriteArrayList<>();
    private int next;

    /** {@return whether a name can be found by this index, a text be asked} */
    static boolean isLongEnough(String text) {
        return text.codePointCount(0, text.length()) >= GRAM;
    }

    /** Adds a name and returns its ordinal. What has the name is to be {@link #set} before anyone needs to find it. */
    int add(String name) {
        lock.writeLock().lock();
        try {
            int ordinal = free.isEmpty() ? next++ : free.first();
            free.remove(ordinal);
            grams(name).forEach(gram -> {
                if (byGram[gram] == null) {
                    byGram[gram] = new RoaringBitmap();
                }
                byGram[gram].add(ordinal);
            });
            if (ordinal >> CHUNK_BITS == chunks.size()) {
                chunks.add(new AtomicReferenceArray<>(CHUNK));
            }
            return ordinal;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Says what has the name of an ordinal now. */
    void set(int ordinal, E entry) {
        chunks.get(ordinal >> CHUNK_BITS).set(ordinal & CHUNK - 1, entry);
    }

    /** Forgets a name. */
    void remove(int ordinal, String name) {
        set(ordinal, null);
        lock.writeLock().lock();
        try {
            grams(name).forEach(gram -> {
                // A name may hold the same characters twice.
                if (byGram[gram] != null) {
                    byGram[gram].remove(ordinal);
                    byGram[gram] = byGram[gram].isEmpty() ? null : byGram[gram];
                }
            });
            free.add(ordinal);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /**
     * {@return what may have a text in its name, or empty where that would be too much}
     *
     * @param text long enough
     * @param most what is not too much
     */
    Optional<Stream<E>> candidates(String text, long most) {
        return ordinals(text, most).map(ordinals -> Arrays.stream(ordinals).mapToObj(this::get).filter(entry -> entry != null));
    }

    private E get(int ordinal) {
        return chunks.get(ordinal >> CHUNK_BITS).get(ordinal & CHUNK - 1);
    }

    private Optional<int[]> ordinals(String text, long most) {
        lock.readLock().lock();
        try {
            int[] grams = grams(text).distinct().toArray();
            if (Arrays.stream(grams).anyMatch(gram -> byGram[gram] == null)) {
                return Optional.of(new int[0]);
            }
            List<RoaringBitmap> rarest = Arrays.stream(grams).mapToObj(gram -> byGram[gram])
                    .sorted(Comparator.comparingInt(RoaringBitmap::getCardinality)).limit(MOST_GRAMS).toList();
            RoaringBitmap common = rarest.get(0);
            for (int i = 1; i < rarest.size(); i++) {
                common = RoaringBitmap.and(common, rarest.get(i));
            }
            return common.getCardinality() > most ? Optional.empty() : Optional.of(common.toArray());
        } finally {
            lock.readLock().unlock();
        }
    }

    /**
     * {@return the bitmaps of a text's characters, in its order} Characters that {@link String#regionMatches} takes for the same, ignoring
     * the case, are the same here.
     */
    private static IntStream grams(String text) {
        int[] folded = text.codePoints().map(character -> Character.toLowerCase(Character.toUpperCase(character))).toArray();
        return IntStream.rangeClosed(0, folded.length - GRAM).map(at -> {
            int hash = (folded[at] * 31 + folded[at + 1]) * 31 + folded[at + 2];
            return (hash * 0x9E3779B9) >>> 16;
        });
    }
}
