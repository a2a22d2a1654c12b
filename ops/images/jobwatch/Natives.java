import com.github.luben.zstd.Zstd;
import java.nio.charset.StandardCharsets;
import net.jpountz.lz4.LZ4Factory;
import org.rocksdb.RocksDB;
import org.xerial.snappy.Snappy;

/** Loads each native library as the image's program will; fails where one is not found or does not do its work. */
public final class Natives {

    private Natives() {
    }

    public static void main(String[] args) throws Exception {
        byte[] text = "each of these is asked for by a setting of a user".repeat(20).getBytes(StandardCharsets.US_ASCII);
        RocksDB.loadLibrary();
        if (Zstd.compress(text).length >= text.length || Snappy.compress(text).length >= text.length
                || LZ4Factory.nativeInstance().fastCompressor().compress(text).length >= text.length) {
            throw new IllegalStateException("a library does not compress");
        }
    }
}
