package ledger.query.limit;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import ledger.http.Caches;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.cache.CacheManager;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where answers are remembered: in the process, or in the Redis that is named. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CacheConfiguration.Redis.class)
class CacheConfiguration {

    static final String ACCESS = "access";
    static final Duration STALEST = Duration.ofSeconds(1);

    /** Where nothing is forgotten but by an event, something has to be in the end: after a rebuild, say. */
    private static final Duration OLDEST = Duration.ofSeconds(30);

    private static final int CUSTOMERS = 100_000;

    /** {@code url} is that of a Redis, or empty; {@code patience} is how long to wait for an answer of it. */
    @ConfigurationProperties("ledger.redis")
    record Redis(String url, @DefaultValue("100ms") Duration patience) {}

    @Bean
    CacheManager caches(Redis redis) {
        if (!redis.url.isBlank()) {
            return new SharedCaches(RedisURI.create(redis.url.strip()), redis.patience);
        }
        CaffeineCacheManager own = new CaffeineCacheManager(ACCESS);
        own.setCaffeine(Caches.builder().maximumSize(CUSTOMERS).expireAfterWrite(OLDEST));
        return own;
    }
}
