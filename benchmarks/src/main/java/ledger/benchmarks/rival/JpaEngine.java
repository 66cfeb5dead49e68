package ledger.benchmarks.rival;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.sql.Types;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jpa.DomainEventEntry;
import org.axonframework.eventsourcing.eventstore.jpa.JpaEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jpa.SQLStateResolver;
import org.axonframework.serialization.Serializer;
import org.hibernate.boot.model.TypeContributions;
import org.hibernate.dialect.PostgreSQLDialect;
import org.hibernate.service.ServiceRegistry;
import org.hibernate.type.SqlTypes;
import org.hibernate.type.descriptor.jdbc.BinaryJdbcType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.orm.jpa.SharedEntityManagerCreator;

/** Axon's JPA engine, with payloads in the row as its guide advises, where stock Hibernate would make large objects of them. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EntityScan(basePackageClasses = DomainEventEntry.class)
class JpaEngine {

    @Bean
    EventStorageEngine engine(EntityManagerFactory factory, TransactionManager transactions, Serializer serializer) {
        EntityManager entities = SharedEntityManagerCreator.createSharedEntityManager(factory);
        return JpaEventStorageEngine.builder()
                .entityManagerProvider(() -> entities)
                .transactionManager(transactions)
                .eventSerializer(serializer)
                .snapshotSerializer(serializer)
                .persistenceExceptionResolver(new SQLStateResolver("23505"))
                .build();
    }

    /** From Axon's reference guide. */
    public static class Dialect extends PostgreSQLDialect {

        @Override
        protected String columnType(int type) {
            return type == SqlTypes.BLOB ? "bytea" : super.columnType(type);
        }

        @Override
        protected String castType(int type) {
            return type == SqlTypes.BLOB ? "bytea" : super.castType(type);
        }

        @Override
        public void contributeTypes(TypeContributions contributions, ServiceRegistry services) {
            super.contributeTypes(contributions, services);
            contributions
                    .getTypeConfiguration()
                    .getJdbcTypeRegistry()
                    .addDescriptor(Types.BLOB, BinaryJdbcType.INSTANCE);
        }
    }
}
