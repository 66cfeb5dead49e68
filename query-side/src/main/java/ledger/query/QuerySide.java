package ledger.query;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The query side alone, over a PostgreSQL that it shares with any number of other processes of either side. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(QueryConfiguration.class)
public class QuerySide {

    public static void main(String[] arguments) {
        SpringApplication application = new SpringApplication(QuerySide.class);
        application.setDefaultProperties(Map.of("spring.config.name", "query-side"));
        application.run(arguments);
    }
}
