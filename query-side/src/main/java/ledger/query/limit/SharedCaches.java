package ledger.query.limit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import ledger.query.StoredJson;
import ledger.query.limit.EntitlementCache.Known;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.cache.RedisCache;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.cache.RedisCacheWriter.RedisCacheWriterConfigurer;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.serializer.RedisSerializationContext.SerializationPair;
import org.springframework.data.redis.serializer.RedisSerializer;
import tools.jackson.core.JacksonException;

/**
 * Caches in a Redis that nodes share. One that is away remembers nothing and fails nobody: each question waits a moment at
 * most, and after one in vain only one question a second tries again. What could not be evicted meanwhile has
 * expired by then.
 */
final class SharedCaches extends RedisCacheManager implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SharedCaches.class);
    private static final Duration RETRY = CacheConfiguration.STALEST;

    private final ClientResources resources;
    private final LettuceConnectionFactory connections;

    SharedCaches(RedisURI redis, Duration patience) {
        this(
                redis,
                patience,
                ClientResources.builder().reconnectDelay(Delay.constant(RETRY)).build());
    }

    private SharedCaches(RedisURI redis, Duration patience, ClientResources resources) {
        this(resources, connections(redis, patience, resources));
    }

    private SharedCaches(ClientResources resources, LettuceConnectionFactory connections) {
        super(
                RedisCacheWriter.create(connections, RedisCacheWriterConfigurer::immediateWrites),
                RedisCacheConfiguration.defaultCacheConfig()
                        .entryTtl(CacheConfiguration.STALEST)
                        .computePrefixWith(name -> "ledger:" + name + ":")
                        .serializeValuesWith(SerializationPair.fromSerializer(new Json())),
                CacheConfiguration.ACCESS);
        this.resources = resources;
        this.connections = connections;
    }

    private static LettuceConnectionFactory connections(RedisURI redis, Duration patience, ClientResources resources) {
        LettuceConnectionFactory connections = new LettuceConnectionFactory(
                LettuceConnectionFactory.createRedisConfiguration(redis),
                LettuceClientConfiguration.builder()
                        .apply(redis)
                        .commandTimeout(patience)
                        .clientResources(resources)
                        .clientOptions(ClientOptions.builder()
                                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                                .socketOptions(SocketOptions.builder()
                                        .connectTimeout(patience)
                                        .build())
                                .build())
                        .build());
        connections.afterPropertiesSet();
        return connections;
    }

    /** Finds out whether there is any before somebody waits for it. */
    @Override
    public void initializeCaches() {
        super.initializeCaches();
        getCacheNames().forEach(name -> Objects.requireNonNull(getCache(name)).get("anything"));
    }

    @Override
    protected RedisCache createRedisCache(String name, @Nullable RedisCacheConfiguration configuration) {
        return new Patient(
                name, getCacheWriter(), configuration == null ? getDefaultCacheConfiguration() : configuration);
    }

    @Override
    public void close() {
        connections.destroy();
        resources.shutdown(0, 1, TimeUnit.SECONDS);
    }

    private static final class Patient extends RedisCache {

        private static final long THERE = 0;

        /** {@link #THERE}, or when to try again, by the nanosecond clock. */
        private final AtomicLong away = new AtomicLong(THERE);

        Patient(String name, RedisCacheWriter writer, RedisCacheConfiguration configuration) {
            super(name, writer, configuration);
        }

        @Override
        protected @Nullable Object lookup(Object key) {
            return ask(() -> super.lookup(key));
        }

        @Override
        public void put(Object key, @Nullable Object value) {
            ask(() -> {
                super.put(key, value);
                return null;
            });
        }

        @Override
        public void evict(Object key) {
            ask(() -> {
                super.evict(key);
                return null;
            });
        }

        private @Nullable Object ask(Supplier<@Nullable Object> question) {
            long tryAgain = away.get();
            long now = System.nanoTime();
            if (tryAgain != THERE && (now - tryAgain < 0 || !away.compareAndSet(tryAgain, now + RETRY.toNanos()))) {
                return null;
            }
            try {
                Object answer = question.get();
                if (tryAgain != THERE && away.getAndSet(THERE) != THERE) {
                    LOG.info("Redis is back");
                }
                return answer;
            } catch (DataAccessException e) {
                if (away.getAndSet(System.nanoTime() + RETRY.toNanos()) == THERE) {
                    LOG.warn("Redis is away; what it would remember is read from the views: {}", e.getMessage());
                }
                return null;
            }
        }
    }

    /** What another version of this program wrote, and this one cannot read, is not remembered. */
    private static final class Json implements RedisSerializer<Known> {

        @Override
        public byte[] serialize(@Nullable Known known) {
            return StoredJson.write(Objects.requireNonNull(known)).getBytes(UTF_8);
        }

        @Override
        public @Nullable Known deserialize(byte @Nullable [] json) {
            try {
                return json == null ? null : StoredJson.read(new String(json, UTF_8), Known.class);
            } catch (JacksonException _) {
                return null;
            }
        }
    }
}
