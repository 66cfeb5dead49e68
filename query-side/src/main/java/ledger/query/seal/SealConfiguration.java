package ledger.query.seal;

import org.flywaydb.core.Flyway;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SealSettings.class)
class SealConfiguration {

    /** The schema of the seal. It reads as ledger_query, which is made with the views. */
    @Bean(name = "sealSchema", initMethod = "migrate")
    @DependsOn("views")
    Flyway schema(JdbcConnectionDetails database) {
        return Flyway.configure()
                .dataSource(database.getJdbcUrl(), database.getUsername(), database.getPassword())
                .schemas("seal")
                .locations("classpath:db/seal")
                .load();
    }

    @Bean
    SealTables sealed(JdbcClient database) {
        return new SealTables(database);
    }
}
