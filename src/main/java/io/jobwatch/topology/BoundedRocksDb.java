package io.jobwatch.topology;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Bounds the native memory of RocksDB over all stores of the process: one cache, which also accounts for the write buffers. By default
 * each store instance may take 50 MB of cache and 48 MB of write buffers of its own.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {
    private static final long CACHE_BYTES = 128L << 20;
    private static final long WRITE_BUFFER_BYTES = 64L << 20;

    static {
        RocksDB.loadLibrary();
    }

    private static final Cache CACHE = new LRUCache(CACHE_BYTES);
    private static final WriteBufferManager WRITE_BUFFERS = new WriteBufferManager(WRITE_BUFFER_BYTES, CACHE);

    private BloomFilter filter;

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        filter = new BloomFilter();
        table.setBlockCache(CACHE);
        table.setCacheIndexAndFilterBlocks(true);
        table.setPinL0FilterAndIndexBlocksInCache(true);
        // Most look-ups are for jobs that exist, but every new job asks in vain first.
        table.setFilterPolicy(filter);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(WRITE_BUFFERS);
        options.setCompressionType(CompressionType.LZ4_COMPRESSION);
    }

    /** Shows how much of the bound is used; it is the process's, whoever's the stores are. */
    public static void bindTo(MeterRegistry meters) {
        Gauge.builder("jobwatch.rocksdb.memory.bytes", CACHE, Cache::getUsage)
                .description("Memory outside the heap that all RocksDB stores use together").register(meters);
        Gauge.builder("jobwatch.rocksdb.memory.limit.bytes", () -> CACHE_BYTES)
                .description("Memory outside the heap that all RocksDB stores may use together").register(meters);
    }

    @Override
    public void close(String storeName, Options options) {
        filter.close();
    }
}
