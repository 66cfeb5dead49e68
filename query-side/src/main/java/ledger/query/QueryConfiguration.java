package ledger.query;

import java.sql.Connection;
import java.time.Clock;
import java.util.List;
import javax.sql.DataSource;
import ledger.http.AuditTrail;
import ledger.http.HttpConventions;
import ledger.http.Prompt;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.jpa.autoconfigure.EntityManagerFactoryDependsOnPostProcessor;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.PropertySource;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The query side, to be imported by whatever runs it: {@link QuerySide} alone, or both sides in one process. */
@Configuration(proxyBeanMethods = false)
@Import(HttpConventions.class)
@ComponentScan(excludeFilters = @ComponentScan.Filter(SpringBootConfiguration.class))
@EntityScan
@EnableJpaRepositories
@PropertySource("classpath:ledger/query/query.properties")
public class QueryConfiguration implements WebMvcConfigurer {

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new AsOf.Resolver());
    }

    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    @ConditionalOnMissingBean
    static Versions versions() {
        return Versions.CURRENT;
    }

    @Bean
    static BeanPostProcessor tenantConnections(ObjectProvider<Versions> versions, ObjectProvider<Replica> replica) {
        return new TenantConnections.Wrapper(versions, replica);
    }

    @Bean
    AuditTrail auditTrail(DataSource ledger, TenantClock clock) {
        return new AuditTrail(ledger, clock::now, StoredJson::write);
    }

    /** Brings the schema of the views to its newest version, as the user that owns it; everything else is ledger_query. */
    @Bean(initMethod = "migrate")
    Flyway views(JdbcConnectionDetails database) {
        return Flyway.configure()
                .dataSource(database.getJdbcUrl(), database.getUsername(), database.getPassword())
                .schemas("views")
                .locations("classpath:db/views")
                .load();
    }

    @Bean
    HealthIndicator viewsHealthIndicator(DataSource database) {
        return () -> Prompt.health(() -> {
            try (Connection connection = database.getConnection()) {
                return new Health.Builder(connection.isValid(1) ? Status.UP : Status.DOWN);
            }
        });
    }

    @Bean
    static EntityManagerFactoryDependsOnPostProcessor migratedFirst() {
        return new EntityManagerFactoryDependsOnPostProcessor("views");
    }
}
