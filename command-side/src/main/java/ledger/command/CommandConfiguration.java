package ledger.command;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import javax.sql.DataSource;
import ledger.command.deadline.Deadlines;
import ledger.command.deadline.LedgerDeadlines;
import ledger.command.store.Appender;
import ledger.command.store.DerivedRows;
import ledger.command.store.Streams;
import ledger.http.Caller;
import ledger.http.HttpConventions;
import ledger.http.Traces;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/** What the command side is made of, alone or beside the query side in one process. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({LedgerDatabase.class, ClockController.Limit.class})
@Import({
    HttpConventions.class,
    CommandDescriptions.class,
    SubscriptionController.class,
    PlanController.class,
    UsageController.class,
    WhatIfController.class,
    CorrectionController.class,
    ClockController.class,
    DeadlineController.class
})
public class CommandConfiguration implements WebMvcConfigurer {

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new Intent.Resolver(new Caller.Resolver()));
    }

    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return Clock.systemUTC();
    }

    /** Not a candidate for what asks for "the" data source: beside the query side that is the other one. */
    @Bean(defaultCandidate = false)
    HikariDataSource ledgerDataSource(LedgerDatabase database) {
        Flyway.configure()
                .dataSource(database.url(), database.user(), database.password())
                .schemas("ledger")
                .locations("classpath:db/ledger")
                .load()
                .migrate();
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("ledger");
        pool.setJdbcUrl(database.url());
        pool.setUsername(database.user());
        pool.setPassword(database.password());
        pool.setMaximumPoolSize(database.connections());
        pool.setConnectionInitSql("set role ledger_command");
        pool.addDataSourceProperty("ApplicationName", "ledger-command");
        pool.addDataSourceProperty("tcpKeepAlive", "true");
        pool.addDataSourceProperty("socketTimeout", "30");
        pool.addDataSourceProperty("prepareThreshold", "1");
        return new HikariDataSource(pool);
    }

    /** The appender's one connection lasts as long as it works, and has settings of its own. */
    private static DataSource unpooled(HikariDataSource pool) {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(pool.getJdbcUrl());
        database.setUser(pool.getUsername());
        database.setPassword(pool.getPassword());
        database.setOptions("-c role=ledger_command");
        database.setApplicationName("ledger-appender");
        database.setTcpKeepAlive(true);
        database.setSocketTimeout(30);
        database.setPrepareThreshold(1);
        return database;
    }

    @Bean
    Streams streams(@Qualifier("ledgerDataSource") DataSource database) {
        return new Streams(database);
    }

    @Bean
    DerivedRows derivedRows(@Qualifier("ledgerDataSource") DataSource database) {
        return new DerivedRows(database);
    }

    @Bean
    Appender appender(@Qualifier("ledgerDataSource") HikariDataSource database, MeterRegistry metrics) {
        return new Appender(unpooled(database), metrics);
    }

    @Bean
    TenantTime tenantTime(Clock clock, @Qualifier("ledgerDataSource") DataSource database) {
        return new TenantTime(clock, database);
    }

    @Bean
    Aggregates aggregates(Appender appender, Streams streams, TenantTime time, Traces traces) {
        return new Aggregates(appender, streams, time, new LedgerDeadlines(), traces);
    }

    @Bean
    CommandBus commandBus(Aggregates aggregates) {
        // Without transactions: the appender owns its own, and a waiting command holds no connection.
        CommandBus bus = SimpleCommandBus.builder().build();
        aggregates.subscribe(bus);
        return bus;
    }

    @Bean
    CommandMeter commandMeter(MeterRegistry metrics, Traces traces) {
        return new CommandMeter(metrics, traces);
    }

    @Bean
    Commands commands(CommandBus bus, Appender appender, Streams streams, JsonMapper json, CommandMeter meter) {
        CommandGateway gateway = DefaultCommandGateway.builder().commandBus(bus).build();
        return new Commands(gateway, appender, streams, json, meter);
    }

    @Bean
    Catalogue catalogue(Streams streams, MeterRegistry metrics) {
        return new Catalogue(streams, metrics);
    }

    @Bean
    Meters meters(Streams streams, Catalogue catalogue, TenantTime time) {
        return new Meters(streams, catalogue, time);
    }

    @Bean(initMethod = "start")
    Deadlines deadlines(
            @Qualifier("ledgerDataSource") DataSource database,
            Aggregates aggregates,
            Clock clock,
            MeterRegistry metrics) {
        return new Deadlines(database, aggregates, clock, metrics);
    }

    @Bean
    Vitals vitals(Streams streams, Deadlines deadlines) {
        return new Vitals(streams, deadlines);
    }

    @Bean
    HealthIndicator ledgerHealthIndicator(Vitals vitals) {
        return vitals.ledger();
    }

    @Bean
    HealthIndicator deadlinesHealthIndicator(Vitals vitals) {
        return vitals.deadlines();
    }
}
