package ledger.query.feed;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Configuration;

/**
 * How many streams may be open on a node, in all and for one caller; {@code longest} is when one that follows live ends, so that
 * its reader comes back with a token that is still good.
 */
@ConfigurationProperties("ledger.feed")
record FeedSettings(
        @DefaultValue("1000") int streams,
        @DefaultValue("250") int streamsOfOne,
        @DefaultValue("15m") Duration longest) {

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(FeedSettings.class)
    static class Enabled {}
}
